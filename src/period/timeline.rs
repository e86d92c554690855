use super::calendar::{Calendar, next_day};
use super::comparison::Comparison;
use super::grain::Grain;
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

    /// The same period as one bucket.
    pub fn whole(&self) -> Self {
        let whole = Bucket::new(self.first(), self.last(), None, &self.calendar);
        Self { grain: None, buckets: vec![whole], ..*self }
    }

    /// The instants at which buckets begin, then the one at which the last ends: bucket `i` is from edge `i`, included,
    /// to edge `i + 1`, excluded.
    pub fn edges(&self) -> Vec<DateTime<Utc>> {
        let starts = self.buckets.iter().map(|bucket| bucket.first);
        starts.chain([next_day(self.last())]).map(|day| self.calendar.start_of(day)).collect()
    }

    /// The edges moved by calendar years; a day that the year does not have becomes the next one (29 February becomes
    /// 1 March), so that the moved buckets tile too.
    pub fn edges_years_away(&self, years: i32) -> Vec<DateTime<Utc>> {
        self.edges_months_away(years.saturating_mul(12), next_day(self.last()))
    }

    /// The edges moved back by one unit of the grain, so that each bucket becomes the one before it. Without a grain they
    /// go back to the period before, see [`Comparison::PreviousPeriod`].
    pub fn edges_before(&self) -> Vec<DateTime<Utc>> {
        match (self.grain, self.grain.and_then(Grain::months)) {
            (Some(_), Some(months)) => {
                let same = self.calendar.system.same_or_last(self.last(), -months).filter(|_| self.to_date);
                match same {
                    Some(last) => {
                        let mut edges = self.edges_months_away(-months, self.last());
                        edges.pop();
                        edges.push(self.calendar.start_of(next_day(last)));
                        edges
                    }
                    None => self.edges_months_away(-months, next_day(self.last())),
                }
            }
            (Some(grain), None) => {
                let starts = self.buckets.iter().map(|bucket| bucket.first).chain([next_day(self.last())]);
                let moved = starts.map(|day| grain.shift(day, -1, &self.calendar).unwrap_or(day));
                moved.map(|day| self.calendar.start_of(day)).collect()
            }
            (None, _) => {
                let before = self.compared(Comparison::PreviousPeriod).whole;
                let (first, last) = before.map_or((self.first(), self.last()), |before| (before.first, before.last));
                vec![self.calendar.start_of(first), self.calendar.start_of(next_day(last))]
            }
        }
    }

    /// The starts of the buckets and an end, moved by months.
    fn edges_months_away(&self, months: i32, end: NaiveDate) -> Vec<DateTime<Utc>> {
        let starts = self.buckets.iter().map(|bucket| bucket.first);
        let moved = |day| self.calendar.system.same_or_next(day, months).unwrap_or(day);
        starts.chain([end]).map(|day| self.calendar.start_of(moved(day))).collect()
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
