use super::calendar::Calendar;
use chrono::{DateTime, NaiveDate, Utc};

/// When a period is seen: to the minute, so that what is seen holds for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Now {
    /// The day that it is.
    pub today: NaiveDate,
    /// The end of the minute that it is.
    pub until: DateTime<Utc>,
}

impl Now {
    /// An instant in a calendar.
    pub fn of(instant: DateTime<Utc>, calendar: &Calendar) -> Self {
        let minutes = instant.timestamp().div_euclid(60).saturating_add(1);
        let until = DateTime::from_timestamp(minutes.saturating_mul(60), 0).unwrap_or(instant);
        Self { today: calendar.day_of(instant), until }
    }

    /// The minute that ends at so many seconds of Unix time.
    pub fn until(seconds: i64, calendar: &Calendar) -> Option<Self> {
        DateTime::from_timestamp(seconds.checked_sub(60)?, 0).map(|minute| Self::of(minute, calendar))
    }
}
