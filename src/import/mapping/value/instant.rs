use crate::period::Calendar;
use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The years that a date can be in without being a slip.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// What `iso` stands for.
const ISO: [&str; 6] = [
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M",
];

/// How a date or a time is written.
#[derive(Clone, Debug, PartialEq)]
pub struct InstantFormat {
    name: String,
    ways: Vec<Way>,
}

#[derive(Clone, Debug, PartialEq)]
enum Way {
    Written(Vec<Item<'static>>),
    Epoch { per_second: i64 },
}

impl InstantFormat {
    /// `iso`, `unix`, `unix_milliseconds` or a pattern such as `%d.%m.%Y`; nothing for a pattern that does not exist.
    pub fn new(name: &str) -> Option<Self> {
        let items = |pattern: &str| StrftimeItems::new(pattern).parse_to_owned().ok().map(Way::Written);
        let ways = match name {
            "iso" => ISO.iter().map(|pattern| items(pattern)).collect::<Option<Vec<_>>>()?,
            "unix" => vec![Way::Epoch { per_second: 1 }],
            "unix_milliseconds" => vec![Way::Epoch { per_second: 1000 }],
            pattern if pattern.contains('%') => vec![items(pattern)?],
            _ => return None,
        };
        Some(Self { name: name.to_owned(), ways })
    }
}

/// Reads an instant in the first format that fits. A date is its first instant in the zone; a time without a zone of
/// its own is in the zone, the first one where clocks show it twice. Kept to the microsecond.
pub fn instant(text: &str, formats: &[InstantFormat], zone: Tz) -> Result<DateTime<Utc>, String> {
    for way in formats.iter().flat_map(|format| &format.ways) {
        if let Some(result) = way.read(text, zone) {
            return result.and_then(plausible);
        }
    }
    Err(no_date(formats))
}

/// Reads a calendar day in the first format that fits: of a point in time that knows its own zone, the day that it is
/// in this one.
pub fn day(text: &str, formats: &[InstantFormat], zone: Tz) -> Result<NaiveDate, String> {
    let mut days = formats.iter().flat_map(|format| &format.ways).filter_map(|way| way.day(text, zone));
    days.next().ok_or_else(|| no_date(formats)).and_then(plausible)
}

fn no_date(formats: &[InstantFormat]) -> String {
    let names: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
    format!("not a date in the format {}", names.join(" or "))
}

fn plausible<D: Datelike>(at: D) -> Result<D, String> {
    match YEARS.contains(&at.year()) {
        true => Ok(at),
        false => Err(format!("the year {} is not between {} and {}", at.year(), YEARS.start(), YEARS.end())),
    }
}

impl Way {
    /// Nothing where the text is not written in this way.
    fn read(&self, text: &str, zone: Tz) -> Option<Result<DateTime<Utc>, String>> {
        let items = match self {
            Self::Written(items) => items,
            Self::Epoch { per_second } => {
                let number: i64 = text.parse().ok()?;
                return Some(
                    DateTime::from_timestamp_micros(number.checked_mul(1_000_000 / per_second)?)
                        .ok_or_else(|| "out of range".to_owned()),
                );
            }
        };
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, items.iter()).ok()?;
        if parsed.offset().is_some() {
            parsed.to_datetime().ok().map(|at| stored(at.to_utc()))
        } else if parsed.hour_mod_12().is_some() {
            parsed.to_naive_datetime_with_offset(0).ok().map(|local| in_zone(local, zone).and_then(stored))
        } else {
            let calendar = Calendar { zone, ..Calendar::default() };
            parsed.to_naive_date().ok().map(|day| Ok(calendar.start_of(day)))
        }
    }

    /// Nothing where the text is not written in this way.
    fn day(&self, text: &str, zone: Tz) -> Option<NaiveDate> {
        let Self::Written(items) = self else {
            return self.read(text, zone)?.ok().map(|at| at.with_timezone(&zone).date_naive());
        };
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, items.iter()).ok()?;
        match parsed.offset() {
            Some(_) => {
                let at = stored(parsed.to_datetime().ok()?.to_utc()).ok()?;
                Some(at.with_timezone(&zone).date_naive())
            }
            None => parsed.to_naive_date().ok(),
        }
    }
}

/// As the databases keep it: to the microsecond, a leap second as the second after it.
fn stored(at: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).ok_or_else(|| "out of range".to_owned())
}

fn in_zone(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, String> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Ok(at.to_utc()),
        MappedLocalTime::None => Err(format!("clocks in {zone} skip this time")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: &str, zone: Tz) -> Result<String, String> {
        instant(text, &[InstantFormat::new(format).unwrap()], zone).map(|at| at.to_rfc3339())
    }

    #[test]
    fn dates_begin_in_their_zone() {
        assert_eq!(read("2017-03-01", "iso", Tz::UTC), Ok("2017-03-01T00:00:00+00:00".into()));
        assert_eq!(read("01.03.2017", "%d.%m.%Y", Tz::Europe__Berlin), Ok("2017-02-28T23:00:00+00:00".into()));
        assert_eq!(read("3/1/17", "%m/%d/%y", Tz::UTC), Ok("2017-03-01T00:00:00+00:00".into()));
    }

    #[test]
    fn times_are_in_their_own_zone_or_the_files() {
        let noon = Ok("2017-03-01T12:00:00+00:00".into());
        assert_eq!(read("2017-03-01T12:00:00Z", "iso", Tz::Asia__Tehran), noon);
        assert_eq!(read("2017-03-01T12:00:00.000+0000", "iso", Tz::Asia__Tehran), noon);
        assert_eq!(read("2017-03-01 15:30", "iso", Tz::Asia__Tehran), noon);
        assert_eq!(read("1488369600", "unix", Tz::UTC), noon);
        assert_eq!(read("1488369600000", "unix_milliseconds", Tz::UTC), noon);
        let leap = Ok("2017-01-01T00:00:00+00:00".into());
        assert_eq!(read("2016-12-31T23:59:60Z", "iso", Tz::UTC), leap);
        assert_eq!(read("2016-12-31 23:59:60", "iso", Tz::UTC), leap);
        assert_eq!(read("03/01/2017 12:00 PM", "%m/%d/%Y %I:%M %p", Tz::UTC), noon);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        let read = |text: &str, format: &str| {
            day(text, &[InstantFormat::new(format).unwrap()], Tz::Asia__Tehran).map(|day| day.to_string())
        };
        let first = Ok("2017-03-01".into());
        assert_eq!(read("2017-03-01", "iso"), first);
        assert_eq!(read("01.03.2017", "%d.%m.%Y"), first);
        assert_eq!(read("2017-03-01 23:00", "iso"), first);
        assert_eq!(read("2017-02-28T20:30:00Z", "iso"), first);
        assert_eq!(read("1488313800", "unix"), first);
        for text in ["2017-02-30", "0017-03-01", "01.03.2017", "2017-03", "soon"] {
            assert!(read(text, "iso").is_err(), "{text}");
        }
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in
            ["2017-02-30", "2017-13-01", "0017-03-01", "9999-12-31", "01.03.2017", "2017-03-01x", "soon", "2017"]
        {
            assert!(read(text, "iso", Tz::UTC).is_err(), "{text}");
        }
        assert!(read("2021-03-28 02:30", "iso", Tz::Europe__Berlin).is_err());
        assert_eq!(read("2021-10-31 02:30", "iso", Tz::Europe__Berlin), Ok("2021-10-31T00:30:00+00:00".into()));
    }

    #[test]
    fn patterns_are_checked() {
        assert!(InstantFormat::new("%Q").is_none());
        assert!(InstantFormat::new("DD.MM.YYYY").is_none());
    }
}
