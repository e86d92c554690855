use super::calendar::Calendar;
use super::grain::Grain;
use super::now::Now;
use super::timeline::{Bucket, Length, MAX_BUCKETS, Timeline};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// A stretch of days as a caller asks for it.
///
/// ```
/// use crm_kpi::period::{Calendar, Grain, Period, PeriodError};
///
/// let last_month = Period::Relative { unit: Grain::Month, offset: -1, count: 1, to_date: false };
/// let now = "2026-03-03T12:00:00Z".parse().unwrap();
/// let timeline = last_month.resolve(Some(Grain::Week), Calendar::default(), now)?;
/// assert_eq!(timeline.first().to_string(), "2026-02-01");
/// assert_eq!(timeline.last().to_string(), "2026-02-28");
/// // The month begins on a Sunday and ends on a Saturday.
/// let whole_weeks = timeline.buckets.iter().filter(|week| !week.partial).count();
/// assert_eq!((timeline.buckets.len(), whole_weeks), (5, 3));
/// # Ok::<(), PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// From one day to another, both included.
    Dates {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// Whole units beside today.
    Relative {
        /// The unit.
        unit: Grain,
        /// The last unit, counted from the one that today is in.
        offset: i32,
        /// How many units, going back from there.
        count: u32,
        /// End with today where it would end later.
        to_date: bool,
    },
}

/// Why a period cannot be resolved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The last day is before the first.
    #[error("the first day {first} is after the last day {last}")]
    Backwards {
        /// The first day.
        first: NaiveDate,
        /// The last day.
        last: NaiveDate,
    },
    /// Before 1900 or after 2200.
    #[error("the period must lie between 1900-01-01 and 2200-12-31")]
    OutOfRange,
    /// More than [`MAX_BUCKETS`].
    #[error(
        "the period has {0} buckets of that grain, and a query has at most {MAX_BUCKETS}: take a coarser grain or a shorter period"
    )]
    TooManyBuckets(usize),
}

/// The days of a period, seen from some day.
struct Days {
    first: NaiveDate,
    last: NaiveDate,
    length: Length,
    to_date: bool,
}

impl Period {
    fn days(&self, calendar: &Calendar, now: DateTime<Utc>) -> Result<Days, PeriodError> {
        let days = match *self {
            Self::Dates { first, last } => {
                Days { first, last, length: Length::of(first, last, calendar), to_date: false }
            }
            Self::Relative { unit, offset, count, to_date } => {
                let today = calendar.day_of(now);
                let this = unit.start(today, calendar);
                let count = i32::try_from(count.max(1)).map_err(|_| PeriodError::OutOfRange)?;
                let end = offset.checked_add(1).and_then(|units| unit.shift(this, units, calendar));
                let start = offset.checked_sub(count - 1).and_then(|units| unit.shift(this, units, calendar));
                let (first, end) = start.zip(end).ok_or(PeriodError::OutOfRange)?;
                let last = end.pred_opt().ok_or(PeriodError::OutOfRange)?;
                let length = match (unit, unit.months()) {
                    (Grain::Week, _) => Length::Weeks(count),
                    (_, None) => Length::Days(count),
                    (_, Some(months)) => Length::Months(count.saturating_mul(months)),
                };
                let to_date = to_date && last >= today;
                Days { first, last: if to_date { today } else { last }, length, to_date }
            }
        };
        if days.last < days.first {
            return Err(PeriodError::Backwards { first: days.first, last: days.last });
        }
        if days.first.year() < 1900 || days.last.year() > 2200 {
            return Err(PeriodError::OutOfRange);
        }
        Ok(days)
    }

    /// Cuts the period into buckets of a grain (none: one bucket), seen at `now`.
    pub fn resolve(
        &self,
        grain: Option<Grain>,
        calendar: Calendar,
        now: DateTime<Utc>,
    ) -> Result<Timeline, PeriodError> {
        let Days { first, last, length, to_date } = self.days(&calendar, now)?;
        let mut timeline =
            Timeline { calendar, grain, length, to_date, now: Now::of(now, &calendar), buckets: Vec::new() };
        let Some(unit) = grain else {
            timeline.buckets.push(Bucket::new(first, last, None, &calendar));
            return Ok(timeline);
        };
        let mut start = unit.start(first, &calendar);
        while start <= last {
            let next = unit.shift(start, 1, &calendar).ok_or(PeriodError::OutOfRange)?;
            let unit_last = next.pred_opt().ok_or(PeriodError::OutOfRange)?;
            timeline.buckets.push(Bucket::new(start.max(first), unit_last.min(last), grain, &calendar));
            start = next;
        }
        if timeline.buckets.len() > MAX_BUCKETS {
            return Err(PeriodError::TooManyBuckets(timeline.buckets.len()));
        }
        Ok(timeline)
    }
}
