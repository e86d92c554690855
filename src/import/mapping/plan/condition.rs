use super::columns::Columns;
use super::settings::Settings;
use super::{Dates, Problems};
use crate::import::mapping::language::{Names, Number, Test as Written};
use crate::import::mapping::value::{Decimals, InstantFormat, day, folded};
use chrono::NaiveDate;
use chrono_tz::Tz;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// What a cell must be like.
#[derive(Debug)]
pub struct Test {
    pub column: usize,
    /// All must hold.
    pub conditions: Vec<Condition>,
    pub decimals: Decimals,
    pub dates: Dates,
}

/// One thing that is asked of a cell.
#[derive(Debug)]
pub enum Condition {
    OneOf {
        texts: HashSet<String>,
        wanted: bool,
    },
    Empty(bool),
    /// One of these texts, folded.
    BeginsWith(Vec<String>),
    Contains(Vec<String>),
    Above(Decimal),
    AtLeast(Decimal),
    Below(Decimal),
    AtMost(Decimal),
    From(NaiveDate),
    Until(NaiveDate),
}

impl Test {
    /// A test with its column found. Problems are reported; nothing where there is no such column.
    pub fn new(
        written: &Written,
        columns: &Columns,
        settings: &Settings,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Self> {
        let column = columns.place(&written.column, key, problems)?;
        let (mut conditions, mut faulty) = (Vec::new(), false);
        let texts = |texts: &[String]| texts.iter().map(|text| text.trim().to_owned()).collect();
        let parts = |Names(parts): &Names| parts.iter().map(|part| folded(part)).collect();
        conditions.extend(written.any_of.as_ref().map(|any| Condition::OneOf { texts: texts(any), wanted: true }));
        conditions.extend(written.none_of.as_ref().map(|none| Condition::OneOf { texts: texts(none), wanted: false }));
        conditions.extend(written.empty.map(Condition::Empty));
        conditions.extend(written.begins_with.as_ref().map(|begins| Condition::BeginsWith(parts(begins))));
        conditions.extend(written.contains.as_ref().map(|contains| Condition::Contains(parts(contains))));
        let numbers = [
            ("above", &written.above, Condition::Above as fn(Decimal) -> Condition),
            ("at_least", &written.at_least, Condition::AtLeast),
            ("below", &written.below, Condition::Below),
            ("at_most", &written.at_most, Condition::AtMost),
        ];
        for (name, number, condition) in numbers {
            match number.as_ref().map(decimal) {
                None => {}
                Some(Some(number)) => conditions.push(condition(number)),
                Some(None) => {
                    faulty = true;
                    problems.add(format!("{key}.{name}"), "not a number: use one such as 100 or \"12.5\"");
                }
            }
        }
        let days = [
            ("from", &written.from, Condition::From as fn(NaiveDate) -> Condition),
            ("until", &written.until, Condition::Until),
        ];
        for (name, text, condition) in days {
            let iso: Vec<_> = InstantFormat::new("iso").into_iter().collect();
            match text.as_ref().map(|text| day(text, &iso, Tz::UTC, &[])) {
                None => {}
                Some(Ok(day)) => conditions.push(condition(day)),
                Some(Err(_)) => {
                    faulty = true;
                    problems.add(format!("{key}.{name}"), "not a day: use one such as \"2024-03-31\"");
                }
            }
        }
        if conditions.is_empty() && !faulty {
            let description = "a test needs a condition: `any_of`, `none_of`, `empty`, `begins_with`, \
                               `contains`, `above`, `at_least`, `below`, `at_most`, `from` or `until`";
            problems.add(key, description);
        }
        let dates = Dates {
            formats: settings.date_formats.clone(),
            zone: settings.zone,
            moves: Vec::new(),
            precision: None,
            decimals: settings.decimals,
        };
        Some(Self { column, conditions, decimals: settings.decimals, dates })
    }
}

fn decimal(number: &Number) -> Option<Decimal> {
    match number {
        Number::Whole(number) => Some(Decimal::from(*number)),
        Number::Written(text) => Decimal::from_str_exact(text.trim()).ok(),
    }
}
