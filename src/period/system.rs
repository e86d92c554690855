use chrono::{Datelike, NaiveDate};
use icu_calendar::Date;
use icu_calendar::cal::Persian;
use icu_calendar::types::RataDie;

/// How days make months and years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum System {
    /// The Gregorian calendar.
    #[default]
    Gregorian,
    /// The Solar Hijri (Jalali) calendar of Iran and Afghanistan: years from the spring equinox.
    SolarHijri,
}

/// A month of a calendar system, as a number that goes up by one from month to month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month with a number from 1 to 12 in a year.
    pub fn new(year: i32, number: u32) -> Self {
        Self(year.saturating_mul(12).saturating_add(number.cast_signed() - 1))
    }

    /// The year that it is in.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Its number in the year, from 1 to 12.
    pub fn number(self) -> u32 {
        self.0.rem_euclid(12).cast_unsigned() + 1
    }

    /// The month so many later, or earlier where negative.
    pub fn later(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// How many months it is later than another; negative where it is earlier.
    pub fn since(self, other: Self) -> i32 {
        self.0.saturating_sub(other.0)
    }
}

/// Years of the Solar Hijri calendar from 1900 to 2200.
const SOLAR_HIJRI_YEARS: std::ops::RangeInclusive<i32> = 1278..=1579;

impl System {
    /// The system that a year from 1900 to 2200 is told in: no number means one in both.
    pub fn of_year(year: i32) -> Self {
        if SOLAR_HIJRI_YEARS.contains(&year) { Self::SolarHijri } else { Self::Gregorian }
    }

    /// The month that a day is in, and the day's number in it from 1.
    pub fn read(self, day: NaiveDate) -> (Month, u32) {
        match self {
            Self::Gregorian => (Month::new(day.year(), day.month()), day.day()),
            Self::SolarHijri => {
                let date = Date::from_rata_die(RataDie::new(day.num_days_from_ce().into()), Persian);
                let month = Month::new(date.year().extended_year(), date.month().ordinal.into());
                (month, date.day_of_month().0.into())
            }
        }
    }

    /// The day with a number in a month; `None` where the month does not have it, or outside chrono's calendar.
    pub fn day(self, month: Month, number: u32) -> Option<NaiveDate> {
        match self {
            Self::Gregorian => NaiveDate::from_ymd_opt(month.year(), month.number(), number),
            Self::SolarHijri => {
                let (of_year, number) = (month.number().try_into().ok()?, number.try_into().ok()?);
                let date = Date::try_new_persian(month.year(), of_year, number).ok()?;
                NaiveDate::from_num_days_from_ce_opt(date.to_rata_die().to_i64_date().try_into().ok()?)
            }
        }
    }

    /// The first day of a month; `None` outside chrono's calendar.
    pub fn first_of(self, month: Month) -> Option<NaiveDate> {
        self.day(month, 1)
    }

    /// The same day of the month so many months later; where that month does not have it, the first day of the next one.
    pub(super) fn same_or_next(self, day: NaiveDate, months: i32) -> Option<NaiveDate> {
        let (month, number) = self.read(day);
        let month = month.later(months);
        self.day(month, number).or_else(|| self.first_of(month.later(1)))
    }

    /// The same day of the month so many months later; where that month does not have it, its last day.
    pub fn same_or_last(self, day: NaiveDate, months: i32) -> Option<NaiveDate> {
        let (month, number) = self.read(day);
        let month = month.later(months);
        self.day(month, number).or_else(|| self.first_of(month.later(1))?.pred_opt())
    }

    /// The day of a text of the form YYYY-MM-DD, or `None` where the system has no such day.
    pub fn parse(self, text: &str) -> Option<NaiveDate> {
        let (year, rest) = text.split_at_checked(4)?;
        let [month, day] = [rest.get(1..3)?, rest.get(4..)?].map(|part| part.parse::<u32>().ok());
        let month = month.filter(|month| (1..=12).contains(month))?;
        self.day(Month::new(year.parse().ok()?, month), day?)
    }

    /// A day as year, month and day of the system: "2024-09-22", "1403-07-01".
    pub fn label(self, day: NaiveDate) -> String {
        let (month, number) = self.read(day);
        format!("{:04}-{:02}-{number:02}", month.year(), month.number())
    }
}
