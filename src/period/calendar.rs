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
    /// The calendar day that an instant is in.
    pub fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
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
            if self.day_of(middle) >= day {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn start(zone: &str, day: &str) -> String {
        let calendar = Calendar { zone: zone.parse().unwrap(), ..Calendar::default() };
        calendar.start_of(day.parse().unwrap()).to_rfc3339()
    }

    /// Clock changes as the tz database publishes them: Berlin's in 2024 were at 01:00 UTC of 31 March and 27 October.
    #[test]
    fn offsets_change_with_the_clocks() {
        let calendar = Calendar { zone: "Europe/Berlin".parse().unwrap(), ..Calendar::default() };
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let changes = vec![(at("2024-03-31T01:00:00Z"), 7200), (at("2024-10-27T01:00:00Z"), 3600)];
        assert_eq!(calendar.offsets(at("2024-01-01T00:00:00Z"), at("2025-01-01T00:00:00Z")), (3600, changes));
    }

    /// Clock changes as the tz database publishes them.
    #[test]
    fn a_day_begins_at_its_first_instant() {
        assert_eq!(start("UTC", "2017-03-01"), "2017-03-01T00:00:00+00:00");
        assert_eq!(start("Asia/Kathmandu", "2017-03-01"), "2017-02-28T18:15:00+00:00");
        // Tehran put clocks forward at midnight of 22 March 2022: the day began at 01:00 (+04:30).
        assert_eq!(start("Asia/Tehran", "2022-03-22"), "2022-03-21T20:30:00+00:00");
        assert_eq!(start("Asia/Tehran", "2022-03-23"), "2022-03-22T19:30:00+00:00");
        // Samoa left out 30 December 2011.
        assert_eq!(start("Pacific/Apia", "2011-12-30"), start("Pacific/Apia", "2011-12-31"));
        // Havana put clocks back at 01:00 of 6 November 2022: midnight came twice.
        assert_eq!(start("America/Havana", "2022-11-06"), "2022-11-06T04:00:00+00:00");
    }
}
