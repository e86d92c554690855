use super::rule;
use crate::crm;
use crate::quality::rule::Severity::Error;
use crate::quality::rule::{Check, Rule};
use crate::quality::terms::{Fault, Test, of};
use sea_orm::{EntityTrait, Iterable};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What is expected of a reference to a table.
static EXPECTED: LazyLock<BTreeMap<&'static str, String>> = LazyLock::new(|| {
    let expected = |table: &&'static str| (*table, format!("the id of a record of {table}"));
    crm::TABLE_NAMES.iter().map(expected).collect()
});

pub(super) fn rules() -> Vec<Rule> {
    let mut checks = Vec::new();
    macro_rules! add {
        ($($table:ident),+ $(,)?) => {$( checks.extend(references::<crm::$table::Entity>()); )+};
    }
    crm::every_table!(add);
    vec![rule("reference_to_nothing", Error, "A reference that is set is the id of a record.", checks)]
}

/// The columns that refer to other records.
fn references<E: EntityTrait>() -> Vec<Check> {
    let check = |(column, described): (E::Column, &crm::Column)| {
        let (table, expected) = EXPECTED.get_key_value(described.references?)?;
        Some(Check::of::<E>(column, Test::Own(Fault::Dangling(of(column), table)), expected.as_str()))
    };
    E::Column::iter().zip(crm::columns::<E>()).filter_map(check).collect()
}
