use super::finding::Finding;
use super::rule::Texts;
use super::sql::NAMED;
use sea_orm::{DbErr, QueryResult};
use std::fmt::Write;

/// Characters of a spelling that a finding repeats.
const SPELLING_CHARS: usize = 40;

/// A text that is spelled in several ways.
#[derive(Debug)]
pub(super) struct Spelled {
    /// Its place among those of the column.
    pub number: i64,
    /// Spellings, the most frequent first, with how many records have each.
    named: Vec<(String, i64)>,
    /// Spellings, named or not.
    spellings: i64,
    /// Records that have any of them.
    records: i64,
}

impl Spelled {
    /// A row of a spelling: behind how many texts there are the number of this one, a spelling, its records, the spellings
    /// of the text, and their records.
    pub fn of_row(row: &QueryResult) -> Result<Self, DbErr> {
        let number = |place| row.try_get_by_index::<i64>(place);
        let spelling = row.try_get_by_index::<String>(2)?;
        Ok(Self { number: number(1)?, named: vec![(spelling, number(3)?)], spellings: number(4)?, records: number(5)? })
    }

    /// With the next row's spelling, if it is of the same text; else that row comes back.
    pub fn add(&mut self, next: Self) -> Option<Self> {
        if self.number != next.number {
            return Some(next);
        }
        self.named.extend(next.named);
        None
    }

    /// Tells it.
    pub fn finding(self, texts: &Texts) -> Finding {
        let mut found = String::new();
        for (place, (spelling, records)) in self.named.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            // Writing to a text does not fail.
            let _ = write!(found, "{comma}{} ({records})", quoted(spelling));
        }
        if self.spellings > NAMED {
            let _ = write!(found, ", and {} more", self.spellings - NAMED);
        }
        let first = self.named.first().map_or("", |(spelling, _)| spelling);
        Finding {
            table: texts.records.table,
            key: Vec::new(),
            rep: String::new(),
            rep_label: String::new(),
            field: texts.field,
            found: Some(found),
            expected: format!("one spelling, such as {}", quoted(first)),
            records: self.records.unsigned_abs(),
            never_filled: false,
        }
    }
}

/// A spelling for a reader, of the length that shows; what is not seen by its number.
fn quoted(spelling: &str) -> String {
    let mut quoted = String::from('"');
    for (place, one) in spelling.chars().enumerate() {
        match one {
            _ if place == SPELLING_CHARS => {
                quoted.push('…');
                break;
            }
            '"' | '\\' => quoted.extend(['\\', one]),
            ' ' => quoted.push(one),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                quoted.extend(one.escape_unicode());
            }
            _ if one.is_whitespace() || one.is_control() => quoted.extend(one.escape_unicode()),
            _ => quoted.push(one),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_is_not_seen_shows() {
        assert_eq!(quoted("Mid Market"), r#""Mid Market""#);
        assert_eq!(quoted("a\tb\u{a0}c\u{200c}d"), r#""a\u{9}b\u{a0}c\u{200c}d""#);
        assert_eq!(quoted(r#"a "b" \ c"#), r#""a \"b\" \\ c""#);
        assert_eq!(quoted("مُحَلّی"), "\"مُحَلّی\"");
        assert_eq!(quoted(&"x".repeat(40)), format!("\"{}\"", "x".repeat(40)));
        assert_eq!(quoted(&"x".repeat(41)), format!("\"{}…\"", "x".repeat(40)));
    }
}
