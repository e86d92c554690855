use super::out_of_range;
use crate::import::suggest::nearest;
use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// Abbreviations that mean one offset, in minutes: those that RFC 5322 defines, and others that are not used for two.
const ABBREVIATIONS: [(&str, i32); 37] = [
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("Z", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("NST", -210),
    ("NDT", -150),
    ("BRT", -180),
    ("WET", 0),
    ("WEST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("IRST", 210),
    ("IRDT", 270),
    ("PKT", 300),
    ("WIB", 420),
    ("HKT", 480),
    ("SGT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("ACST", 570),
    ("AEST", 600),
    ("NZST", 720),
];

/// Abbreviations that mean different offsets in different countries.
const AMBIGUOUS: [&str; 10] = ["IST", "BST", "AST", "ADT", "SST", "GST", "WST", "ECT", "ACT", "AMT"];

/// A zone that a text names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Zone {
    Offset(FixedOffset),
    Named(Tz),
}

impl Zone {
    /// The zone with a name: an abbreviation that has one meaning, or an IANA name such as `Asia/Tehran`.
    pub fn new(name: &str) -> Result<Self, String> {
        let upper = name.to_ascii_uppercase();
        if let Some((_, minutes)) = ABBREVIATIONS.iter().find(|(known, _)| *known == upper) {
            return FixedOffset::east_opt(minutes * 60).map(Self::Offset).ok_or_else(out_of_range);
        }
        if AMBIGUOUS.contains(&upper.as_str()) {
            return Err(format!("the time zone {name} has several meanings: `replace` can say which one it is"));
        }
        let zone = name.parse::<Tz>();
        zone.map(Self::Named).map_err(|_| match nearest_zone(name) {
            Some(near) => format!("unknown time zone {name:?}: did you mean {near:?}?"),
            None => format!("unknown time zone {name:?}"),
        })
    }

    /// The instant at which its clocks show a time: the first one where they show it twice.
    pub fn at(self, local: NaiveDateTime) -> Result<DateTime<Utc>, String> {
        match self {
            Self::Offset(offset) => local.checked_sub_offset(offset).map(|at| at.and_utc()).ok_or_else(out_of_range),
            Self::Named(zone) => in_zone(local, zone),
        }
    }
}

/// The name of a time zone that is most like a misspelt one.
pub fn nearest_zone(name: &str) -> Option<&'static str> {
    nearest(name, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()))
}

/// The instant at which clocks of a zone show a time: the first one where they show it twice.
pub fn in_zone(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, String> {
    match zone.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Ok(at.to_utc()),
        MappedLocalTime::None => Err(format!("clocks in {zone} skip this time")),
    }
}

/// As [`in_zone`]; where clocks skip the time, the instant at which they have.
pub fn in_zone_or_next(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, String> {
    const STEPS_OF_A_DAY: i64 = 24 * 4;
    let later = |quarters: i64| {
        let local = local.checked_add_signed(chrono::TimeDelta::minutes(15 * quarters))?;
        zone.from_local_datetime(&local).earliest()
    };
    let found = (0..=STEPS_OF_A_DAY).find_map(later);
    found.map(|at| at.to_utc()).ok_or_else(|| format!("clocks in {zone} skip this time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(name: &str) -> Result<String, String> {
        let noon = chrono::NaiveDate::from_ymd_opt(2024, 7, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
        Zone::new(name)?.at(noon).map(|at| at.format("%H:%M").to_string())
    }

    #[test]
    fn zones_are_known_by_names_with_one_meaning() {
        for (name, expected) in [
            ("UTC", "12:00"),
            ("gmt", "12:00"),
            ("CEST", "10:00"),
            ("PST", "20:00"),
            ("IRST", "08:30"),
            ("Europe/Berlin", "10:00"),
            ("America/New_York", "16:00"),
        ] {
            assert_eq!(at(name).as_deref(), Ok(expected), "{name}");
        }
        assert!(at("IST").unwrap_err().contains("several meanings"));
        assert!(at("Europe/Berln").unwrap_err().contains("\"Europe/Berlin\""));
    }
}
