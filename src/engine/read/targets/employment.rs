//! When reps are employed.

use crate::database::whole;
use crate::engine::sql::day_of_number;
use crate::error::{Error, Result};
use crate::period::Bucket;
use chrono::NaiveDate;
use sea_orm::QueryResult;

/// Days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// When a rep is employed; of teams and the company: always.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Employment {
    /// The first day; none: since before anything else.
    pub first: Option<NaiveDate>,
    /// The day behind the last one; none: still.
    pub behind: Option<NaiveDate>,
}

impl Employment {
    /// The days of a bucket that are in it; none where no day is.
    pub fn of(self, bucket: &Bucket) -> Option<Days> {
        let first = self.first.map_or(bucket.first, |first| first.max(bucket.first));
        let last = match self.behind {
            Some(behind) => behind.pred_opt()?.min(bucket.last),
            None => bucket.last,
        };
        (first <= last).then_some(Days { first, last })
    }

    /// Of a row of the statement about reps.
    pub fn of_row(row: &QueryResult) -> Result<Self> {
        let day = |place| {
            let bad = |error| Error::BadStoredData(format!("in the days that a rep is employed: {error}"));
            whole(row, place).map(|number| number.and_then(day_of_number)).map_err(bad)
        };
        Ok(Self { first: day(9)?, behind: day(10)? })
    }
}

impl Days {
    /// How many of some days, both included, are among these.
    pub fn shared(self, first: NaiveDate, last: NaiveDate) -> i64 {
        ((last.min(self.last) - first.max(self.first)).num_days() + 1).max(0)
    }

    /// How many there are.
    pub fn count(self) -> i64 {
        (self.last - self.first).num_days() + 1
    }
}
