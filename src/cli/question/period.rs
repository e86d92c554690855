use crate::period::{Month, System};
use crate::proto::period::Kind;
use crate::proto::{DatePeriod, Grain, Period, RelativePeriod};

const FORMS: &str = "write last-quarter, this-month, last-90-days, this-quarter-to-date, today, yesterday, 2017, \
                     2017-Q1, 2017-03, 2017-W09, 2017-03-01, FY2017, FY2017-Q1 or 2017-03-01..2017-12-31";

/// Whether a period is written as people write it.
pub(super) fn check(text: &str) -> Result<String, String> {
    parse(text, 1).map(|_| text.to_owned()).ok_or_else(|| FORMS.to_owned())
}

/// Reads a period as people write it. Fiscal years start with a month. Dates are checked by the service.
pub(super) fn parse(text: &str, year_start: u32) -> Option<Period> {
    let period = relative(text).map(Kind::Relative).or_else(|| dates(text, year_start).map(Kind::Dates));
    Some(Period { kind: Some(period?) })
}

fn relative(text: &str) -> Option<RelativePeriod> {
    let period = |unit: Grain, offset, count, to_date| RelativePeriod { unit: unit.into(), offset, count, to_date };
    match text {
        "today" => return Some(period(Grain::Day, 0, 1, false)),
        "yesterday" => return Some(period(Grain::Day, -1, 1, false)),
        _ => {}
    }
    if let Some(rest) = text.strip_prefix("this-") {
        let (name, to_date) = rest.strip_suffix("-to-date").map_or((rest, false), |name| (name, true));
        return Some(period(unit(name)?, 0, 1, to_date));
    }
    let rest = text.strip_prefix("last-")?;
    match rest.split_once('-') {
        Some((count, units)) => {
            let count: u16 = count.parse().ok().filter(|&count| count > 0)?;
            Some(period(unit(units.strip_suffix('s').unwrap_or(units))?, -1, count.into(), false))
        }
        None => Some(period(unit(rest)?, -1, 1, false)),
    }
}

fn unit(name: &str) -> Option<Grain> {
    match name {
        "day" => Some(Grain::Day),
        "week" => Some(Grain::Week),
        "month" => Some(Grain::Month),
        "quarter" => Some(Grain::Quarter),
        "year" => Some(Grain::Year),
        _ => None,
    }
}

fn dates(text: &str, year_start: u32) -> Option<DatePeriod> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let (first_date, _) = unit_days(first, year_start)?;
    let (_, last_date) = unit_days(last, year_start)?;
    Some(DatePeriod { first_date, last_date })
}

/// The first and last day of a year, a quarter, a month, a week of ISO 8601 or a day: Gregorian, or Solar Hijri where the
/// year tells that. A fiscal year is named after the year that it ends in.
fn unit_days(text: &str, year_start: u32) -> Option<(String, String)> {
    let (fiscal, text) = text.strip_prefix("FY").map_or((false, text), |text| (true, text));
    let parts: Vec<&str> = text.split('-').collect();
    let year: i32 = parts.first().filter(|year| year.len() == 4)?.parse().ok()?;
    let system = System::of_year(year);
    let before = if fiscal && year_start > 1 { year_start.cast_signed() - 13 } else { 0 };
    let months = |first: u32, last: u32| {
        let months = (1..=12).contains(&first) && (1..=12).contains(&last);
        let start = system.first_of(Month::new(year, first).later(before)).filter(|_| months)?;
        let end = system.first_of(Month::new(year, last).later(before + 1))?;
        Some((start.to_string(), end.pred_opt()?.to_string()))
    };
    match parts.as_slice() {
        [_] => months(1, 12),
        [_, quarter] if quarter.starts_with(['Q', 'q']) => {
            let quarter: u32 = quarter.get(1..)?.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
            months(quarter * 3 - 2, quarter * 3)
        }
        [_, week] if week.starts_with(['W', 'w']) => {
            let number: u32 = week.get(1..)?.parse().ok().filter(|_| !fiscal && system == System::Gregorian)?;
            let day = |weekday| chrono::NaiveDate::from_isoywd_opt(year, number, weekday).map(|day| day.to_string());
            day(chrono::Weekday::Mon).zip(day(chrono::Weekday::Sun))
        }
        _ if fiscal && parts.len() > 1 => None,
        [_, month] => {
            let month = month.parse().ok()?;
            months(month, month)
        }
        // What is no day is refused by the service.
        [_, _, _] => {
            let day = system.parse(text).map_or_else(|| text.to_owned(), |day| day.to_string());
            Some((day.clone(), day))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> (String, String) {
        match parse(text, 4).unwrap().kind.unwrap() {
            Kind::Dates(dates) => (dates.first_date, dates.last_date),
            Kind::Relative(_) => panic!("{text} is relative"),
        }
    }

    fn beside_today(text: &str) -> (Grain, i32, i32, bool) {
        match parse(text, 1).unwrap().kind.unwrap() {
            Kind::Relative(period) => (period.unit(), period.offset, period.count, period.to_date),
            Kind::Dates(_) => panic!("{text} is not relative"),
        }
    }

    #[test]
    fn periods_are_read_as_people_write_them() {
        let both = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(days("2017"), both("2017-01-01", "2017-12-31"));
        assert_eq!(days("2017-Q4"), both("2017-10-01", "2017-12-31"));
        assert_eq!(days("2016-02"), both("2016-02-01", "2016-02-29"));
        assert_eq!(days("2017-03-01"), both("2017-03-01", "2017-03-01"));
        assert_eq!(days("2017-03-01..2017-12-31"), both("2017-03-01", "2017-12-31"));
        assert_eq!(days("2016..2017-Q1"), both("2016-01-01", "2017-03-31"));
        // Fiscal years from April here.
        assert_eq!(days("FY2026"), both("2025-04-01", "2026-03-31"));
        assert_eq!(days("FY2026-Q4"), both("2026-01-01", "2026-03-31"));
        assert_eq!(days("FY1404-Q1"), both("2024-06-21", "2024-09-21"));
        assert_eq!(parse("FY2026-Q1", 1), parse("2026-Q1", 1));
        assert_eq!(days("2026-W07"), both("2026-02-09", "2026-02-15"));
        assert_eq!(days("2020-W53"), both("2020-12-28", "2021-01-03"));
        assert_eq!(days("1403"), both("2024-03-20", "2025-03-20"));
        assert_eq!(days("1403-07"), both("2024-09-22", "2024-10-21"));
        assert_eq!(days("1403-Q4"), both("2024-12-21", "2025-03-20"));
        assert_eq!(days("1403-12-30..1404-01-01"), both("2025-03-20", "2025-03-21"));
        assert_eq!(beside_today("last-quarter"), (Grain::Quarter, -1, 1, false));
        assert_eq!(beside_today("last-90-days"), (Grain::Day, -1, 90, false));
        assert_eq!(beside_today("this-quarter-to-date"), (Grain::Quarter, 0, 1, true));
        assert_eq!(beside_today("today"), (Grain::Day, 0, 1, false));
        for bad in [
            "",
            "last",
            "last-0-days",
            "2017-Q5",
            "2017-13",
            "1403-00",
            "17",
            "next-week",
            "2017-03-01..",
            "last-quartr",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
