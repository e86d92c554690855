use super::calendar::Calendar;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

/// A calendar unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    /// The first day of the unit that `day` is in.
    pub fn start(self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        let first = match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub_days(Days::new(day.weekday().days_since(calendar.week_start).into())),
            Self::Month => day.with_day(1),
            Self::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
            Self::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
        };
        first.unwrap_or(day)
    }

    /// The day `units` whole units after (before, where negative) a unit's first day; `None` outside chrono's calendar.
    pub fn shift(self, start: NaiveDate, units: i32) -> Option<NaiveDate> {
        let count = units.unsigned_abs();
        let (days, months): (u64, u32) = match self {
            Self::Day => (1, 0),
            Self::Week => (7, 0),
            Self::Month => (0, 1),
            Self::Quarter => (0, 3),
            Self::Year => (0, 12),
        };
        let days = Days::new(days * u64::from(count));
        let months = Months::new(months.checked_mul(count)?);
        if units >= 0 {
            start.checked_add_days(days)?.checked_add_months(months)
        } else {
            start.checked_sub_days(days)?.checked_sub_months(months)
        }
    }

    /// The unit's name: "2017-03-01", "2017-W09" (ISO; weeks that do not start on Monday go by their first day),
    /// "2017-03", "2017-Q1", "2017".
    pub fn label(self, start: NaiveDate, calendar: &Calendar) -> String {
        match self {
            Self::Week if calendar.week_start == Weekday::Mon => {
                let week = start.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Day | Self::Week => start.to_string(),
            Self::Month => format!("{:04}-{:02}", start.year(), start.month()),
            Self::Quarter => format!("{:04}-Q{}", start.year(), start.month0() / 3 + 1),
            Self::Year => format!("{:04}", start.year()),
        }
    }
}
