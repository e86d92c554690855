//! What must hold of calendars and periods, against published tables and dates worked out by hand.

/// What periods are compared with.
mod comparison;
/// Days of 23 to 25 hours, and zones that are not whole hours from UTC.
mod days;
/// Edges moved to another period.
mod edges;
/// Years that start in another month.
mod fiscal;
/// Laws that hold for any zone, calendar and date.
mod properties;
/// Periods as callers ask for them.
mod resolve;
/// Months and years of the Solar Hijri calendar.
mod solar_hijri;
/// Weeks from any day, and their names.
mod weeks;

use super::{Bucket, Calendar, Grain, Period, System, Timeline};
use chrono::{DateTime, NaiveDate, Utc};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn noon(today: &str) -> DateTime<Utc> {
    day(today).and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn in_zone(name: &str) -> Calendar {
    Calendar { zone: name.parse().unwrap(), ..Calendar::default() }
}

fn solar_hijri() -> Calendar {
    Calendar { system: System::SolarHijri, ..Calendar::default() }
}

fn dates(first: &str, last: &str) -> Period {
    Period::Dates { first: day(first), last: day(last) }
}

fn relative(unit: Grain, offset: i32, count: u32) -> Period {
    Period::Relative { unit, offset, count, to_date: false }
}

fn to_date(unit: Grain, count: u32) -> Period {
    Period::Relative { unit, offset: 0, count, to_date: true }
}

/// A period seen at noon of a day.
fn seen(period: Period, grain: Option<Grain>, calendar: Calendar, today: &str) -> Timeline {
    period.resolve(grain, calendar, noon(today)).unwrap()
}

/// A period of dates, cut.
fn cut(first: &str, last: &str, grain: Grain, calendar: Calendar) -> Timeline {
    dates(first, last).resolve(Some(grain), calendar, noon(first)).unwrap()
}

/// "first/last".
fn span(bucket: &Bucket) -> String {
    format!("{}/{}", bucket.first, bucket.last)
}

/// "label first/last", with a "~" where the bucket is partial.
fn named(timeline: &Timeline) -> Vec<String> {
    let name = |bucket: &Bucket| format!("{}{} {}", bucket.label, if bucket.partial { "~" } else { "" }, span(bucket));
    timeline.buckets.iter().map(name).collect()
}

/// The edges as "2024-03-31T23:00".
fn instants(timeline: &Timeline) -> Vec<String> {
    timeline.edges().iter().map(|edge| edge.at.format("%Y-%m-%dT%H:%M").to_string()).collect()
}
