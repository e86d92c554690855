use crate::calendar::{Span, day_of, midnight};
use chrono::{Datelike, Months, NaiveDate};
use std::fmt;
use std::ops::RangeInclusive;

/// How much to make up, and up to when. The same options always give the same rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Sales reps, 1 to [`Options::MAX_REPS`]. One in thirteen is a beginner who left again.
    pub reps: u32,
    /// Opportunities, 1 to [`Options::MAX_OPPORTUNITIES`], with about ten other rows for each. Where this is `None` there are
    /// as many as so many reps have, and all that they do is recorded: about twenty rows for each.
    pub opportunities: Option<u32>,
    /// Years that opportunities close in, 1 to [`Options::MAX_YEARS`]. Some are older, and orders of older customers as well.
    pub years: u32,
    /// Another seed gives other data of the same kind.
    pub seed: u64,
    /// The last day that anything happens on, in UTC; of the years [`Options::LAST_YEARS`].
    pub last_day: NaiveDate,
}

impl Options {
    /// The most reps.
    pub const MAX_REPS: u32 = 1_000_000;
    /// The most opportunities.
    pub const MAX_OPPORTUNITIES: u32 = 50_000_000;
    /// The most years.
    pub const MAX_YEARS: u32 = 20;
    /// The years that the last day may be of.
    pub const LAST_YEARS: RangeInclusive<i32> = 1900..=2999;

    /// A company to look at: 40 reps over three years, with all that they do.
    pub fn demo(last_day: NaiveDate) -> Self {
        Self { reps: 40, opportunities: None, years: 3, seed: 1, last_day }
    }

    /// A company to measure with: a million opportunities of a thousand reps over three years.
    pub fn bulk(last_day: NaiveDate) -> Self {
        Self { reps: 1_000, opportunities: Some(1_000_000), ..Self::demo(last_day) }
    }

    /// The first of the days that opportunities close on.
    pub fn first_day(&self) -> NaiveDate {
        let next = self.last_day.succ_opt().unwrap_or(self.last_day);
        next.checked_sub_months(Months::new(12 * self.years)).unwrap_or(self.last_day)
    }

    /// What the company is called: the name tells that it is made up, and how, but not up to which day.
    pub fn label(&self) -> String {
        let Self { reps, years, seed, .. } = self;
        match self.opportunities {
            None => format!("Demo company, {reps} reps, {years} years, seed {seed}"),
            Some(deals) => format!("Generated company, {reps} reps, {deals} opportunities, {years} years, seed {seed}"),
        }
    }

    pub(crate) fn span(&self) -> Span {
        let last = day_of(self.last_day);
        Span { first: day_of(self.first_day()), last, end: midnight(last + 1) }
    }

    pub(crate) fn check(&self) -> Result<(), OutOfRange> {
        let numbers = [
            ("reps", self.reps, Self::MAX_REPS),
            ("opportunities", self.opportunities.unwrap_or(1), Self::MAX_OPPORTUNITIES),
            ("years", self.years, Self::MAX_YEARS),
        ];
        if let Some((name, number, most)) = numbers.iter().find(|(_, number, most)| !(1..=*most).contains(number)) {
            return Err(OutOfRange(format!("{name} must be from 1 to {most}, not {number}")));
        }
        if !Self::LAST_YEARS.contains(&self.last_day.year()) {
            let (first, last) = (Self::LAST_YEARS.start(), Self::LAST_YEARS.end());
            let day = self.last_day;
            return Err(OutOfRange(format!("the last day must be of the years {first} to {last}, not {day}")));
        }
        Ok(())
    }
}

/// An option is out of its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfRange(String);

impl fmt::Display for OutOfRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for OutOfRange {}
