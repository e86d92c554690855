use super::rule;
use crate::crm;
use crate::quality::rule::Severity::{Error, Warning};
use crate::quality::rule::{Check, Rule};
use crate::quality::terms::{Fault, TermKind, Test, none_of, of, unset};
use sea_orm::{EntityTrait, Iterable};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is expected of a column of words, by table and column.
static EXPECTED: LazyLock<HashMap<(&'static str, &'static str), String>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for table in crm::tables() {
        for column in &table.columns {
            if let crm::Kind::Word(words) = &column.kind {
                all.insert((table.name, column.name), format!("one of {}", words.join(", ")));
            }
        }
    }
    all
});

pub(super) fn rules() -> Vec<Rule> {
    let (mut words, mut times) = (Vec::new(), Vec::new());
    macro_rules! add {
        ($($table:ident),+ $(,)?) => {$(
            words.extend(other_words::<crm::$table::Entity>());
            times.extend(far_times::<crm::$table::Entity>());
        )+};
    }
    crm::every_table!(add);
    vec![
        rule(
            "unknown_word",
            Error,
            "A column of words, such as a status, holds one of its words, exactly as they are written: other words count \
             nowhere.",
            words,
        ),
        rule(
            "time_out_of_range",
            Warning,
            "A day or an instant lies in the years 1 to 9999: what lies outside is read as the first or last of them.",
            times,
        ),
    ]
}

fn other_words<E: EntityTrait>() -> Vec<Check> {
    let table = E::default().table_name();
    let check = |(column, described): (E::Column, &'static crm::Column)| {
        let crm::Kind::Word(words) = &described.kind else { return None };
        let expected = EXPECTED.get(&(table, described.name))?;
        let mut tests = vec![none_of(of(column), words.iter().map(String::as_str))];
        if !described.nullable {
            tests.push(unset(of(column)));
        }
        Some(Check::of::<E>(column, Test::Any(tests), expected))
    };
    E::Column::iter().zip(crm::columns::<E>()).filter_map(check).collect()
}

fn far_times<E: EntityTrait>() -> Vec<Check> {
    let check = |column: E::Column| {
        const DAY: &str = "a day from 0001-01-01 to 9999-12-31";
        let expected = match of(column).kind() {
            TermKind::Day => DAY,
            TermKind::Instant => "an instant from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z",
            TermKind::Text | TermKind::Number => return None,
        };
        let check = Check::of::<E>(column, Test::Own(Fault::OutOfRange(of(column))), expected);
        Some(Check { expected_of_days: Some(DAY), ..check })
    };
    E::Column::iter().filter_map(check).collect()
}
