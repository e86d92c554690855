use super::calendar::{Day, Minute, day_of, midnight};
use chrono::{Months, NaiveDate};

/// How much demo data to make, and up to when. The same options always give the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Sales reps, 1 to [`Options::MAX_REPS`].
    pub reps: u32,
    /// Years of opportunities, 1 to [`Options::MAX_YEARS`]. Orders of older customers reach further back.
    pub years: u32,
    /// Another seed gives other data of the same kind.
    pub seed: u64,
    /// The last day that anything happens on, in UTC.
    pub last_day: NaiveDate,
}

impl Options {
    /// The most reps; more are taken for this many.
    pub const MAX_REPS: u32 = 9_999;
    /// The most years; more are taken for this many.
    pub const MAX_YEARS: u32 = 20;
    /// Reps by default.
    pub const DEFAULT_REPS: u32 = 40;
    /// Years by default.
    pub const DEFAULT_YEARS: u32 = 3;
    /// The seed by default.
    pub const DEFAULT_SEED: u64 = 1;

    /// The defaults, up to a day.
    pub fn until(last_day: NaiveDate) -> Self {
        Self { reps: Self::DEFAULT_REPS, years: Self::DEFAULT_YEARS, seed: Self::DEFAULT_SEED, last_day }
    }

    /// The first of the days that opportunities close on.
    pub fn first_day(&self) -> NaiveDate {
        let next = self.last_day.succ_opt().unwrap_or(self.last_day);
        next.checked_sub_months(Months::new(12 * self.years())).unwrap_or(self.last_day)
    }

    pub(super) fn reps(&self) -> u32 {
        self.reps.clamp(1, Self::MAX_REPS)
    }

    pub(super) fn years(&self) -> u32 {
        self.years.clamp(1, Self::MAX_YEARS)
    }

    pub(super) fn span(&self) -> Span {
        let last = day_of(self.last_day);
        Span { first: day_of(self.first_day()), last, end: midnight(last + 1) }
    }
}

/// The stretch of time that is filled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub first: Day,
    pub last: Day,
    /// Everything happens before it.
    pub end: Minute,
}

impl Span {
    /// A figure in per mille that grows by `yearly` per mille of its start every year, since the first day.
    pub fn grown(&self, day: Day, yearly: i64) -> i64 {
        1000 + yearly * i64::from(day - self.first) / 365
    }
}
