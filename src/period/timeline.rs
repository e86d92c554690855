use super::calendar::{Calendar, next_day};
use super::grain::Grain;
use super::now::Now;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// The most buckets a question may have: ten years of days.
pub const MAX_BUCKETS: usize = 3700;

/// A stretch of the period that figures are about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bucket {
    /// The name of its unit; "first/last" for a stretch that is not in one unit.
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
    /// How far the period before it is away.
    pub length: Length,
    /// It ends with today, wherever in its unit that is.
    pub to_date: bool,
    /// When it is seen.
    pub now: Now,
    /// In the order of time, without gaps; never empty.
    pub buckets: Vec<Bucket>,
}

/// How long a period is, in the units that it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Length {
    Months(i32),
    Weeks(i32),
    Days(i32),
}

impl Length {
    /// The length of a stretch of days: whole months, where it is made of such.
    pub(super) fn of(first: NaiveDate, last: NaiveDate, calendar: &Calendar) -> Self {
        let days = (last - first).num_days() + 1;
        match whole_months(first, last, calendar) {
            Some(months) => Self::Months(months),
            None => Self::Days(days.try_into().unwrap_or(i32::MAX)),
        }
    }
}

/// How many months a stretch of days is made of, where it is made of whole ones.
pub(super) fn whole_months(first: NaiveDate, last: NaiveDate, calendar: &Calendar) -> Option<i32> {
    let ((start, 1), (end, 1)) = (calendar.system.read(first), calendar.system.read(next_day(last))) else {
        return None;
    };
    Some(end.since(start))
}

impl Bucket {
    /// A stretch of days, named after its unit where it is in one.
    pub(super) fn new(first: NaiveDate, last: NaiveDate, grain: Option<Grain>, calendar: &Calendar) -> Self {
        let unit = grain.map(|grain| (grain, grain.start(first, calendar)));
        let end = unit.and_then(|(grain, start)| grain.shift(start, 1, calendar));
        match unit.zip(end) {
            Some(((grain, start), end)) if last < end => {
                let partial = start < first || next_day(last) < end;
                Self { label: grain.label(start, calendar), first, last, partial }
            }
            _ => {
                let label = format!("{}/{}", calendar.system.label(first), calendar.system.label(last));
                Self { label, first, last, partial: grain.is_some() }
            }
        }
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

    /// Whether a bucket has begun and is not over.
    pub fn is_unfinished(&self, bucket: &Bucket) -> bool {
        (bucket.first..=bucket.last).contains(&self.now.today)
    }

    /// Whether a bucket has not begun.
    pub fn is_ahead(&self, bucket: &Bucket) -> bool {
        bucket.first > self.now.today
    }

    /// Whether some of the period is ahead of now.
    pub fn reaches_ahead(&self) -> bool {
        self.last() >= self.now.today
    }

    /// The same period as one bucket.
    pub fn whole(&self) -> Self {
        let whole = Bucket::new(self.first(), self.last(), None, &self.calendar);
        Self { grain: None, buckets: vec![whole], ..*self }
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

    /// The same from ten years before the period to a year after it: for rows whose times are far apart.
    pub fn offsets_around(&self) -> (i32, Vec<(DateTime<Utc>, i32)>) {
        let (first, end) = (self.calendar.start_of(self.first()), self.calendar.start_of(next_day(self.last())));
        self.calendar.offsets(first - TimeDelta::days(10 * 366), end + TimeDelta::days(366))
    }
}
