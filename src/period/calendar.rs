use super::system::System;
use chrono::{DateTime, Days, MappedLocalTime, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// How days are laid out: where they begin and end, and what makes weeks, months and years of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// The time zone that days begin and end in.
    pub zone: Tz,
    /// What makes months and years.
    pub system: System,
    /// The first day of a week.
    pub week_start: Weekday,
    /// The month of the system's year that years and quarters start with, from 1 to 12: 1 for the system's own.
    pub year_start: u32,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { zone: Tz::UTC, system: System::Gregorian, week_start: Weekday::Mon, year_start: 1 }
    }
}

impl Calendar {
    /// The calendar day that an instant is in. Where clocks put back soon after midnight show the day before again, that is
    /// the new day nevertheless: days follow each other without gap or overlap.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        let shown = self.shown(instant);
        let next = next_day(shown);
        if self.start_of(next) <= instant { next } else { shown }
    }

    /// The day that clocks show.
    fn shown(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.zone).date_naive()
    }

    /// The first instant of a day. Where clocks skip midnight, that is when they have skipped it; where midnight comes
    /// twice, the first one; a day that clocks skip wholly begins and ends when the next one begins.
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        match self.zone.from_local_datetime(&midnight) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
            MappedLocalTime::None => self.first_instant_at_or_after(day),
        }
    }

    /// Seconds that local time is ahead of UTC at `from`, and every instant before `until` from which on it is another
    /// number.
    pub fn offsets(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> (i32, Vec<(DateTime<Utc>, i32)>) {
        let offset = |at: DateTime<Utc>| self.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        let mut changes = Vec::new();
        let mut at = from;
        while at < until {
            let next = (at + TimeDelta::days(1)).min(until);
            if offset(next) != offset(at) {
                let (mut before, mut after) = (at, next);
                while after - before > TimeDelta::seconds(1) {
                    let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
                    if offset(middle) == offset(at) { before = middle } else { after = middle }
                }
                changes.push((after, offset(next)));
            }
            at = next;
        }
        (offset(from), changes)
    }

    /// Bisects for the clock change that skips the midnight of `day`.
    fn first_instant_at_or_after(&self, day: NaiveDate) -> DateTime<Utc> {
        let around = day.and_time(NaiveTime::MIN).and_utc();
        let (mut before, mut after) = (around - TimeDelta::hours(36), around + TimeDelta::hours(36));
        while after - before > TimeDelta::seconds(1) {
            let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
            if self.shown(middle) >= day {
                after = middle;
            } else {
                before = middle;
            }
        }
        after
    }
}

/// The day after, or the last day that there is.
pub(super) fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}
