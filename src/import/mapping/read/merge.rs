//! Several lines that make one row.

use crate::import::mapping::language::Take;
use crate::import::mapping::plan::{Reading, Section};
use crate::import::mapping::value::Value;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// Adds a line's values to those of the lines before it, of which `first` is the first. An error says what is wrong with
/// the line.
pub fn add_line(
    section: &Section,
    row: &mut [Option<Value>],
    line: Vec<Option<Value>>,
    first: &str,
) -> Result<(), String> {
    let names = section.table.key().join(" and ");
    for (place, (value, next)) in row.iter_mut().zip(line).enumerate() {
        let field = section.table.fields()[place].name;
        let rule = section.rules[place].as_ref();
        match rule.map(|rule| (rule.take, &rule.reading)) {
            None | Some((Take::Same, _)) if *value == next => {}
            None | Some((Take::Same, _)) => {
                let advice = if section.merge { ": `take` can say which of them counts" } else { "" };
                return Err(format!("the {names} of this row is that of {first}, but its {field} differs{advice}"));
            }
            Some((take, reading)) => {
                *value = match (value.take(), next) {
                    (Some(one), Some(other)) => {
                        Some(taken(take, reading, one, other).ok_or_else(|| format!("{field}: the sum is too large"))?)
                    }
                    (one, other) => one.or(other),
                };
            }
        }
    }
    Ok(())
}

/// One value of two; nothing where their sum is too large.
fn taken(take: Take, reading: &Reading, one: Value, other: Value) -> Option<Value> {
    match take {
        Take::Same | Take::First => Some(one),
        Take::Last => Some(other),
        Take::Sum | Take::Count => sum(reading, one, other),
        Take::Min => Some(if order(reading, &one, &other) == Ordering::Greater { other } else { one }),
        Take::Max => Some(if order(reading, &one, &other) == Ordering::Less { other } else { one }),
    }
}

fn sum(reading: &Reading, one: Value, other: Value) -> Option<Value> {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => {
            let sum = one.checked_add(other)?;
            let fits = !matches!(reading, Reading::Whole { .. }) || i32::try_from(sum).is_ok();
            fits.then_some(Value::Integer(sum))
        }
        (Value::Text(one), Value::Text(other)) => {
            let sum = decimal(&one)?.checked_add(decimal(&other)?)?.normalize();
            Some(Value::Text(sum.to_string()))
        }
        _ => None,
    }
}

fn order(reading: &Reading, one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Instant(one), Value::Instant(other)) => one.cmp(other),
        (Value::Day(one), Value::Day(other)) | (Value::Midnight(one), Value::Midnight(other)) => one.cmp(other),
        (Value::Text(one), Value::Text(other)) if matches!(reading, Reading::Decimal { .. }) => {
            decimal(one).cmp(&decimal(other))
        }
        _ => Ordering::Equal,
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok()
}
