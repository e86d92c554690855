use super::Problems;
use crate::import::mapping::file::Layout;
use crate::import::mapping::language::{Format, Names};
use crate::import::mapping::value::{Decimals, InstantFormat, folded, nearest_zone};
use chrono_tz::Tz;
use iso_currency::Currency;
use std::collections::HashSet;

/// How a file is written.
#[derive(Clone, Debug)]
pub struct Settings {
    pub layout: Layout,
    pub zone: Tz,
    pub date_formats: Vec<InstantFormat>,
    pub decimals: Decimals,
    pub currency: Option<Currency>,
    pub empty: HashSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            layout: Layout { delimiter: ',', skip_lines: 0, header: Vec::new(), footer: Vec::new() },
            zone: Tz::UTC,
            date_formats: InstantFormat::new("iso").into_iter().collect(),
            decimals: Decimals { point: '.', group: ',' },
            currency: None,
            empty: [String::new()].into(),
        }
    }
}

impl Settings {
    /// These settings where a format does not say otherwise.
    pub fn with(&self, format: &Format, key: &str, problems: &mut Problems) -> Self {
        let mut settings = self.clone();
        if let Some(delimiter) = format.delimiter {
            if !delimiter.is_ascii() || delimiter == '"' {
                problems.add(format!("{key}.delimiter"), "must be an ASCII character, such as \";\" or \"\\t\"");
            }
            settings.layout.delimiter = delimiter;
        }
        let Layout { skip_lines, header, footer, .. } = &mut settings.layout;
        if let Some(lines) = format.skip_lines {
            *skip_lines = lines;
        }
        if let Some(Names(names)) = &format.header {
            *header = names.iter().map(|name| name.trim().to_owned()).collect();
        }
        if let Some(Names(texts)) = &format.footer {
            *footer = texts.iter().map(|text| folded(text)).collect();
            if footer.iter().any(String::is_empty) {
                problems.add(format!("{key}.footer"), "must have letters or digits: every line begins with nothing");
            }
        }
        if let Some(name) = &format.time_zone {
            settings.zone = zone(name, &format!("{key}.time_zone"), problems);
        }
        if let Some(names) = &format.date_formats {
            settings.date_formats = date_formats(names, &format!("{key}.date_formats"), problems);
        }
        if let Some(point) = format.decimal_point {
            settings.decimals = Decimals { point, group: if point == ',' { '.' } else { ',' } };
        }
        if let Some(group) = format.group_separator {
            settings.decimals.group = group;
        }
        if settings.decimals.point == settings.decimals.group {
            problems.add(format!("{key}.group_separator"), "must differ from the decimal point");
        }
        if let Some(code) = &format.currency {
            settings.currency = Currency::from_code(code);
            if settings.currency.is_none() {
                problems.add(
                    format!("{key}.currency"),
                    format!("{code:?} is not an ISO 4217 code: use one such as \"USD\""),
                );
            }
        }
        if let Some(empty) = &format.empty {
            settings.empty = empty.iter().map(|text| text.trim().to_owned()).chain([String::new()]).collect();
        }
        settings
    }
}

/// A time zone by its name; UTC where there is none, which is reported.
pub fn zone(name: &str, key: &str, problems: &mut Problems) -> Tz {
    name.parse().unwrap_or_else(|_| {
        let near = nearest_zone(name).unwrap_or("Europe/Berlin");
        problems.add(key, format!("unknown time zone {name:?}: use an IANA name such as {near:?}"));
        Tz::UTC
    })
}

/// Date formats by their names or patterns.
pub fn date_formats(names: &[String], key: &str, problems: &mut Problems) -> Vec<InstantFormat> {
    if names.is_empty() {
        problems.add(key, "must have at least one format");
    }
    let mut formats = Vec::with_capacity(names.len());
    for name in names {
        match InstantFormat::new(name) {
            Ok(format) => formats.push(format),
            Err(reason) => problems.add(key, reason),
        }
    }
    formats
}
