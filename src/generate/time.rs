use super::options::Options;
use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc};

/// Seconds since 1970, UTC.
pub(super) type Second = i64;

pub(super) const HOUR: Second = 3_600;
pub(super) const DAY: Second = 24 * HOUR;

pub(super) fn instant(at: Second) -> DateTime<Utc> {
    DateTime::from_timestamp(at, 0).unwrap_or_default()
}

fn midnight(day: NaiveDate) -> Second {
    day.and_time(NaiveTime::MIN).and_utc().timestamp()
}

/// The stretch of time that is filled.
#[derive(Clone, Debug)]
pub(super) struct Span {
    pub start: Second,
    /// Everything happens before it.
    pub end: Second,
    /// The first days of the months that it has days of.
    pub months: Vec<NaiveDate>,
    /// How many seconds a deal takes, at least and at most: few enough for one in ten to be open in the end.
    pub cycle: (Second, Second),
}

impl Span {
    pub fn of(options: &Options) -> Self {
        let first = options.first_day();
        let start = midnight(first);
        let end = midnight(options.last_day) + DAY;
        let mut months = Vec::new();
        let mut month = first.with_day(1).unwrap_or(first);
        while month <= options.last_day {
            months.push(month);
            month = next_month(month);
        }
        let longest = ((end - start) * 17 / 100).min(170 * DAY);
        Self { start, end, months, cycle: (longest / 20, longest) }
    }

    /// The instant that the part `number` of `of` parts begins at.
    pub fn part(&self, number: u64, of: u64) -> Second {
        self.start + ((self.end - self.start) as u64 * number / of.max(1)) as Second
    }

    /// What is before the end.
    pub fn before_end(&self, at: Second) -> Option<Second> {
        (at < self.end).then_some(at)
    }

    /// The beginning of a month, of which there are as many as [`Span::months`]; the last one ends with the month.
    pub fn month(&self, place: usize) -> (Second, Second) {
        match self.months.get(place) {
            Some(first) => (midnight(*first), midnight(next_month(*first))),
            None => (self.start, self.end),
        }
    }
}

pub(super) fn next_month(first: NaiveDate) -> NaiveDate {
    first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
}
