use super::serial::{Epoch, serial};
use super::zone::Zone;
use super::{Moment, out_of_range};
use crate::period::{Month, System};
use chrono::format::{Fixed, Item, Numeric, Parsed, StrftimeItems, parse, parse_and_remainder};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::fmt::Write;

/// What `iso` stands for.
const ISO: [&str; 9] = [
    "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M%#z",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M%#z",
];

/// What `solar_hijri` stands for.
const SOLAR_HIJRI: [&str; 7] = [
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
];

/// How a date or a time is written.
#[derive(Clone, Debug, PartialEq)]
pub struct InstantFormat {
    pub(super) name: String,
    pub(super) ways: Vec<Way>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    Written(Pattern),
    Iso(Pattern),
    Epoch { per_second: i64 },
    Serial(Epoch),
}

/// A pattern, cut where the name of a zone stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    before: Vec<Item<'static>>,
    /// What follows the name; unset where the pattern has none.
    after: Option<Vec<Item<'static>>>,
    system: System,
}

impl InstantFormat {
    /// The words that are formats.
    pub const WORDS: [&'static str; 6] = ["iso", "unix", "unix_milliseconds", "excel", "excel_1904", "solar_hijri"];

    /// One of the words, a pattern such as `%d.%m.%Y`, or one of the Solar Hijri calendar, `solar_hijri %d/%m/%Y`. An
    /// error says what is wrong with it.
    pub fn new(name: &str) -> Result<Self, String> {
        let patterns = |patterns: &[&str], system| -> Result<Vec<_>, String> {
            patterns.iter().map(|pattern| Pattern::new(pattern, system)).collect()
        };
        let written = |patterns: Vec<Pattern>| patterns.into_iter().map(Way::Written).collect();
        let ways = match name {
            "iso" => patterns(&ISO, System::Gregorian)?.into_iter().map(Way::Iso).collect(),
            "unix" => vec![Way::Epoch { per_second: 1 }],
            "unix_milliseconds" => vec![Way::Epoch { per_second: 1000 }],
            "excel" => vec![Way::Serial(Epoch::From1900)],
            "excel_1904" => vec![Way::Serial(Epoch::From1904)],
            "solar_hijri" => written(patterns(&SOLAR_HIJRI, System::SolarHijri)?),
            pattern if pattern.contains('%') => match pattern.strip_prefix("solar_hijri ") {
                Some(pattern) => written(patterns(&[pattern], System::SolarHijri)?),
                None => written(patterns(&[pattern], System::Gregorian)?),
            },
            _ => return Err(not_a_format(name)),
        };
        Ok(Self { name: name.to_owned(), ways })
    }
}

fn not_a_format(name: &str) -> String {
    let words = InstantFormat::WORDS.map(|word| format!("{word:?}")).join(", ");
    format!(
        "{name:?} is not a date format: use a pattern such as \"%d.%m.%Y\" or \"%m/%d/%Y %I:%M %p\", or one of {words}"
    )
}

impl Pattern {
    fn new(pattern: &str, system: System) -> Result<Self, String> {
        let items = StrftimeItems::new(pattern).parse_to_owned().map_err(|_| not_a_format(pattern))?;
        if items.iter().any(is_zone_word) {
            return Err(format!("{pattern:?} skips the zone: use %Z for UTC, GMT or Z and %z for +0000 to read it"));
        }
        if system == System::SolarHijri && !items.iter().all(is_plain) {
            return Err(format!(
                "{pattern:?} has more than %Y, %m, %d and times: of Solar Hijri dates only these are read"
            ));
        }
        let name = |item: &Item<'_>| *item == Item::Fixed(Fixed::TimezoneName);
        let written = match items.iter().filter(|item| name(item)).count() {
            0 => Self { before: items, after: None, system },
            1 if !items.iter().any(is_offset) => {
                let place = items.iter().position(name).unwrap_or_default();
                let after = items[place..].iter().skip(1).cloned().collect();
                Self { before: items[..place].to_vec(), after: Some(after), system }
            }
            _ => return Err(format!("{pattern:?} has the zone twice: keep one %Z or %z")),
        };
        let mut sample = String::new();
        let at = DateTime::from_timestamp(1_715_000_055, 0).unwrap_or_default();
        // %#z only reads.
        let is_written = write!(sample, "{}", at.format(&pattern.replace("%#z", "%z"))).is_ok();
        match written.read(&sample) {
            Some(_) if is_written => Ok(written),
            _ => Err(format!(
                "{pattern:?} does not include a day, or only half of a time: it needs %Y, %m and %d or the like"
            )),
        }
    }

    /// Nothing where the text is not written like this.
    fn read(&self, text: &str) -> Option<Result<Moment, String>> {
        let mut parsed = Parsed::new();
        let zone = match &self.after {
            None => {
                parse(&mut parsed, text, self.before.iter()).ok()?;
                None
            }
            Some(after) => {
                let rest = parse_and_remainder(&mut parsed, text, self.before.iter()).ok()?.trim_start();
                let of_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '/' | '_' | '+' | '-');
                let end = rest.find(|letter| !of_name(letter)).unwrap_or(rest.len());
                let (name, rest) = rest.split_at(end);
                if name.is_empty() {
                    return None;
                }
                parse(&mut parsed, rest, after.iter()).ok()?;
                Some(name)
            }
        };
        let system = self.system;
        if let Some(second) = parsed.timestamp() {
            let at = DateTime::from_timestamp(second, 0);
            return Some(at.map(|at| Moment::At(at, system)).ok_or_else(out_of_range));
        }
        let day = self.day(&parsed)?;
        let time = match parsed.hour_mod_12() {
            Some(_) => Some(parsed.to_naive_time().ok()?),
            None => None,
        };
        let local = day.and_time(time.unwrap_or_default());
        Some(match (zone, parsed.offset()) {
            (Some(name), _) => Zone::new(name).and_then(|zone| zone.at(local)).map(|at| Moment::At(at, system)),
            (None, Some(offset)) => {
                let at = FixedOffset::east_opt(offset).and_then(|offset| local.checked_sub_offset(offset));
                at.map(|at| Moment::At(at.and_utc(), system)).ok_or_else(out_of_range)
            }
            (None, None) if time.is_some() => Ok(Moment::Local(local, system)),
            (None, None) => Ok(Moment::Day(day, system)),
        })
    }

    fn day(&self, parsed: &Parsed) -> Option<NaiveDate> {
        match self.system {
            System::Gregorian => parsed.to_naive_date().ok(),
            System::SolarHijri => {
                // As many digits as a year of this calendar has: no typing error reaches the calendar's arithmetic.
                let year = parsed.year().filter(|year| (1000..=2999).contains(year))?;
                System::SolarHijri.day(Month::new(year, parsed.month()?), parsed.day()?)
            }
        }
    }
}

/// A zone that the pattern would read over.
fn is_zone_word(item: &Item<'_>) -> bool {
    let text = match item {
        Item::Literal(text) => text,
        Item::OwnedLiteral(text) => text.as_ref(),
        _ => return false,
    };
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let is_offset = || text.split('+').skip(1).any(|after| after.starts_with(|letter: char| letter.is_ascii_digit()));
    matches!(letters.as_str(), "Z" | "UTC" | "GMT") || is_offset()
}

fn is_offset(item: &Item<'_>) -> bool {
    match item {
        Item::Fixed(
            Fixed::TimezoneOffset
            | Fixed::TimezoneOffsetColon
            | Fixed::TimezoneOffsetColonZ
            | Fixed::TimezoneOffsetZ
            | Fixed::TimezoneOffsetDoubleColon
            | Fixed::TimezoneOffsetTripleColon
            | Fixed::RFC2822
            | Fixed::RFC3339,
        ) => true,
        // What is left of the fixed ones that chrono keeps to itself is %#z and fractions.
        Item::Fixed(Fixed::Internal(_)) => format!("{item:?}").contains("Permissive"),
        _ => false,
    }
}

/// What a pattern of another calendar may have: numbers of year, month and day, times and offsets.
fn is_plain(item: &Item<'_>) -> bool {
    match item {
        Item::Literal(_) | Item::OwnedLiteral(_) | Item::Space(_) | Item::OwnedSpace(_) => true,
        Item::Numeric(numeric, _) => matches!(
            numeric,
            Numeric::Year
                | Numeric::Month
                | Numeric::Day
                | Numeric::Hour
                | Numeric::Hour12
                | Numeric::Minute
                | Numeric::Second
                | Numeric::Nanosecond
        ),
        Item::Fixed(fixed) => !matches!(
            fixed,
            Fixed::ShortMonthName
                | Fixed::LongMonthName
                | Fixed::ShortWeekdayName
                | Fixed::LongWeekdayName
                | Fixed::RFC2822
                | Fixed::RFC3339
        ),
        Item::Error => false,
    }
}

impl Way {
    /// Nothing where the text is not written in this way.
    pub(super) fn read(&self, text: &str) -> Option<Result<Moment, String>> {
        match self {
            Self::Written(pattern) => pattern.read(text),
            Self::Iso(pattern) => {
                let utc = ["UTC", "GMT"].iter().find_map(|zone| text.strip_suffix(zone));
                match utc {
                    Some(time) => pattern.read(&format!("{}Z", time.trim_end())),
                    None => pattern.read(text),
                }
            }
            Self::Epoch { per_second } => {
                let number: i64 = text.parse().ok()?;
                let at = DateTime::from_timestamp_micros(number.checked_mul(1_000_000 / per_second)?);
                Some(at.map(|at| Moment::At(at, System::Gregorian)).ok_or_else(out_of_range))
            }
            Self::Serial(epoch) => Some(serial(text, *epoch)?.map(|(day, at)| match at {
                Some(at) => Moment::Local(at, System::Gregorian),
                None => Moment::Day(day, System::Gregorian),
            })),
        }
    }
}
