use crate::catalog::{Dimension, Direction, Kpi, KpiKind, Unit};
use crate::engine::KpiSources;
use crate::names::{self, Language};
use crate::proto;

/// A KPI as callers see it. `sources`: what it can be read from, if the database was looked at.
pub fn kpi(kpi: &Kpi, language: Language, sources: Option<&KpiSources>) -> proto::Kpi {
    let missing = sources.map(|sources| sources.missing.as_slice()).unwrap_or_default();
    proto::Kpi {
        id: kpi.id.into(),
        name: names::kpi(kpi.id, language).into(),
        definition: names::definition(kpi.id, language).into(),
        formula: kpi.formula.to_string(),
        unit: unit(kpi.unit).into(),
        kind: kind(kpi.kind).into(),
        family: kpi.family.id().into(),
        dimensions: kpi.dimensions().into_iter().map(|dimension| dimension.id().into()).collect(),
        direction: direction(kpi.direction).into(),
        additive_over_groups: kpi.adds_up_over_groups(),
        additive_over_time: kpi.adds_up_over_time(),
        available: sources.is_some_and(|sources| sources.available),
        missing: missing.iter().map(ToString::to_string).collect(),
        tables: kpi.tables().into_iter().map(str::to_owned).collect(),
    }
}

/// A dimension as callers see it.
pub fn dimension(dimension: Dimension, language: Language) -> proto::Dimension {
    proto::Dimension {
        id: dimension.id().into(),
        name: names::dimension(dimension.id(), language).into(),
        hierarchical: dimension.hierarchical(),
    }
}

/// The dimensions that any of these KPIs has, by id.
pub fn dimensions<'a>(kpis: impl Iterator<Item = &'a Kpi> + Clone, language: Language) -> Vec<proto::Dimension> {
    let mut all: Vec<_> = Dimension::ALL
        .into_iter()
        .filter(|&d| kpis.clone().any(|kpi| kpi.reaches(&[d])))
        .map(|d| dimension(d, language))
        .collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all
}

pub(super) fn unit(unit: Unit) -> proto::KpiUnit {
    match unit {
        Unit::Count => proto::KpiUnit::Count,
        Unit::Currency => proto::KpiUnit::Currency,
        Unit::Ratio => proto::KpiUnit::Ratio,
        Unit::Number => proto::KpiUnit::Number,
        Unit::Days => proto::KpiUnit::Days,
        Unit::Hours => proto::KpiUnit::Hours,
        Unit::Seconds => proto::KpiUnit::Seconds,
        Unit::Score => proto::KpiUnit::Score,
    }
}

pub(super) fn kind(kind: KpiKind) -> proto::KpiKind {
    match kind {
        KpiKind::Flow => proto::KpiKind::Flow,
        KpiKind::Stock => proto::KpiKind::Stock,
        KpiKind::Ratio => proto::KpiKind::Ratio,
        KpiKind::Average => proto::KpiKind::Average,
        KpiKind::Growth => proto::KpiKind::Growth,
        KpiKind::Count => proto::KpiKind::Count,
    }
}

fn direction(direction: Direction) -> proto::Direction {
    match direction {
        Direction::Higher => proto::Direction::HigherIsBetter,
        Direction::Lower => proto::Direction::LowerIsBetter,
        Direction::Neither => proto::Direction::NeitherIsBetter,
    }
}
