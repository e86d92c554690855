use super::rule;
use crate::crm;
use crate::quality::rule::Severity::Error;
use crate::quality::rule::{Check, Rule, Test, of};
use sea_orm::{EntityTrait, IdenStatic, Iterable};

pub(super) fn rules() -> Vec<Rule> {
    let mut checks = Vec::new();
    macro_rules! add {
        ($($table:ident),+) => {$( checks.extend(references::<crm::$table::Entity>()); )+};
    }
    crm::every_table!(add);
    vec![rule("reference_to_nothing", Error, "A reference that is set is the id of a record.", checks)]
}

/// The columns that refer to other records, by their names.
fn references<E: EntityTrait>() -> Vec<Check> {
    let check = |column: E::Column| {
        let (table, expected) = target(column.as_str())?;
        Some(Check::of::<E>(column, Test::Dangling(of(column), table), expected))
    };
    E::Column::iter().filter_map(check).collect()
}

fn target(column: &str) -> Option<(&'static str, &'static str)> {
    Some(match column {
        "rep_id" => ("reps", "the id of a record of reps"),
        "team_id" | "parent_id" => ("teams", "the id of a record of teams"),
        "account_id" => ("accounts", "the id of a record of accounts"),
        "opportunity_id" => ("opportunities", "the id of a record of opportunities"),
        "product_id" => ("products", "the id of a record of products"),
        "source_id" => ("sources", "the id of a record of sources"),
        "stage_id" => ("stages", "the id of a record of stages"),
        "campaign_id" => ("campaigns", "the id of a record of campaigns"),
        "lead_id" => ("leads", "the id of a record of leads"),
        "case_id" => ("service_cases", "the id of a record of service_cases"),
        "subscription_id" => ("subscriptions", "the id of a record of subscriptions"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_that_is_named_like_a_reference_leads_somewhere() {
        macro_rules! test {
            ($($table:ident),+) => {$(
                for column in crm::$table::Column::iter().map(|column| column.as_str()) {
                    // The catalogue is no table.
                    let named = column.ends_with("_id") && column != "kpi_id";
                    assert_eq!(named, target(column).is_some(), "{}.{column}", stringify!($table));
                }
            )+};
        }
        crm::every_table!(test);
    }
}
