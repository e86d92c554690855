//! Days and instants as they are stored. PostgreSQL has `infinity` and years that Rust's calendar lacks, SQLite has any
//! text: what is before year 1 or after year 9999 is read as the first or last instant of these years, never as an error.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use sea_orm::sqlx::{self, Row, TypeInfo, ValueRef};
use sea_orm::{DbErr, QueryResult};

/// Microseconds from 1970 to 2000, which PostgreSQL counts from.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

/// A day or an instant that a column can hold.
pub trait Time: Sized + Datelike {
    /// What stands for everything before year 1.
    const FAR_PAST: Self;
    /// What stands for everything after year 9999.
    const FAR_FUTURE: Self;

    /// From what PostgreSQL sends for the type of this name; none where the type is another, or the value too far.
    fn from_postgres(kind: &str, number: i64) -> Option<Self>;

    /// From a text whose year lies within 1 to 9999.
    fn from_text(text: &str) -> Option<Self>;

    /// What it is called.
    const NAME: &str;

    /// Itself, or what stands for it.
    fn near(self) -> Self {
        match self.year() {
            1..=9999 => self,
            ..=0 => Self::FAR_PAST,
            _ => Self::FAR_FUTURE,
        }
    }
}

impl Time for NaiveDate {
    const FAR_PAST: Self = match Self::from_ymd_opt(1, 1, 1) {
        Some(day) => day,
        None => Self::MIN,
    };
    const FAR_FUTURE: Self = match Self::from_ymd_opt(9999, 12, 31) {
        Some(day) => day,
        None => Self::MAX,
    };
    const NAME: &str = "a day, such as 2024-03-01";

    fn from_postgres(kind: &str, number: i64) -> Option<Self> {
        let epoch = Self::from_ymd_opt(2000, 1, 1)?;
        (kind == "DATE").then(|| TimeDelta::try_days(number).and_then(|days| epoch.checked_add_signed(days)))?
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::parse_from_str(text, "%Y-%m-%d").ok()
    }
}

impl Time for DateTime<Utc> {
    const FAR_PAST: Self = match DateTime::from_timestamp(-62_135_596_800, 0) {
        Some(at) => at,
        None => Self::MIN_UTC,
    };
    const FAR_FUTURE: Self = match DateTime::from_timestamp(253_402_300_799, 0) {
        Some(at) => at,
        None => Self::MAX_UTC,
    };
    const NAME: &str = "an instant of RFC 3339, such as 2024-03-01T09:30:00+00:00";

    fn from_postgres(kind: &str, number: i64) -> Option<Self> {
        let micros = number.checked_add(POSTGRES_EPOCH)?;
        matches!(kind, "TIMESTAMPTZ" | "TIMESTAMP").then(|| Self::from_timestamp_micros(micros))?
    }

    fn from_text(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok()?;
        // A leap second is the second after it.
        Self::from_timestamp_micros(at.timestamp_micros())
    }
}

/// A column of a row as a day or an instant; none where it is unset.
pub fn time<T: Time>(row: &QueryResult, place: usize) -> Result<Option<T>, DbErr> {
    match (row.try_as_pg_row(), row.try_as_sqlite_row()) {
        (Some(row), _) => of_postgres(row, place),
        (None, Some(row)) => of_sqlite(row, place),
        (None, None) => Err(DbErr::Type("a row of neither database".into())),
    }
}

/// A column of a row as a whole number of whatever size; none where it is unset.
pub fn whole(row: &QueryResult, place: usize) -> Result<Option<i64>, DbErr> {
    let Some(row) = row.try_as_pg_row() else { return row.try_get_by_index(place) };
    let value = row.try_get_raw(place).map_err(wrong)?;
    if value.is_null() {
        return Ok(None);
    }
    match value.type_info().name() {
        "INT2" | "INT4" | "INT8" => row.try_get_unchecked(place).map(Some).map_err(wrong),
        kind => Err(DbErr::Type(format!("holds {kind}, not a whole number"))),
    }
}

fn of_postgres<T: Time>(row: &sqlx::postgres::PgRow, place: usize) -> Result<Option<T>, DbErr> {
    let value = row.try_get_raw(place).map_err(wrong)?;
    if value.is_null() {
        return Ok(None);
    }
    let kind = value.type_info().name().to_owned();
    if T::from_postgres(&kind, 0).is_none() {
        return Err(DbErr::Type(format!("holds {kind}, not {}", T::NAME)));
    }
    let number: i64 = row.try_get_unchecked(place).map_err(wrong)?;
    let far = if number < 0 { T::FAR_PAST } else { T::FAR_FUTURE };
    Ok(Some(T::from_postgres(&kind, number).map_or(far, T::near)))
}

fn of_sqlite<T: Time>(row: &sqlx::sqlite::SqliteRow, place: usize) -> Result<Option<T>, DbErr> {
    let value = row.try_get_raw(place).map_err(wrong)?;
    if value.is_null() {
        return Ok(None);
    }
    let kind = value.type_info().name().to_owned();
    let not = || DbErr::Type(format!("holds what is not {}", T::NAME));
    if kind != "TEXT" && kind != "DATE" && kind != "DATETIME" {
        return Err(DbErr::Type(format!("holds {kind}, not {}", T::NAME)));
    }
    let text: String = row.try_get_unchecked(place).map_err(wrong)?;
    of_text(&text).map(Some).ok_or_else(not)
}

/// From a text, as SQLite holds it.
fn of_text<T: Time>(text: &str) -> Option<T> {
    // SQLite sorts texts by their bytes: these are before and after all years.
    match text {
        "infinity" => return Some(T::FAR_FUTURE),
        "-infinity" => return Some(T::FAR_PAST),
        _ => {}
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (year, _) = digits.split_once('-')?;
    if year.len() < 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match (text.starts_with('-'), year.trim_start_matches('0').len()) {
        (true, _) | (false, 0) => Some(T::FAR_PAST),
        (false, 5..) => Some(T::FAR_FUTURE),
        (false, _) => T::from_text(text).map(T::near),
    }
}

fn wrong(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::ColumnDecode { source, .. } => DbErr::Type(source.to_string()),
        error => DbErr::Type(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_far_away_is_the_first_or_last_day() {
        let day = |number| NaiveDate::from_postgres("DATE", number).map(|day| day.near().to_string());
        assert_eq!(day(0).as_deref(), Some("2000-01-01"));
        assert_eq!(day(-730_119).as_deref(), Some("0001-01-01"));
        assert_eq!(day(-730_120).as_deref(), Some("0001-01-01"));
        assert_eq!(day(2_921_939).as_deref(), Some("9999-12-31"));
        assert_eq!(day(2_921_940).as_deref(), Some("9999-12-31"));
        // Both infinities, and the last year that PostgreSQL has.
        for number in [i64::from(i32::MAX), i64::from(i32::MIN), 2_145_031_948] {
            assert_eq!(day(number), None);
        }
        assert_eq!(NaiveDate::from_postgres("TEXT", 0), None);
    }

    #[test]
    fn instants_of_postgres_are_counted_from_2000() {
        let at = |number| DateTime::<Utc>::from_postgres("TIMESTAMPTZ", number).map(|at| at.near().to_rfc3339());
        assert_eq!(at(0).as_deref(), Some("2000-01-01T00:00:00+00:00"));
        assert_eq!(at(-1).as_deref(), Some("1999-12-31T23:59:59.999999+00:00"));
        assert_eq!(at(252_455_616_000_000_000).as_deref(), Some("9999-12-31T23:59:59+00:00"));
        assert_eq!(at(i64::MAX), None);
        assert_eq!(DateTime::<Utc>::FAR_PAST.to_rfc3339(), "0001-01-01T00:00:00+00:00");
        assert_eq!(DateTime::<Utc>::FAR_FUTURE.to_rfc3339(), "9999-12-31T23:59:59+00:00");
    }

    #[test]
    fn texts_are_read_as_they_sort() {
        let at = |text| of_text::<DateTime<Utc>>(text).map(|at| at.to_rfc3339());
        assert_eq!(at("2024-03-01T09:30:00+00:00").as_deref(), Some("2024-03-01T09:30:00+00:00"));
        assert_eq!(at("2016-12-31T23:59:60Z").as_deref(), Some("2017-01-01T00:00:00+00:00"));
        let (past, future) = (Some("0001-01-01T00:00:00+00:00"), Some("9999-12-31T23:59:59+00:00"));
        for text in ["-infinity", "-4712-01-01T00:00:00+00:00", "0000-12-31T23:59:59+00:00"] {
            assert_eq!(at(text).as_deref(), past, "{text}");
        }
        for text in ["infinity", "+10000-01-01T00:00:00+00:00", "294276-12-31T00:00:00+00:00"] {
            assert_eq!(at(text).as_deref(), future, "{text}");
        }
        for text in ["", "soon", "2024", "2024-13-01T00:00:00Z", "24-01-01", "2024-03-01"] {
            assert_eq!(at(text), None, "{text}");
        }
        let day = |text| of_text::<NaiveDate>(text).map(|day| day.to_string());
        assert_eq!(day("2024-02-29").as_deref(), Some("2024-02-29"));
        assert_eq!(day("infinity").as_deref(), Some("9999-12-31"));
        assert_eq!(day("2023-02-29"), None);
    }
}
