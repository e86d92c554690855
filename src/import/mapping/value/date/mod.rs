//! Dates and times as they are written, and what may be done to them.

/// Words and patterns that dates are written in.
mod format;
/// The days of spreadsheets.
mod serial;
/// Durations, beginnings and ends.
mod shift;
#[cfg(test)]
mod tests;
/// Zones as they are written.
mod zone;

pub use format::InstantFormat;
pub use shift::{Shift, Span, Unit};
pub use zone::nearest_zone;

use super::digits::plain;
use crate::period::System;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use shift::Shifted;

/// The years that a date can be in without being a slip.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// What a text says, in the calendar that it says it in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Moment {
    Day(NaiveDate, System),
    /// What clocks show.
    Local(NaiveDateTime, System),
    At(DateTime<Utc>, System),
}

/// Reads an instant in the first format that fits, and shifts it. A date is its first instant in the zone; a time without a
/// zone of its own is in the zone, the first one where clocks show it twice. Kept to the microsecond.
pub fn instant(text: &str, formats: &[InstantFormat], zone: Tz, shifts: &[Shift]) -> Result<DateTime<Utc>, String> {
    plausible(stored(shifted(text, formats, zone, shifts)?.instant())?)
}

/// A day without a time, or a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    Day(NaiveDate),
    At(DateTime<Utc>),
}

/// Reads a time as it is written, with or without a time of day, and shifts it.
pub fn time(text: &str, formats: &[InstantFormat], zone: Tz, shifts: &[Shift]) -> Result<Time, String> {
    let shifted = shifted(text, formats, zone, shifts)?;
    match shifted.without_time() {
        Some(day) => plausible(day).map(Time::Day),
        None => plausible(stored(shifted.instant())?).map(Time::At),
    }
}

/// Reads a calendar day in the first format that fits, and shifts it: of a point in time, the day that it is in the zone.
pub fn day(text: &str, formats: &[InstantFormat], zone: Tz, shifts: &[Shift]) -> Result<NaiveDate, String> {
    plausible(shifted(text, formats, zone, shifts)?.day())
}

fn shifted(text: &str, formats: &[InstantFormat], zone: Tz, shifts: &[Shift]) -> Result<Shifted, String> {
    let text = plain(text);
    let moment = formats.iter().flat_map(|format| &format.ways).find_map(|way| way.read(text.trim()));
    let moment = moment.ok_or_else(|| no_date(formats))??;
    plausible(match moment {
        Moment::Day(day, _) => day,
        Moment::Local(local, _) => local.date(),
        Moment::At(at, _) => at.date_naive(),
    })?;
    let shifted = Shifted::new(moment, zone)?;
    shifts.iter().try_fold(shifted, |shifted, shift| shifted.by(*shift))
}

fn no_date(formats: &[InstantFormat]) -> String {
    let names: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
    format!("not a date in the format {}", names.join(" or "))
}

fn plausible<D: Datelike>(at: D) -> Result<D, String> {
    let year = at.year();
    if YEARS.contains(&year) {
        return Ok(at);
    }
    let hint = match System::of_year(year) {
        System::SolarHijri => ": dates of the Solar Hijri calendar are read with the format solar_hijri",
        System::Gregorian => "",
    };
    Err(format!("the year {year} is not between {} and {}{hint}", YEARS.start(), YEARS.end()))
}

/// As the databases keep it: to the microsecond, a leap second as the second after it.
fn stored(at: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).ok_or_else(out_of_range)
}

fn out_of_range() -> String {
    "out of range".into()
}
