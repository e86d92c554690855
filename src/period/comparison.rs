use super::calendar::next_day;
use super::grain::Grain;
use super::timeline::{Bucket, Length, Timeline, whole_months};
use chrono::{NaiveDate, TimeDelta};

/// Days in 52 weeks: what weeks go back by to the year before, so that every weekday meets itself.
const YEAR_OF_WEEKS: i64 = 364;

/// What a period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The period before it: as many months back as it is long where it is made of whole months or counted in months,
    /// quarters or years, otherwise as many days.
    PreviousPeriod,
    /// The same period a calendar year earlier; where it is counted in weeks, 52 weeks earlier.
    PreviousYear,
}

/// What the buckets of a period are compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Compared {
    /// What the whole period is compared with; none where nothing corresponds to it.
    pub whole: Option<Bucket>,
    /// One for each bucket; none where nothing corresponds to it, as to 29 February in a year without it.
    pub buckets: Vec<Option<Bucket>>,
}

/// How far a stretch of days goes back.
#[derive(Clone, Copy)]
enum Back {
    Months(i32),
    Days(i64),
}

/// The whole weeks nearest to so many days: at least one.
fn whole_weeks(days: i64) -> Back {
    Back::Days((days + 3).div_euclid(7).max(1) * 7)
}

impl Timeline {
    /// What the period and its buckets are compared with. A stretch of whole months is compared with as many whole months,
    /// however many days they have. Any other goes back date for date: from the same day of the month to the same day,
    /// where there is none from the first day of the next month, and to the last day of the month. Buckets of weeks go back
    /// by whole weeks, the nearest to how far the period goes back.
    pub fn compared(&self, comparison: Comparison) -> Compared {
        let back = match (comparison, self.length) {
            (Comparison::PreviousYear, Length::Weeks(_)) => Back::Days(YEAR_OF_WEEKS),
            (Comparison::PreviousYear, _) => Back::Months(12),
            (Comparison::PreviousPeriod, Length::Months(months)) => Back::Months(months),
            (Comparison::PreviousPeriod, Length::Weeks(weeks)) => Back::Days(i64::from(weeks) * 7),
            (Comparison::PreviousPeriod, Length::Days(days)) => Back::Days(days.into()),
        };
        let (first, last) = (self.first(), self.last());
        let whole = self.moved(first, last, self.to_date, back, None);
        let back = match (self.grain, back, comparison, &whole) {
            (Some(Grain::Week), Back::Months(_), Comparison::PreviousYear, _) => Back::Days(YEAR_OF_WEEKS),
            (Some(Grain::Week), Back::Months(_), Comparison::PreviousPeriod, Some(whole)) => {
                whole_weeks((first - whole.first).num_days())
            }
            (Some(Grain::Week), Back::Days(days), ..) => whole_weeks(days),
            _ => back,
        };
        let bucket = |bucket: &Bucket| {
            let open = self.to_date && bucket.last == last;
            self.moved(bucket.first, bucket.last, open, back, self.grain)
        };
        Compared { whole, buckets: self.buckets.iter().map(bucket).collect() }
    }

    /// A stretch of days moved back. `open`: it ends today, so that it is not whole even where it ends with its month.
    fn moved(&self, first: NaiveDate, last: NaiveDate, open: bool, back: Back, grain: Option<Grain>) -> Option<Bucket> {
        let system = self.calendar.system;
        let (first, last) = match back {
            Back::Days(days) => {
                let earlier = |day: NaiveDate| day.checked_sub_signed(TimeDelta::days(days));
                (earlier(first)?, earlier(last)?)
            }
            Back::Months(months) if !open && whole_months(first, last, &self.calendar).is_some() => {
                let start = |day| system.first_of(system.read(day).0.later(-months));
                (start(first)?, start(next_day(last))?.pred_opt()?)
            }
            Back::Months(months) => (system.same_or_next(first, -months)?, system.same_or_last(last, -months)?),
        };
        (first <= last).then(|| Bucket::new(first, last, grain, &self.calendar))
    }
}

impl Compared {
    /// The buckets as a timeline without gaps, and the place in it of what each bucket of `period` is compared with. `None`
    /// where nothing corresponds to any.
    pub fn timeline(&self, period: &Timeline) -> Option<(Timeline, Vec<Option<usize>>)> {
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut places = Vec::with_capacity(self.buckets.len());
        for bucket in &self.buckets {
            places.push(bucket.as_ref().map(|bucket| {
                let gap = buckets.last().map(|before| next_day(before.last)).filter(|&day| day < bucket.first);
                if let (Some(first), Some(last)) = (gap, bucket.first.pred_opt()) {
                    buckets.push(Bucket::new(first, last, None, &period.calendar));
                }
                buckets.push(bucket.clone());
                buckets.len() - 1
            }));
        }
        (!buckets.is_empty()).then_some((Timeline { buckets, ..*period }, places))
    }
}
