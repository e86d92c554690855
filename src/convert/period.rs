use super::nearest::nearest;
use super::violations::{Violations, quoted};
use crate::period::{Calendar, Comparison, Grain, Period, PeriodError, System, Timeline};
use crate::proto;
use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

/// The furthest that a relative period may reach, in units.
const MAX_UNITS: i32 = 10_000;

/// The period of a query, cut into its buckets. `path` is the query's.
pub(super) fn timeline(
    query: &proto::KpiQuery,
    path: &str,
    now: DateTime<Utc>,
    violations: &mut Violations,
) -> Option<Timeline> {
    let calendar = calendar(query.calendar.as_ref(), &format!("{path}.calendar"), violations);
    let grain = grain(query.grain, &format!("{path}.grain"), violations);
    let system = calendar.map_or(System::Gregorian, |calendar| calendar.system);
    let period = period(query.period.as_ref(), system, &format!("{path}.period"), violations);
    let (calendar, grain, period) = (calendar?, grain?, period?);
    match period.resolve(grain, calendar, now) {
        Ok(timeline) => Some(timeline),
        Err(error) => {
            let (field, description) = refusal(&error, period);
            violations.invalid(format!("{path}.{field}"), description);
            None
        }
    }
}

fn refusal(error: &PeriodError, period: Period) -> (&'static str, String) {
    match (error, period) {
        (PeriodError::TooManyBuckets(_), _) => ("grain", error.to_string()),
        (PeriodError::Backwards { .. }, Period::Dates { .. }) => ("period.dates.last_date", error.to_string()),
        (PeriodError::Backwards { .. }, Period::Relative { .. }) => {
            ("period.relative", "the period begins after today: leave out to_date, or take a lower offset".into())
        }
        (PeriodError::OutOfRange, Period::Dates { .. }) => ("period.dates", error.to_string()),
        (PeriodError::OutOfRange, Period::Relative { .. }) => ("period.relative", error.to_string()),
    }
}

/// What the period of a query is compared with. The outer `None` is a violation, the inner one "nothing".
pub(super) fn comparison(
    query: &proto::KpiQuery,
    path: &str,
    violations: &mut Violations,
) -> Option<Option<Comparison>> {
    match proto::Comparison::try_from(query.compare_to) {
        Ok(proto::Comparison::Unspecified) => Some(None),
        Ok(proto::Comparison::PreviousPeriod) => Some(Some(Comparison::PreviousPeriod)),
        Ok(proto::Comparison::PreviousYear) => Some(Some(Comparison::PreviousYear)),
        Err(_) => {
            violations.invalid(format!("{path}.compare_to"), format!("unknown comparison {}", query.compare_to));
            None
        }
    }
}

fn period(period: Option<&proto::Period>, system: System, field: &str, violations: &mut Violations) -> Option<Period> {
    match period.and_then(|period| period.kind.as_ref()) {
        None => {
            violations
                .invalid(field, "is required: set dates {first_date, last_date} or relative {unit, offset, count}");
            None
        }
        Some(proto::period::Kind::Dates(dates)) => {
            let first = date(&dates.first_date, system, &format!("{field}.dates.first_date"), violations);
            let last = date(&dates.last_date, system, &format!("{field}.dates.last_date"), violations);
            Some(Period::Dates { first: first?, last: last? })
        }
        Some(proto::period::Kind::Relative(relative)) => {
            let unit = unit(relative.unit, &format!("{field}.relative.unit"), violations);
            let offset = within(relative.offset, -MAX_UNITS, &format!("{field}.relative.offset"), violations);
            let count = within(relative.count, 0, &format!("{field}.relative.count"), violations);
            let count = u32::try_from(count?).unwrap_or_default();
            Some(Period::Relative { unit: unit?, offset: offset?, count, to_date: relative.to_date })
        }
    }
}

/// A Gregorian day, or one of the query's calendar system: its year tells which.
fn date(text: &str, system: System, field: &str, violations: &mut Violations) -> Option<NaiveDate> {
    let has_form = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, byte)| if matches!(i, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    let told_in = text.get(..4).and_then(|year| year.parse().ok()).map_or(System::Gregorian, System::of_year);
    let foreign = told_in == System::SolarHijri && system == System::Gregorian;
    let parsed = has_form.then(|| told_in.parse(text));
    match parsed {
        Some(Some(_)) if foreign => violations.invalid(
            field,
            format!(
                "{text} is not between 1900-01-01 and 2200-12-31: for the Solar Hijri calendar write calendar.system \
                 CALENDAR_SYSTEM_SOLAR_HIJRI"
            ),
        ),
        Some(Some(date)) if (1900..=2200).contains(&date.year()) => return Some(date),
        Some(Some(_)) => violations.invalid(field, format!("{text} is not between 1900-01-01 and 2200-12-31")),
        Some(None) => {
            let calendar = if told_in == System::SolarHijri { "Solar Hijri" } else { "Gregorian" };
            violations.invalid(field, format!("{text} is not a day of the {calendar} calendar"));
        }
        None if text.is_empty() => violations.invalid(field, "is required, as YYYY-MM-DD"),
        None => violations.invalid(field, format!("{} is not a date, expected YYYY-MM-DD", quoted(text))),
    }
    None
}

fn within(number: i32, min: i32, field: &str, violations: &mut Violations) -> Option<i32> {
    if (min..=MAX_UNITS).contains(&number) {
        return Some(number);
    }
    violations.invalid(field, format!("{number} is out of range: expected {min} to {MAX_UNITS}"));
    None
}

fn unit(unit: i32, field: &str, violations: &mut Violations) -> Option<Grain> {
    match grain(unit, field, violations)? {
        Some(unit) => Some(unit),
        None => {
            violations.invalid(field, "is required: GRAIN_DAY, GRAIN_WEEK, GRAIN_MONTH, GRAIN_QUARTER or GRAIN_YEAR");
            None
        }
    }
}

/// The outer `None` is a violation, the inner one "not given".
fn grain(grain: i32, field: &str, violations: &mut Violations) -> Option<Option<Grain>> {
    match proto::Grain::try_from(grain) {
        Ok(proto::Grain::Unspecified) => Some(None),
        Ok(proto::Grain::Day) => Some(Some(Grain::Day)),
        Ok(proto::Grain::Week) => Some(Some(Grain::Week)),
        Ok(proto::Grain::Month) => Some(Some(Grain::Month)),
        Ok(proto::Grain::Quarter) => Some(Some(Grain::Quarter)),
        Ok(proto::Grain::Year) => Some(Some(Grain::Year)),
        Err(_) => {
            violations.invalid(field, format!("unknown grain {grain}"));
            None
        }
    }
}

fn calendar(calendar: Option<&proto::Calendar>, path: &str, violations: &mut Violations) -> Option<Calendar> {
    let Some(calendar) = calendar else { return Some(Calendar::default()) };
    let zone = zone(&calendar.time_zone, &format!("{path}.time_zone"), violations);
    let week_start = week_start(calendar.week_start, &format!("{path}.week_start"), violations);
    let system = match proto::CalendarSystem::try_from(calendar.system) {
        Ok(proto::CalendarSystem::Unspecified | proto::CalendarSystem::Gregorian) => Some(System::Gregorian),
        Ok(proto::CalendarSystem::SolarHijri) => Some(System::SolarHijri),
        Err(_) => {
            violations.invalid(format!("{path}.system"), format!("unknown calendar system {}", calendar.system));
            None
        }
    };
    let month = calendar.fiscal_year_start_month;
    let year_start = u32::try_from(month).ok().filter(|month| *month <= 12).map(|month| month.max(1));
    if year_start.is_none() {
        let text = format!("{month} is not a month: use 1 to 12, or 0 for the first one");
        violations.invalid(format!("{path}.fiscal_year_start_month"), text);
    }
    Some(Calendar { zone: zone?, system: system?, week_start: week_start?, year_start: year_start? })
}

/// A calendar as the header of an answer tells it.
pub(super) fn calendar_as_understood(calendar: &Calendar) -> proto::Calendar {
    let system = match calendar.system {
        System::Gregorian => proto::CalendarSystem::Gregorian,
        System::SolarHijri => proto::CalendarSystem::SolarHijri,
    };
    let week_start = match calendar.week_start {
        Weekday::Mon => proto::Weekday::Monday,
        Weekday::Tue => proto::Weekday::Tuesday,
        Weekday::Wed => proto::Weekday::Wednesday,
        Weekday::Thu => proto::Weekday::Thursday,
        Weekday::Fri => proto::Weekday::Friday,
        Weekday::Sat => proto::Weekday::Saturday,
        Weekday::Sun => proto::Weekday::Sunday,
    };
    proto::Calendar {
        time_zone: calendar.zone.name().into(),
        system: system.into(),
        week_start: week_start.into(),
        fiscal_year_start_month: calendar.year_start.cast_signed(),
    }
}

fn zone(name: &str, field: &str, violations: &mut Violations) -> Option<Tz> {
    if name.is_empty() {
        return Some(Tz::UTC);
    }
    if let Ok(zone) = name.parse() {
        return Some(zone);
    }
    let known = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let hint = nearest(name, known).map_or_else(String::new, |zone| format!(": did you mean \"{zone}\"?"));
    violations.invalid(field, format!("unknown time zone {}{hint}", quoted(name)));
    None
}

fn week_start(day: i32, field: &str, violations: &mut Violations) -> Option<Weekday> {
    match proto::Weekday::try_from(day) {
        Ok(proto::Weekday::Unspecified | proto::Weekday::Monday) => Some(Weekday::Mon),
        Ok(proto::Weekday::Tuesday) => Some(Weekday::Tue),
        Ok(proto::Weekday::Wednesday) => Some(Weekday::Wed),
        Ok(proto::Weekday::Thursday) => Some(Weekday::Thu),
        Ok(proto::Weekday::Friday) => Some(Weekday::Fri),
        Ok(proto::Weekday::Saturday) => Some(Weekday::Sat),
        Ok(proto::Weekday::Sunday) => Some(Weekday::Sun),
        Err(_) => {
            violations.invalid(field, format!("unknown weekday {day}"));
            None
        }
    }
}
