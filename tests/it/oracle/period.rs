//! Periods and their edges, in UTC, worked out apart from the service's own calendar.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, SecondsFormat, Utc};

/// Days, the first and last of which belong to it.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Period {
    pub fn new(first: &str, last: &str) -> Self {
        Self { first: first.parse().unwrap(), last: last.parse().unwrap() }
    }

    /// The calendar months that it touches, cut to what lies within it.
    pub fn months(&self) -> Vec<(String, Self)> {
        let mut months = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let next = first.with_day(1).unwrap() + Months::new(1);
            let last = (next - Days::new(1)).min(self.last);
            months.push((first.format("%Y-%m").to_string(), Self { first, last }));
            first = next;
        }
        months
    }

    /// Its first instant, as both databases read it.
    pub fn from(&self) -> String {
        text(self.first)
    }

    /// The first instant after it.
    pub fn until(&self) -> String {
        text(self.last + Days::new(1))
    }

    /// The first instant a calendar year earlier.
    pub fn year_before_from(&self) -> String {
        text(year_before(self.first))
    }

    /// The first instant after it, a calendar year earlier.
    pub fn year_before_until(&self) -> String {
        text(year_before(self.last + Days::new(1)))
    }

    /// Where the period before begins, which ends where this one begins: as many months earlier, where it is made of whole
    /// months, otherwise as many days.
    pub fn before_from(&self) -> String {
        let end = self.last + Days::new(1);
        let whole_months = self.first.day() == 1 && end.day() == 1;
        let months = u32::try_from(self.months().len()).unwrap();
        let days = u64::try_from((end - self.first).num_days()).unwrap();
        text(if whole_months { self.first - Months::new(months) } else { self.first - Days::new(days) })
    }

    /// Its first instant moved to the month before; there is a month's last day for days that the month lacks.
    pub fn month_before_from(&self) -> String {
        text(self.first - Months::new(1))
    }

    /// The first instant after it, moved to the month before.
    pub fn month_before_until(&self) -> String {
        text(self.last + Days::new(1) - Months::new(1))
    }
}

/// The year before has no 29 February: what begins then begins with March.
fn year_before(day: NaiveDate) -> NaiveDate {
    let year = day.year() - 1;
    day.with_year(year).unwrap_or_else(|| NaiveDate::from_ymd_opt(year, 3, 1).unwrap())
}

fn text(day: NaiveDate) -> String {
    let instant: DateTime<Utc> = day.and_time(NaiveTime::MIN).and_utc();
    instant.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}
