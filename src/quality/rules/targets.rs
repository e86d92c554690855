use super::rule;
use crate::catalog::Catalog;
use crate::crm::exchange_rates::{Column as Rate, Entity as Rates};
use crate::crm::targets::{Column as Target, Entity as Targets};
use crate::quality::rule::Severity::Error;
use crate::quality::rule::{Check, Neighbour, Related, Rule, Which};
use crate::quality::terms::{Fault, Test, none_of, of, set, text, unequal, unset};

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
            "duplicate_target",
            Error,
            "For a KPI a rep, a team or the company has one target for the same days.",
            vec![
                duplicate(
                    Target::RepId,
                    set(of(Target::RepId)),
                    &["kpi_id", "rep_id", "first_date", "last_date"],
                    "other days or another KPI than {}, for the same rep",
                ),
                duplicate(
                    Target::TeamId,
                    unset(of(Target::RepId)),
                    &["kpi_id", "rep_id", "team_id", "first_date", "last_date"],
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

/// A target that is alike in these columns to one with a lesser id.
fn duplicate(field: Target, whose: Test, among: &'static [&'static str], expected: &'static str) -> Check {
    let first = Neighbour { name: FIRST, which: Which::First, value: "id", among, by: "id" };
    let breaks = Test::All(vec![whose, unequal(of(Target::Id), text(FIRST))]);
    Check::of::<Targets>(field, breaks, expected)
        .limit(text(FIRST))
        .related(Related { neighbours: vec![first], ..Related::default() })
}
