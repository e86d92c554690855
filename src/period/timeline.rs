use super::calendar::{Calendar, next_day};
use super::grain::Grain;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// The most buckets a question may have: ten years of days.
pub const MAX_BUCKETS: usize = 3700;

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

/// A stretch of the period that figures are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// The name of its unit; "first/last" for a whole period.
    pub label: String,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// It has only a part of its unit.
    pub partial: bool,
}

/// A period cut into buckets, with the instants that they begin and end at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Timeline {
    /// What the days are laid out by.
    pub calendar: Calendar,
    /// The unit of the buckets; none: the period is one bucket.
    pub grain: Option<Grain>,
    /// In the order of time, without gaps; never empty.
    pub buckets: Vec<Bucket>,
}

impl Period {
    /// The first and last day, seen at `now`.
    pub fn days(&self, calendar: &Calendar, now: DateTime<Utc>) -> Result<(NaiveDate, NaiveDate), PeriodError> {
        let (first, last) = match *self {
            Self::Dates { first, last } => (first, last),
            Self::Relative { unit, offset, count, to_date } => {
                let today = calendar.day_of(now);
                let this = unit.start(today, calendar);
                let back = i32::try_from(count.max(1)).map_err(|_| PeriodError::OutOfRange)? - 1;
                let end = offset.checked_add(1).and_then(|units| unit.shift(this, units));
                let start = offset.checked_sub(back).and_then(|units| unit.shift(this, units));
                let (start, end) = start.zip(end).ok_or(PeriodError::OutOfRange)?;
                let last = end.pred_opt().ok_or(PeriodError::OutOfRange)?;
                (start, if to_date { last.min(today) } else { last })
            }
        };
        if last < first {
            return Err(PeriodError::Backwards { first, last });
        }
        if first.year() < 1900 || last.year() > 2200 {
            return Err(PeriodError::OutOfRange);
        }
        Ok((first, last))
    }

    /// Cuts the period into buckets of a grain (none: one bucket), seen at `now`.
    pub fn resolve(
        &self,
        grain: Option<Grain>,
        calendar: Calendar,
        now: DateTime<Utc>,
    ) -> Result<Timeline, PeriodError> {
        let (first, last) = self.days(&calendar, now)?;
        let Some(unit) = grain else {
            return Ok(Timeline { calendar, grain, buckets: vec![whole(first, last)] });
        };
        let mut buckets = Vec::new();
        let mut start = unit.start(first, &calendar);
        while start <= last {
            let next = unit.shift(start, 1).ok_or(PeriodError::OutOfRange)?;
            let unit_last = next.pred_opt().ok_or(PeriodError::OutOfRange)?;
            buckets.push(Bucket {
                label: unit.label(start, &calendar),
                first: start.max(first),
                last: unit_last.min(last),
                partial: start < first || unit_last > last,
            });
            start = next;
        }
        if buckets.len() > MAX_BUCKETS {
            return Err(PeriodError::TooManyBuckets(buckets.len()));
        }
        Ok(Timeline { calendar, grain, buckets })
    }
}

impl Timeline {
    /// The first day of the period.
    pub fn first(&self) -> NaiveDate {
        self.buckets.first().map_or(NaiveDate::MIN, |bucket| bucket.first)
    }

    /// The last day of the period.
    pub fn last(&self) -> NaiveDate {
        self.buckets.last().map_or(NaiveDate::MAX, |bucket| bucket.last)
    }

    /// The same period as one bucket.
    pub fn whole(&self) -> Self {
        Self { calendar: self.calendar, grain: None, buckets: vec![whole(self.first(), self.last())] }
    }

    /// The instants at which buckets begin, then the one at which the last ends: bucket `i` is from edge `i`, included,
    /// to edge `i + 1`, excluded.
    pub fn edges(&self) -> Vec<DateTime<Utc>> {
        self.moved_edges(|day| day)
    }

    /// The edges moved by calendar years; 29 February becomes 1 March, so that the moved buckets tile too.
    pub fn edges_years_away(&self, years: i32) -> Vec<DateTime<Utc>> {
        self.moved_edges(|day| move_years(day, years))
    }

    /// The edges moved back by one unit of the grain, so that each bucket becomes the one before it. Without a grain they
    /// go back by the whole period: by months where it is made of whole months, otherwise by days.
    pub fn edges_before(&self) -> Vec<DateTime<Utc>> {
        let (first, end) = (self.first(), next_day(self.last()));
        let (unit, count) = match self.grain {
            Some(grain) => (grain, 1),
            None if first.day() == 1 && end.day() == 1 => {
                let months = |day: NaiveDate| day.year() * 12 + day.month0() as i32;
                (Grain::Month, months(end) - months(first))
            }
            None => (Grain::Day, i32::try_from((end - first).num_days()).unwrap_or(i32::MAX)),
        };
        self.moved_edges(|day| unit.shift(day, -count).unwrap_or(day))
    }

    fn moved_edges(&self, moved: impl Fn(NaiveDate) -> NaiveDate) -> Vec<DateTime<Utc>> {
        let starts = self.buckets.iter().map(|bucket| bucket.first);
        starts.chain([next_day(self.last())]).map(|day| self.calendar.start_of(moved(day))).collect()
    }

    /// How many calendar days each bucket has.
    pub fn days(&self) -> impl Iterator<Item = i64> {
        self.buckets.iter().map(|bucket| (bucket.last - bucket.first).num_days() + 1)
    }

    /// Seconds that local time is ahead of UTC, from two days before the period on, and every instant until its end from
    /// which on it is another number.
    pub fn offsets(&self) -> (i32, Vec<(DateTime<Utc>, i32)>) {
        let (first, end) = (self.calendar.start_of(self.first()), self.calendar.start_of(next_day(self.last())));
        self.calendar.offsets(first - TimeDelta::days(2), end)
    }
}

fn whole(first: NaiveDate, last: NaiveDate) -> Bucket {
    Bucket { label: format!("{first}/{last}"), first, last, partial: false }
}

fn move_years(day: NaiveDate, years: i32) -> NaiveDate {
    let year = day.year() + years;
    day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use proptest::prelude::*;

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

    #[test]
    fn a_leap_day_moved_by_a_year_leaves_an_empty_bucket() {
        let period = Period::Dates { first: day("2024-02-28"), last: day("2024-03-01") };
        let timeline = period.resolve(Some(Grain::Day), Calendar::default(), Utc::now()).unwrap();
        let edges: Vec<_> = timeline.edges_years_away(-1).iter().map(|edge| edge.date_naive().to_string()).collect();
        assert_eq!(edges, ["2023-02-28", "2023-03-01", "2023-03-01", "2023-03-02"]);
    }

    #[test]
    fn the_period_before_has_whole_units() {
        let before = |first, last, grain| {
            let timeline =
                Period::Dates { first: day(first), last: day(last) }.resolve(grain, Calendar::default(), Utc::now());
            let edges = timeline.unwrap().edges_before();
            edges.iter().map(|edge| edge.date_naive().to_string()).collect::<Vec<_>>()
        };
        let months = Some(Grain::Month);
        assert_eq!(before("2024-03-01", "2024-04-30", months), ["2024-02-01", "2024-03-01", "2024-04-01"]);
        assert_eq!(before("2024-03-31", "2024-04-10", months), ["2024-02-29", "2024-03-01", "2024-03-11"]);
        assert_eq!(before("2024-03-01", "2024-03-31", None), ["2024-02-01", "2024-03-01"]);
        assert_eq!(before("2024-01-01", "2024-06-30", None), ["2023-07-01", "2024-01-01"]);
        assert_eq!(before("2024-03-02", "2024-03-31", None), ["2024-02-01", "2024-03-02"]);
        assert_eq!(before("2024-02-26", "2024-03-03", Some(Grain::Week)), ["2024-02-19", "2024-02-26"]);
    }

    fn grains() -> impl Strategy<Value = Grain> {
        prop::sample::select(vec![Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year])
    }

    proptest! {
        #[test]
        fn buckets_tile_the_period(
            start in 0i64..50_000, days in 0i64..1500, grain in grains(), zone in 0usize..chrono_tz::TZ_VARIANTS.len(),
            week in 0u8..7,
        ) {
            let first = day("1950-01-01") + chrono::TimeDelta::days(start);
            let last = first + chrono::TimeDelta::days(days);
            let calendar = Calendar { zone: chrono_tz::TZ_VARIANTS[zone], week_start: chrono::Weekday::try_from(week).unwrap() };
            let now = Utc.timestamp_opt(0, 0).unwrap();
            let timeline = Period::Dates { first, last }.resolve(Some(grain), calendar, now).unwrap();
            prop_assert_eq!(timeline.first(), first);
            prop_assert_eq!(timeline.last(), last);
            for pair in timeline.buckets.windows(2) {
                prop_assert_eq!(next_day(pair[0].last), pair[1].first);
            }
            for edges in [timeline.edges(), timeline.edges_years_away(-1), timeline.edges_before()] {
                prop_assert_eq!(edges.len(), timeline.buckets.len() + 1);
                prop_assert!(edges.windows(2).all(|pair| pair[0] <= pair[1]));
            }
        }
    }
}
