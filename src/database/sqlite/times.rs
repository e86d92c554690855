use crate::database::times::near::{Near, wrong};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::DbErr;
use sea_orm::sqlx::sqlite::SqliteRow;
use sea_orm::sqlx::{Row, TypeInfo, ValueRef};

/// A day or an instant as SQLite holds it.
pub trait SqliteTime: Near {
    /// From a text whose year lies within 1 to 9999.
    fn from_text(text: &str) -> Option<Self>;
}

impl SqliteTime for NaiveDate {
    fn from_text(text: &str) -> Option<Self> {
        Self::parse_from_str(text, "%Y-%m-%d").ok()
    }
}

impl SqliteTime for DateTime<Utc> {
    fn from_text(text: &str) -> Option<Self> {
        let at = DateTime::parse_from_rfc3339(text).ok()?;
        // A leap second is the second after it.
        Self::from_timestamp_micros(at.timestamp_micros())
    }
}

/// A column of a row as a day or an instant; none where it is unset.
pub fn time<T: SqliteTime>(row: &SqliteRow, place: usize) -> Result<Option<T>, DbErr> {
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
fn of_text<T: SqliteTime>(text: &str) -> Option<T> {
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
        (false, _) => T::from_text(text).map(Near::near),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
