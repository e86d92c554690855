use crate::database::times::near::{Near, wrong};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::DbErr;
use sea_orm::sqlx::postgres::PgRow;
use sea_orm::sqlx::{Row, TypeInfo, ValueRef};

/// Microseconds from 1970 to 2000, which PostgreSQL counts from.
const POSTGRES_EPOCH: i64 = 946_684_800_000_000;

/// A day or an instant as PostgreSQL sends it.
pub trait PostgresTime: Near {
    /// From what PostgreSQL sends for the type of this name; none where the type is another, or the value too far.
    fn from_postgres(kind: &str, number: i64) -> Option<Self>;
}

impl PostgresTime for NaiveDate {
    fn from_postgres(kind: &str, number: i64) -> Option<Self> {
        let epoch = Self::from_ymd_opt(2000, 1, 1)?;
        (kind == "DATE").then(|| TimeDelta::try_days(number).and_then(|days| epoch.checked_add_signed(days)))?
    }
}

impl PostgresTime for DateTime<Utc> {
    fn from_postgres(kind: &str, number: i64) -> Option<Self> {
        let micros = number.checked_add(POSTGRES_EPOCH)?;
        matches!(kind, "TIMESTAMPTZ" | "TIMESTAMP").then(|| Self::from_timestamp_micros(micros))?
    }
}

/// A column of a row as a day or an instant; none where it is unset.
pub fn time<T: PostgresTime>(row: &PgRow, place: usize) -> Result<Option<T>, DbErr> {
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
    Ok(Some(T::from_postgres(&kind, number).map_or(far, Near::near)))
}

/// A column of a row as a whole number of whatever size; none where it is unset.
pub fn whole(row: &PgRow, place: usize) -> Result<Option<i64>, DbErr> {
    let value = row.try_get_raw(place).map_err(wrong)?;
    if value.is_null() {
        return Ok(None);
    }
    match value.type_info().name() {
        "INT2" | "INT4" | "INT8" => row.try_get_unchecked(place).map(Some).map_err(wrong),
        kind => Err(DbErr::Type(format!("holds {kind}, not a whole number"))),
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
}
