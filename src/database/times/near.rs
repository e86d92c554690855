use chrono::{DateTime, Datelike, NaiveDate, Utc};
use sea_orm::{DbErr, sqlx};

/// A day or an instant of the years 1 to 9999.
pub trait Near: Sized + Datelike {
    /// What stands for everything before year 1.
    const FAR_PAST: Self;
    /// What stands for everything after year 9999.
    const FAR_FUTURE: Self;
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

impl Near for NaiveDate {
    const FAR_PAST: Self = match Self::from_ymd_opt(1, 1, 1) {
        Some(day) => day,
        None => Self::MIN,
    };
    const FAR_FUTURE: Self = match Self::from_ymd_opt(9999, 12, 31) {
        Some(day) => day,
        None => Self::MAX,
    };
    const NAME: &str = "a day, such as 2024-03-01";
}

impl Near for DateTime<Utc> {
    const FAR_PAST: Self = match DateTime::from_timestamp(-62_135_596_800, 0) {
        Some(at) => at,
        None => Self::MIN_UTC,
    };
    const FAR_FUTURE: Self = match DateTime::from_timestamp(253_402_300_799, 0) {
        Some(at) => at,
        None => Self::MAX_UTC,
    };
    const NAME: &str = "an instant of RFC 3339, such as 2024-03-01T09:30:00+00:00";
}

/// A column does not hold what it should.
pub fn wrong(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::ColumnDecode { source, .. } => DbErr::Type(source.to_string()),
        error => DbErr::Type(error.to_string()),
    }
}
