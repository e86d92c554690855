//! What the text of a cell means, and the text of what is stored.

use crate::crm::{Column, Kind, Semantic, currency_decimals};
use crate::import::row::unset;
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SecondsFormat, Utc};
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
    let is_unset = text.is_empty() && !(quoted && column.kind == Kind::Text);
    if is_unset {
        return match &column.kind {
            kind if column.nullable => Ok(unset(kind)),
            Kind::Text => Err("must be set; an empty text is written as \"\"".into()),
            kind => Err(format!("must be set: {}", expected(kind))),
        };
    }
    let value = parse(&column.kind, text).ok_or_else(|| format!("not {}", expected(&column.kind)))?;
    match column.kind {
        Kind::Text if text.contains('\0') => Err("holds a NUL character".into()),
        _ => keeps_to(column.semantic, value, text),
    }
}

fn parse(kind: &Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Integer => whole(text).parse::<i32>().ok().map(Value::from),
        Kind::BigInteger => whole(text).parse::<i64>().ok().map(Value::from),
        Kind::Flag => flag(text).map(Value::from),
        Kind::Decimal => is_decimal(text).then(|| Value::from(text)),
        Kind::Day => day(text).map(Value::from),
        Kind::Instant => instant(text).map(Value::from),
        Kind::Word(words) => words.iter().any(|word| word == text).then(|| Value::from(text)),
        Kind::Text => Some(Value::from(text)),
    }
}

/// A value, where it is among those that its column means.
fn keeps_to(semantic: Semantic, value: Value, text: &str) -> Result<Value, String> {
    let number = match value {
        Value::Int(number) => number.map(i64::from),
        Value::BigInt(number) => number,
        _ => None,
    };
    let good = match (semantic, number) {
        (Semantic::Currency, _) => currency_decimals(text).is_some(),
        (Semantic::BasisPoints, Some(number)) => (0..=10_000).contains(&number),
        (Semantic::AtLeast(least), Some(number)) => number >= i64::from(least),
        (Semantic::Positive, _) => Decimal::from_str_exact(text).is_ok_and(|number| number > Decimal::ZERO),
        _ => true,
    };
    if good {
        return Ok(value);
    }
    Err(match semantic {
        Semantic::Currency => "not an ISO 4217 currency code, such as USD".into(),
        Semantic::BasisPoints => "not from 0 to 10000 basis points: 2500 is 25 %".into(),
        Semantic::AtLeast(least) => format!("not at least {least}"),
        _ => "not above 0".into(),
    })
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

/// A whole number without the fraction of zeros that programs give to columns of numbers.
fn whole(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        _ => text,
    }
}

/// Yes or no, as databases and programs write it.
fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "1.0" => Some(true),
        "false" | "f" | "0" | "0.0" => Some(false),
        _ => None,
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

/// Whether the text of an instant is a day without a time.
pub fn is_day(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| day(text).is_some())
}

/// An instant of the years that every database has, kept to the microsecond, as the databases keep it. A leap second is the
/// second after it. What names no offset is UTC; a day is its midnight there.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let at = match DateTime::parse_from_rfc3339(text) {
        Ok(at) => at.to_utc(),
        Err(_) => loose_instant(text)?,
    };
    DateTime::from_timestamp_micros(at.timestamp_micros()).filter(|at| (1..=9999).contains(&at.year()))
}

/// An instant as PostgreSQL and pandas write it: `2024-01-05 09:30:00+00`, `2024-01-05 09:30:00`, `2024-01-05`.
fn loose_instant(text: &str) -> Option<DateTime<Utc>> {
    if let Some(day) = day(text) {
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    }
    let (date, time) = text.split_at_checked(10)?;
    day(date)?;
    let time = time.strip_prefix(['T', ' '])?;
    let offset = time.find(['+', '-', 'Z']).unwrap_or(time.len());
    let (time, offset) = time.split_at_checked(offset)?;
    let offset = match offset {
        "" => "Z".to_owned(),
        offset if offset.len() == 3 => format!("{offset}:00"),
        offset if offset.len() == 5 => format!("{}:{}", offset.get(..3)?, offset.get(3..)?),
        offset => offset.to_owned(),
    };
    DateTime::parse_from_rfc3339(&format!("{date}T{time}{offset}")).ok().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "2024-02-30T00:00:00Z",
            "2024-02-30",
            "2024-03-01 25:00:00",
            "2024-03-01 09:30",
            "2024-03-01 09:30:00 PST",
            "2024-03-01 09:30:00+1",
            "2024-3-1 09:30:00",
            "01/03/2024",
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
        for bad in ["2147483648", "1.5", "1.", ".0", "1.0e0", "1,000", " 1", "one"] {
            let reason = read(&column(Kind::Integer, true), bad, false).unwrap_err();
            assert_eq!(reason, "not a whole number from -2147483648 to 2147483647, such as 42", "{bad}");
        }
        assert_eq!(read(&column(Kind::Flag, true), "yes", false), Err("not true or false".into()));
    }

    #[test]
    fn what_other_programs_write_is_read() {
        let instant = column(Kind::Instant, true);
        for (text, at) in [
            ("2024-01-05", "2024-01-05T00:00:00Z"),
            ("2024-01-05 09:30:00", "2024-01-05T09:30:00Z"),
            ("2024-01-05T09:30:00", "2024-01-05T09:30:00Z"),
            ("2024-01-05 09:30:00.5", "2024-01-05T09:30:00.500Z"),
            ("2024-01-05 09:30:00+00", "2024-01-05T09:30:00Z"),
            ("2024-01-05 09:30:00.25-03", "2024-01-05T12:30:00.250Z"),
            ("2024-01-05 09:30:00+05:30", "2024-01-05T04:00:00Z"),
            ("2024-01-05 09:30:00+0530", "2024-01-05T04:00:00Z"),
            ("2024-01-05 09:30:00Z", "2024-01-05T09:30:00Z"),
        ] {
            assert_eq!(read(&instant, text, false).map(|value| written(&value)), Ok(at.into()), "{text}");
        }
        let flag = column(Kind::Flag, true);
        for (text, is) in [("True", "true"), ("t", "true"), ("1", "true"), ("1.0", "true"), ("FALSE", "false")] {
            assert_eq!(read(&flag, text, false).map(|value| written(&value)), Ok(is.into()), "{text}");
        }
        for (text, is) in [("f", "false"), ("0", "false"), ("False", "false"), ("0.0", "false")] {
            assert_eq!(read(&flag, text, false).map(|value| written(&value)), Ok(is.into()), "{text}");
        }
        assert_eq!(read(&column(Kind::Integer, true), "100.0", false), Ok(100.into()));
        assert_eq!(read(&column(Kind::BigInteger, true), "-100.00", false), Ok((-100_i64).into()));
    }

    #[test]
    fn values_are_those_that_their_columns_mean() {
        let of = |semantic, kind| Column { semantic, ..column(kind, true) };
        let reason = |column: &Column, text: &str| read(column, text, false).unwrap_err();
        let currency = of(Semantic::Currency, Kind::Text);
        assert_eq!(read(&currency, "EUR", false), Ok("EUR".into()));
        for bad in ["eur", "EURO", "XYZ"] {
            assert_eq!(reason(&currency, bad), "not an ISO 4217 currency code, such as USD");
        }
        let share = of(Semantic::BasisPoints, Kind::Integer);
        assert_eq!(read(&share, "10000", false), Ok(10_000.into()));
        assert_eq!(reason(&share, "10001"), "not from 0 to 10000 basis points: 2500 is 25 %");
        assert_eq!(reason(&share, "-1"), "not from 0 to 10000 basis points: 2500 is 25 %");
        assert_eq!(reason(&of(Semantic::AtLeast(1), Kind::Integer), "0"), "not at least 1");
        assert_eq!(reason(&of(Semantic::AtLeast(0), Kind::BigInteger), "-1"), "not at least 0");
        let rate = of(Semantic::Positive, Kind::Decimal);
        assert_eq!((reason(&rate, "0.0"), reason(&rate, "-1")), ("not above 0".into(), "not above 0".into()));
        assert_eq!(read(&rate, "0.0000000001", false), Ok("0.0000000001".into()));
        assert_eq!(read(&of(Semantic::Money, Kind::BigInteger), "-5", false), Ok((-5_i64).into()));
    }
}
