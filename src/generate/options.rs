use chrono::{Datelike, Months, NaiveDate};
use std::ops::RangeInclusive;

/// How much to generate, and up to when. The same options always give the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Sales reps, 1 to [`Options::MAX_REPS`].
    pub reps: u32,
    /// Opportunities, 1 to [`Options::MAX_OPPORTUNITIES`]: all other facts are in proportion to them.
    pub opportunities: u32,
    /// Years that the facts are spread over, 1 to [`Options::MAX_YEARS`].
    pub years: u32,
    /// Another seed gives other data of the same kind.
    pub seed: u64,
    /// The last day that anything happens on, in UTC; of the years 1900 to 2999.
    pub last_day: NaiveDate,
}

impl Options {
    /// The most reps.
    pub const MAX_REPS: u32 = 1_000_000;
    /// The most opportunities.
    pub const MAX_OPPORTUNITIES: u32 = 50_000_000;
    /// The most years.
    pub const MAX_YEARS: u32 = 20;
    /// Reps by default.
    pub const DEFAULT_REPS: u32 = 1_000;
    /// Opportunities by default.
    pub const DEFAULT_OPPORTUNITIES: u32 = 1_000_000;
    /// Years by default.
    pub const DEFAULT_YEARS: u32 = 3;
    /// The seed by default.
    pub const DEFAULT_SEED: u64 = 1;
    /// The years that the last day may be of.
    pub const LAST_YEARS: RangeInclusive<i32> = 1900..=2999;

    /// The defaults, up to a day.
    pub fn until(last_day: NaiveDate) -> Self {
        Self {
            reps: Self::DEFAULT_REPS,
            opportunities: Self::DEFAULT_OPPORTUNITIES,
            years: Self::DEFAULT_YEARS,
            seed: Self::DEFAULT_SEED,
            last_day,
        }
    }

    /// The first day that opportunities are created on.
    pub fn first_day(&self) -> NaiveDate {
        let next = self.last_day.succ_opt().unwrap_or(self.last_day);
        next.checked_sub_months(Months::new(12 * self.years)).unwrap_or(self.last_day)
    }

    /// The first option that is out of its range, with the range.
    pub(super) fn out_of_range(&self) -> Option<String> {
        let numbers = [
            ("reps", self.reps, Self::MAX_REPS),
            ("opportunities", self.opportunities, Self::MAX_OPPORTUNITIES),
            ("years", self.years, Self::MAX_YEARS),
        ];
        let number = numbers.iter().find(|(_, number, most)| !(1..=*most).contains(number));
        match number {
            Some((name, number, most)) => Some(format!("{name} must be from 1 to {most}, not {number}")),
            None if !Self::LAST_YEARS.contains(&self.last_day.year()) => {
                Some(format!("the last day must be of the years 1900 to 2999, not {}", self.last_day))
            }
            None => None,
        }
    }
}
