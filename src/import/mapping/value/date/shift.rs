use super::zone::{in_zone, in_zone_or_next};
use super::{Moment, out_of_range};
use crate::period::{Calendar, Month, System};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// What is done to a date after it has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shift {
    /// So many units later, or earlier where negative. Months end with their last day: a month after 31 January is 28 or
    /// 29 February.
    Add(i64, Unit),
    /// The beginning of the span that it is in.
    StartOf(Span),
    /// The last day of the span that it is in; of an instant the last instant.
    EndOf(Span),
}

/// What a duration is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Years,
    Quarters,
    Months,
    Weeks,
    Days,
    Hours,
    Minutes,
}

impl Unit {
    /// The unit with a name, in the singular or the plural.
    pub fn new(name: &str) -> Option<Self> {
        Some(match name.strip_suffix('s').unwrap_or(name) {
            "year" => Self::Years,
            "quarter" => Self::Quarters,
            "month" => Self::Months,
            "week" => Self::Weeks,
            "day" => Self::Days,
            "hour" => Self::Hours,
            "minute" => Self::Minutes,
            _ => return None,
        })
    }

    /// Whether it is less than a day.
    pub fn is_of_a_day(self) -> bool {
        matches!(self, Self::Hours | Self::Minutes)
    }
}

/// A stretch of the calendar that a date is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Day,
    Month,
    Quarter,
    Year,
}

/// A date while it is shifted.
#[derive(Clone, Copy, Debug)]
pub struct Shifted {
    place: Place,
    system: System,
    zone: Tz,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// A day: as an instant its first.
    Day(NaiveDate),
    /// The last instant of a day.
    EndOf(NaiveDate),
    At(DateTime<Utc>),
}

/// More than this is added to no date that is meant.
const MOST_DAYS: i64 = 146_097;

impl Shifted {
    pub fn new(moment: Moment, zone: Tz) -> Result<Self, String> {
        let (place, system) = match moment {
            Moment::Day(day, system) => (Place::Day(day), system),
            Moment::Local(local, system) => (Place::At(in_zone(local, zone)?), system),
            Moment::At(at, system) => (Place::At(at), system),
        };
        Ok(Self { place, system, zone })
    }

    pub fn by(mut self, shift: Shift) -> Result<Self, String> {
        self.place = match shift {
            Shift::Add(count, unit) => self.add(count, unit).ok_or_else(|| "the duration is too long".to_owned())??,
            Shift::StartOf(span) => Place::Day(self.first(span, 0).ok_or_else(out_of_range)?),
            Shift::EndOf(span) => {
                let next = self.first(span, 1).ok_or_else(out_of_range)?;
                Place::EndOf(next.pred_opt().ok_or_else(out_of_range)?)
            }
        };
        Ok(self)
    }

    /// The calendar day, in the zone.
    pub fn day(self) -> NaiveDate {
        match self.place {
            Place::Day(day) | Place::EndOf(day) => day,
            Place::At(at) => at.with_timezone(&self.zone).date_naive(),
        }
    }

    /// The day, where there is no time of day.
    pub fn without_time(self) -> Option<NaiveDate> {
        match self.place {
            Place::Day(day) | Place::EndOf(day) => Some(day),
            Place::At(_) => None,
        }
    }

    /// The instant: of a day the first in the zone.
    pub fn instant(self) -> DateTime<Utc> {
        let start_of = |day| Calendar { zone: self.zone, ..Calendar::default() }.start_of(day);
        match self.place {
            Place::Day(day) => start_of(day),
            Place::EndOf(day) => start_of(day.succ_opt().unwrap_or(day)) - TimeDelta::microseconds(1),
            Place::At(at) => at,
        }
    }

    fn add(&self, count: i64, unit: Unit) -> Option<Result<Place, String>> {
        let (size, in_months) = match unit {
            Unit::Years => (12, true),
            Unit::Quarters => (3, true),
            Unit::Months => (1, true),
            Unit::Weeks => (7, false),
            Unit::Days => (1, false),
            Unit::Hours => return self.add_time(count, TimeDelta::hours(1)).map(Ok),
            Unit::Minutes => return self.add_time(count, TimeDelta::minutes(1)).map(Ok),
        };
        let count = count.checked_mul(size)?;
        let most = if in_months { MOST_DAYS / 30 } else { MOST_DAYS };
        let count = i32::try_from(count).ok().filter(|count| i64::from(count.unsigned_abs()) <= most)?;
        let later = |day: NaiveDate| match in_months {
            true => self.system.same_or_last(day, count),
            false => day.checked_add_signed(TimeDelta::days(count.into())),
        };
        Some(Ok(match self.place {
            Place::Day(day) => Place::Day(later(day)?),
            Place::EndOf(day) => Place::EndOf(later(day)?),
            Place::At(at) => {
                let local = at.with_timezone(&self.zone).naive_local();
                match in_zone_or_next(later(local.date())?.and_time(local.time()), self.zone) {
                    Ok(at) => Place::At(at),
                    Err(reason) => return Some(Err(reason)),
                }
            }
        }))
    }

    fn add_time(&self, count: i64, unit: TimeDelta) -> Option<Place> {
        let count = i32::try_from(count).ok()?;
        let delta = unit.checked_mul(count).filter(|delta| delta.num_days().abs() <= MOST_DAYS)?;
        self.instant().checked_add_signed(delta).map(Place::At)
    }

    /// The first day of the span that it is in, or of one so many later.
    fn first(&self, span: Span, later: i32) -> Option<NaiveDate> {
        let day = self.day();
        let months = match span {
            Span::Day => return day.checked_add_signed(TimeDelta::days(later.into())),
            Span::Month => 1,
            Span::Quarter => 3,
            Span::Year => 12,
        };
        let (month, _) = self.system.read(day);
        let first = (month.number() - 1) / months * months + 1;
        let month = Month::new(month.year(), first).later(later.checked_mul(months.cast_signed())?);
        self.system.first_of(month)
    }
}
