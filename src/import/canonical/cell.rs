//! What the text of a cell means, and the text of what is stored.

use crate::crm::{Column, Kind};
use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use sea_orm::Value;

/// Appends the cell of a stored value, without a delimiter. What is unset is an empty cell, an empty text a pair of
/// quotes. False for a value of a type that the form does not know.
pub fn write(line: &mut Vec<u8>, value: &Value) -> bool {
    match value {
        Value::String(text) => {
            if let Some(text) = text {
                write_text(line, text);
            }
        }
        Value::Int(number) => write_plain(line, *number),
        Value::BigInt(number) => write_plain(line, *number),
        Value::Bool(flag) => write_plain(line, *flag),
        Value::ChronoDate(day) => write_plain(line, *day),
        Value::ChronoDateTimeUtc(at) => {
            write_plain(line, at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true)));
        }
        _ => return false,
    }
    true
}

fn write_plain(line: &mut Vec<u8>, value: Option<impl ToString>) {
    line.extend(value.map(|value| value.to_string()).unwrap_or_default().bytes());
}

/// Quotes where a reader would otherwise see another text, or might trim it.
fn write_text(line: &mut Vec<u8>, text: &str) {
    let plain = !text.is_empty() && text.trim().len() == text.len() && !text.contains(['"', ',', '\n', '\r']);
    if plain {
        line.extend(text.bytes());
    } else {
        line.push(b'"');
        line.extend(text.replace('"', "\"\"").bytes());
        line.push(b'"');
    }
}

/// Reads a cell of a column. An empty one is unset; one of `""` too, but in a column of text, where it is an empty text.
pub fn read(column: &Column, text: &str, quoted: bool) -> Result<Value, String> {
    let unset = text.is_empty() && !(quoted && column.kind == Kind::Text);
    if unset && !column.nullable {
        return Err(match column.kind {
            Kind::Text => "must be set; an empty text is written as \"\"".into(),
            _ => format!("must be set: {}", expected(&column.kind)),
        });
    }
    let text = (!unset).then_some(text);
    match &column.kind {
        Kind::Text => match text {
            Some(text) if text.contains('\0') => Err("holds a NUL character".into()),
            text => Ok(text.map(str::to_owned).into()),
        },
        Kind::Word(words) => match text {
            Some(text) if !words.iter().any(|word| word == text) => Err(format!("not {}", expected(&column.kind))),
            text => Ok(text.map(str::to_owned).into()),
        },
        kind => match text.map(|text| parse(kind, text)).transpose()? {
            Some(value) => Ok(value),
            None => Ok(null(kind)),
        },
    }
}

fn parse(kind: &Kind, text: &str) -> Result<Value, String> {
    let value = match kind {
        Kind::Integer => text.parse::<i32>().ok().map(Value::from),
        Kind::BigInteger => text.parse::<i64>().ok().map(Value::from),
        Kind::Flag => text.parse::<bool>().ok().map(Value::from),
        Kind::Decimal => is_decimal(text).then(|| Value::from(text)),
        Kind::Day => day(text).map(Value::from),
        Kind::Instant => instant(text).map(Value::from),
        Kind::Text | Kind::Word(_) => Some(Value::from(text)),
    };
    value.ok_or_else(|| format!("not {}", expected(kind)))
}

fn null(kind: &Kind) -> Value {
    match kind {
        Kind::Integer => Value::Int(None),
        Kind::BigInteger => Value::BigInt(None),
        Kind::Flag => Value::Bool(None),
        Kind::Day => Value::ChronoDate(None),
        Kind::Instant => Value::ChronoDateTimeUtc(None),
        Kind::Text | Kind::Word(_) | Kind::Decimal => Value::String(None),
    }
}

/// What a cell of a column should hold.
pub fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Text => "a text".into(),
        Kind::Word(words) => format!("one of {}", words.join(", ")),
        Kind::Integer => format!("a whole number from {} to {}, such as 42", i32::MIN, i32::MAX),
        Kind::BigInteger => format!("a whole number from {} to {}, such as 120050", i64::MIN, i64::MAX),
        Kind::Flag => "true or false".into(),
        Kind::Decimal => "a plain decimal number, such as 50000.00".into(),
        Kind::Day => "a day, such as 2024-03-01".into(),
        Kind::Instant => "an instant of RFC 3339, such as 2024-03-01T09:30:00Z".into(),
    }
}

/// Digits, perhaps with a sign and a fraction, and no more of them than can be counted with exactly.
fn is_decimal(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(fraction) && Decimal::from_str_exact(text).is_ok()
}

/// A day of the years that every database has.
fn day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    ((1..=9999).contains(&day.year()) && day.to_string() == text).then_some(day)
}

/// An instant of the years that every database has, kept to the microsecond, as the databases keep it. A leap second is the second after it.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).ok()?.to_utc();
    DateTime::from_timestamp_micros(at.timestamp_micros()).filter(|at| (1..=9999).contains(&at.year()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::Semantic;

    fn column(kind: Kind, nullable: bool) -> Column {
        Column {
            name: "c",
            kind,
            semantic: Semantic::Plain,
            nullable,
            key: false,
            references: None,
            meaning: String::new(),
        }
    }

    fn written(value: &Value) -> String {
        let mut line = Vec::new();
        assert!(write(&mut line, value));
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn what_would_be_read_otherwise_is_quoted() {
        let cell = |text: &str| written(&text.into());
        assert_eq!(cell("plain text; of \u{1f980} words"), "plain text; of \u{1f980} words");
        assert_eq!(cell(""), "\"\"");
        assert_eq!(cell(" a"), "\" a\"");
        assert_eq!(cell("a\u{a0}"), "\"a\u{a0}\"");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("say \"a\""), "\"say \"\"a\"\"\"");
        assert_eq!(cell("a\rb"), "\"a\rb\"");
        assert_eq!(written(&Value::String(None)), "");
    }

    #[test]
    fn instants_are_read_to_the_microsecond() {
        let instant = column(Kind::Instant, true);
        let again = |text: &str| read(&instant, text, false).map(|value| written(&value));
        assert_eq!(again("2024-03-01T09:30:00Z"), Ok("2024-03-01T09:30:00Z".into()));
        assert_eq!(again("2024-03-01T09:30:00.250+03:30"), Ok("2024-03-01T06:00:00.250Z".into()));
        assert_eq!(again("2024-03-01T09:30:00.1234567Z"), Ok("2024-03-01T09:30:00.123456Z".into()));
        assert_eq!(again("1969-12-31T23:59:59.9999999Z"), Ok("1969-12-31T23:59:59.999999Z".into()));
        assert_eq!(again("2016-12-31T23:59:60Z"), Ok("2017-01-01T00:00:00Z".into()));
        for bad in [
            "2024-03-01",
            "2024-03-01T09:30:00",
            "2024-02-30T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "9999-12-31T23:59:59-01:00",
            "0000-12-31T23:59:59Z",
            "infinity",
            "now",
            " ",
        ] {
            assert!(again(bad).unwrap_err().starts_with("not an instant of RFC 3339"), "{bad}");
        }
    }

    #[test]
    fn days_and_decimals_are_kept_as_they_are() {
        let day = column(Kind::Day, false);
        for good in ["2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(read(&day, good, false).map(|value| written(&value)), Ok(good.into()));
        }
        for bad in ["2023-02-29", "2024-3-1", "2024-03-01T00:00:00Z", "0000-01-01", "10000-01-01", "+2024-03-01", " "] {
            assert_eq!(read(&day, bad, false), Err("not a day, such as 2024-03-01".into()), "{bad}");
        }
        let decimal = column(Kind::Decimal, false);
        for good in ["0", "50000.00", "-0.0250", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
            assert_eq!(read(&decimal, good, true), Ok(good.into()));
        }
        let long = "0.00000000000000000000000000001";
        for bad in
            ["1,000", "1e3", "+1", ".5", "5.", "--1", "1_000", "$5", "NaN", " 1", "\u{661}", &"9".repeat(30), long]
        {
            let reason = read(&decimal, bad, false).unwrap_err();
            assert_eq!(reason, "not a plain decimal number, such as 50000.00", "{bad}");
        }
        assert_eq!(read(&column(Kind::Day, true), "", true), Ok(Value::ChronoDate(None)));
        assert!(read(&decimal, "", true).is_err());
    }

    #[test]
    fn an_empty_cell_is_unset_and_quotes_are_an_empty_text() {
        let text = column(Kind::Text, true);
        assert_eq!(read(&text, "", false), Ok(Value::String(None)));
        assert_eq!(read(&text, "", true), Ok("".into()));
        assert_eq!(read(&column(Kind::BigInteger, true), "", true), Ok(Value::BigInt(None)));
        assert_eq!(read(&column(Kind::Text, false), "", true), Ok("".into()));
        assert_eq!(
            read(&column(Kind::Text, false), "", false),
            Err("must be set; an empty text is written as \"\"".into())
        );
        assert_eq!(read(&column(Kind::Flag, false), "", false), Err("must be set: true or false".into()));
    }

    #[test]
    fn other_words_and_numbers_are_refused() {
        let word = column(Kind::Word(vec!["won".into(), "lost".into()]), false);
        assert_eq!(read(&word, "Won", false), Err("not one of won, lost".into()));
        for bad in ["2147483648", "1.0", "1,000", " 1", "one"] {
            let reason = read(&column(Kind::Integer, true), bad, false).unwrap_err();
            assert_eq!(reason, "not a whole number from -2147483648 to 2147483647, such as 42", "{bad}");
        }
        assert_eq!(read(&column(Kind::Flag, true), "yes", false), Err("not true or false".into()));
    }
}
