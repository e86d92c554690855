use super::violations::Violations;
use crate::catalog::{Dimension, Kpi};

/// Checks that every KPI can be grouped and filtered by all dimensions of a query. `used` are the dimensions with the
/// fields that name them, `kpis` the KPIs with theirs.
pub(super) fn check(used: &[(Dimension, String)], kpis: &[(&'static Kpi, String)], violations: &mut Violations) {
    let mut all_reachable = true;
    for (dimension, field) in used {
        let strangers: Vec<_> =
            kpis.iter().map(|(kpi, _)| *kpi).filter(|kpi| !kpi.reaches(&[*dimension])).map(|kpi| kpi.id).collect();
        if !strangers.is_empty() {
            all_reachable = false;
            violations.invalid(field, stranger(*dimension, &strangers, kpis));
        }
    }
    if !all_reachable {
        return;
    }
    let dimensions: Vec<_> = used.iter().map(|(dimension, _)| *dimension).collect();
    for (kpi, field) in kpis {
        if !kpi.reaches(&dimensions) {
            let ids = list(dimensions.iter().map(|dimension| dimension.id()));
            violations.invalid(
                field,
                format!("{} has each of {ids}, but not all of them together: group and filter by fewer", kpi.id),
            );
        }
    }
}

fn stranger(dimension: Dimension, strangers: &[&str], kpis: &[(&'static Kpi, String)]) -> String {
    let common = Dimension::ALL.into_iter().filter(|d| kpis.iter().all(|(kpi, _)| kpi.reaches(&[*d])));
    let common = list(common.map(Dimension::id));
    let whose = if kpis.len() == 1 { "it has" } else { "all KPIs of this query have" };
    format!("\"{}\" is not a dimension of {}: {whose} {common}", dimension.id(), list(strangers.iter().copied()))
}

fn list<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Aggregate, Axis, Column, Condition, Family, Formula, KpiKind, Measure, Quantity};
    use crate::catalog::{Direction, Source, Unit};

    /// A source that reaches one dimension.
    fn source(dimension: Dimension) -> &'static Source {
        let column = Column { table: "t", name: "c" };
        let paths = vec![(dimension, column)];
        Box::leak(Box::new(Source {
            name: "s",
            table: "t",
            joins: vec![],
            rep: column,
            currency: None,
            paths,
            belonging: None,
        }))
    }

    /// A KPI that is read from one source by stage and from another by product.
    fn kpi() -> &'static Kpi {
        let axis = || Axis::at(Column { table: "t", name: "at" });
        let measure = |source| Measure::new("m", Quantity::Count, source, axis(), Aggregate::Count, Condition::Always);
        let measure = measure(source(Dimension::Stage)).or_read(
            source(Dimension::Product),
            axis(),
            Aggregate::Count,
            Condition::Always,
        );
        Box::leak(Box::new(Kpi {
            id: "k",
            family: Family::Pipeline,
            unit: Unit::Count,
            direction: Direction::Higher,
            kind: KpiKind::Flow,
            formula: Formula::Figure(measure.into()),
        }))
    }

    fn said(dimensions: &[Dimension]) -> Vec<(String, String)> {
        let used: Vec<_> = dimensions.iter().map(|d| (*d, d.id().to_owned())).collect();
        let mut violations = Violations::default();
        check(&used, &[(kpi(), "kpi_ids[0]".into())], &mut violations);
        match violations.finish(Some(())) {
            Err(crate::error::Error::Invalid(all)) => all.into_iter().map(|v| (v.field, v.description)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn what_cannot_be_had_is_told() {
        assert_eq!(said(&[Dimension::Stage]), []);
        let text = "\"rep\" is not a dimension of k: it has product, stage";
        assert_eq!(said(&[Dimension::Stage, Dimension::Rep]), [("rep".to_owned(), text.to_owned())]);
        let text = "k has each of stage, product, but not all of them together: group and filter by fewer";
        assert_eq!(said(&[Dimension::Stage, Dimension::Product]), [("kpi_ids[0]".to_owned(), text.to_owned())]);
    }
}
