use super::calendar::Calendar;
use super::grain::Grain;
use super::timeline::{Bucket, Length, MAX_BUCKETS, Timeline};
use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// A stretch of days as a caller asks for it.
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
        let mut timeline = Timeline { calendar, grain, length, to_date, buckets: Vec::new() };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn labels(period: Period, grain: Option<Grain>, now: &str) -> Vec<String> {
        let timeline = period.resolve(grain, Calendar::default(), now.parse().unwrap()).unwrap();
        timeline.buckets.into_iter().map(|b| format!("{} {} {} {}", b.label, b.first, b.last, b.partial)).collect()
    }

    const NOW: &str = "2024-02-29T12:00:00Z";

    fn relative(unit: Grain, offset: i32, count: u32, to_date: bool) -> Period {
        Period::Relative { unit, offset, count, to_date }
    }

    #[test]
    fn periods_beside_today() {
        let whole = |period| labels(period, None, NOW)[0].split(' ').next().unwrap().to_owned();
        assert_eq!(whole(relative(Grain::Quarter, 0, 1, false)), "2024-01-01/2024-03-31");
        assert_eq!(whole(relative(Grain::Quarter, 0, 1, true)), "2024-01-01/2024-02-29");
        assert_eq!(whole(relative(Grain::Quarter, -1, 1, true)), "2023-10-01/2023-12-31");
        assert_eq!(whole(relative(Grain::Day, -1, 90, false)), "2023-12-01/2024-02-28");
        assert_eq!(whole(relative(Grain::Month, -1, 3, false)), "2023-11-01/2024-01-31");
        assert_eq!(whole(relative(Grain::Year, -1, 0, false)), "2023-01-01/2023-12-31");
        // 29 February 2024 was a Thursday.
        assert_eq!(whole(relative(Grain::Week, 0, 1, false)), "2024-02-26/2024-03-03");
    }

    #[test]
    fn buckets_carry_the_name_of_their_unit() {
        let period = Period::Dates { first: day("2016-12-31"), last: day("2017-01-02") };
        assert_eq!(
            labels(period, Some(Grain::Week), NOW),
            ["2016-W52 2016-12-31 2017-01-01 true", "2017-W01 2017-01-02 2017-01-02 true"]
        );
        assert_eq!(
            labels(period, Some(Grain::Quarter), NOW),
            ["2016-Q4 2016-12-31 2016-12-31 true", "2017-Q1 2017-01-01 2017-01-02 true"]
        );
        let month = Period::Dates { first: day("2017-02-01"), last: day("2017-02-28") };
        assert_eq!(labels(month, Some(Grain::Month), NOW), ["2017-02 2017-02-01 2017-02-28 false"]);
    }

    #[test]
    fn bad_periods_say_why() {
        let resolve = |first, last, grain| {
            Period::Dates { first: day(first), last: day(last) }.resolve(grain, Calendar::default(), Utc::now())
        };
        assert!(matches!(resolve("2017-02-02", "2017-02-01", None), Err(PeriodError::Backwards { .. })));
        assert_eq!(resolve("1899-12-31", "2017-02-01", None), Err(PeriodError::OutOfRange));
        assert_eq!(resolve("2000-01-01", "2199-12-31", Some(Grain::Day)), Err(PeriodError::TooManyBuckets(73049)));
        let far = relative(Grain::Year, i32::MAX, 1, false).resolve(None, Calendar::default(), Utc::now());
        assert_eq!(far, Err(PeriodError::OutOfRange));
    }
}
