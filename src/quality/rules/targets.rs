use super::rule;
use crate::catalog::{Catalog, Dimension};
use crate::crm::exchange_rates::{Column as Rate, Entity as Rates};
use crate::crm::targets::{Column as Target, Entity as Targets};
use crate::quality::rule::Severity::Error;
use crate::quality::rule::{Check, Neighbour, Related, Rule, Which};
use crate::quality::terms::{Fault, Test, none_of, of, one_of, set, text, unequal, unset};

const FIRST: &str = "first_id";

pub(super) fn rules() -> Vec<Rule> {
    let ids = Catalog::get().kpis().iter().map(|kpi| kpi.id);
    let unknown = Test::Any(vec![unset(of(Target::KpiId)), none_of(of(Target::KpiId), ids)]);
    let number = |value, above_zero| Test::Own(Fault::NoDecimal { value, above_zero });
    vec![
        rule(
            "target_of_unknown_kpi",
            Error,
            "A target is for a KPI of the catalogue.",
            vec![Check::of::<Targets>(Target::KpiId, unknown, "the id of a KPI of the catalogue")],
        ),
        rule(
            "target_of_unknown_dimension",
            Error,
            "A target with a member has a dimension, and that is one of its KPI other than rep and team.",
            vec![Check::of::<Targets>(
                Target::Dimension,
                other_dimension(),
                "a dimension of the KPI, and not rep or team",
            )],
        ),
        rule(
            "duplicate_target",
            Error,
            "For a KPI a rep, a team or the company has one target of the same member for the same days.",
            vec![
                duplicate(
                    Target::RepId,
                    set(of(Target::RepId)),
                    &["kpi_id", "rep_id", "dimension", "member", "first_date", "last_date"],
                    "other days or another KPI than {}, for the same rep",
                ),
                duplicate(
                    Target::TeamId,
                    unset(of(Target::RepId)),
                    &["kpi_id", "rep_id", "team_id", "dimension", "member", "first_date", "last_date"],
                    "other days or another KPI than {}, for the same team, or the company where there is none",
                ),
            ],
        ),
        rule(
            "not_a_decimal",
            Error,
            "A target's value is a plain decimal number, such as 50000.00, and so is an exchange rate, above 0.",
            vec![
                Check::of::<Targets>(Target::Value, number(of(Target::Value), false), "a plain decimal number"),
                Check::of::<Rates>(Rate::Rate, number(of(Rate::Rate), true), "a plain decimal number above 0"),
            ],
        ),
    ]
}

/// A member of no dimension, or of one that targets of the KPI are not set by.
fn other_dimension() -> Test {
    let by = |dimension: &Dimension| !matches!(dimension, Dimension::Rep | Dimension::Team);
    let dimensions: Vec<Dimension> = Dimension::ALL.into_iter().filter(by).collect();
    let known = dimensions.iter().map(|dimension| dimension.id());
    let unknown = Test::All(vec![set(of(Target::Dimension)), none_of(of(Target::Dimension), known)]);
    let without = Test::All(vec![unset(of(Target::Dimension)), set(of(Target::Member))]);
    let unreached = dimensions.iter().filter_map(|dimension| {
        let others = Catalog::get().kpis().iter().filter(|kpi| !kpi.dimensions().contains(dimension));
        let others: Vec<&'static str> = others.map(|kpi| kpi.id).collect();
        let is_it = one_of(of(Target::Dimension), [dimension.id()]);
        (!others.is_empty()).then(|| Test::All(vec![is_it, one_of(of(Target::KpiId), others)]))
    });
    Test::Any([unknown, without].into_iter().chain(unreached).collect())
}

/// A target that is alike in these columns to one with a lesser id.
fn duplicate(field: Target, whose: Test, among: &'static [&'static str], expected: &'static str) -> Check {
    let first = Neighbour { name: FIRST, which: Which::First, value: "id", among, by: "id" };
    let breaks = Test::All(vec![whose, unequal(of(Target::Id), text(FIRST))]);
    Check::of::<Targets>(field, breaks, expected)
        .limit(text(FIRST))
        .related(Related { neighbours: vec![first], ..Related::default() })
}
