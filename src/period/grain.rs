use super::calendar::Calendar;
use super::system::{Month, System};
use chrono::{Datelike, Days, NaiveDate, Weekday};

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

/// How many days or months a unit has, or a number of units.
enum Size {
    Days(i32),
    Months(i32),
}

impl Grain {
    fn size(self) -> Size {
        match self {
            Self::Day => Size::Days(1),
            Self::Week => Size::Days(7),
            Self::Month => Size::Months(1),
            Self::Quarter => Size::Months(3),
            Self::Year => Size::Months(12),
        }
    }

    /// Months of the unit; none: it is made of days.
    pub(super) fn months(self) -> Option<i32> {
        match self.size() {
            Size::Days(_) => None,
            Size::Months(months) => Some(months),
        }
    }

    /// The first day of the unit that `day` is in.
    pub fn start(self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        let first = match (self, self.size()) {
            (Self::Week, _) => day.checked_sub_days(Days::new(day.weekday().days_since(calendar.week_start).into())),
            (_, Size::Days(_)) => Some(day),
            (_, Size::Months(months)) => {
                let (month, _) = calendar.system.read(day);
                let into_unit = month.since(Month::new(0, calendar.year_start)).rem_euclid(months);
                calendar.system.first_of(month.later(-into_unit))
            }
        };
        first.unwrap_or(day)
    }

    /// The first day of the unit so many later (earlier, where negative) than the one that starts with `start`; `None`
    /// outside chrono's calendar.
    pub fn shift(self, start: NaiveDate, units: i32, calendar: &Calendar) -> Option<NaiveDate> {
        match self.size() {
            Size::Days(days) => start.checked_add_signed(chrono::TimeDelta::days(i64::from(days) * i64::from(units))),
            Size::Months(months) => {
                let (month, _) = calendar.system.read(start);
                calendar.system.first_of(month.later(months.checked_mul(units)?))
            }
        }
    }

    /// The unit's name: "2017-03-01", "2017-W09" (ISO 8601, for Gregorian weeks from Monday; other weeks go by their first
    /// day), "2017-03", "2017-Q1", "2017"; "FY2017 Q1" and "FY2017" where years do not start with the first month, named
    /// after the year that they end in; in the Solar Hijri calendar "1396-01-12", "1396-01", "1396-Q1", "1396".
    pub fn label(self, start: NaiveDate, calendar: &Calendar) -> String {
        let (month, _) = calendar.system.read(start);
        let fiscal = calendar.year_start > 1;
        let months_into_year = month.since(Month::new(0, calendar.year_start)).rem_euclid(12);
        let year = month.later(-months_into_year).later(11).year();
        let quarter = months_into_year / 3 + 1;
        match self {
            Self::Week if calendar.week_start == Weekday::Mon && calendar.system == System::Gregorian => {
                let week = start.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Day | Self::Week => calendar.system.label(start),
            Self::Month => format!("{:04}-{:02}", month.year(), month.number()),
            Self::Quarter if fiscal => format!("FY{year:04} Q{quarter}"),
            Self::Quarter => format!("{year:04}-Q{quarter}"),
            Self::Year if fiscal => format!("FY{year:04}"),
            Self::Year => format!("{year:04}"),
        }
    }
}
