use super::settings::{Settings, date_formats, zone};
use super::template::parts;
use super::{Problems, Reading, Rule, Shape, Source};
use crate::import::mapping::file::File;
use crate::import::mapping::language::{Band, Names, Options, Scale as Written};
use crate::import::mapping::table::{Field, Kind, Table};
use crate::import::mapping::value::{InstantFormat, Scale};
use crate::import::suggest::suggestion;
use chrono_tz::Tz;
use rust_decimal::Decimal;

/// What a rule is checked against.
pub struct Ground<'a> {
    pub table: Table,
    pub field: &'a Field,
    pub file: &'a File,
    pub settings: &'a Settings,
    /// Where the rule stands in the mapping.
    pub key: String,
}

impl Ground<'_> {
    /// The rule with everything found that it names. Problems are reported, and something harmless is returned.
    pub fn rule(&self, options: &Options, problems: &mut Problems) -> Rule {
        let trimmed = |text: &String| text.trim().to_owned();
        Rule {
            source: self.source(options, problems),
            replace: options.replace.iter().map(|(from, to)| (trimmed(from), trimmed(to))).collect(),
            otherwise: options.otherwise.as_ref().map(trimmed),
            default: options.default.as_ref().map(trimmed),
            shape: self.shape(options, problems),
            reading: self.reading(options, problems),
        }
    }

    fn source(&self, options: &Options, problems: &mut Problems) -> Source {
        let Names(names) = &options.column;
        match &options.text {
            Some(text) if names.is_empty() => {
                let key = format!("{}.text", self.key);
                match parts(text, |name| column(self.file, name, &key, problems)) {
                    Ok(parts) => Source::Text(parts),
                    Err(reason) => {
                        problems.add(key, reason);
                        Source::Text(Vec::new())
                    }
                }
            }
            None if !names.is_empty() => {
                let key = format!("{}.column", self.key);
                Source::Columns(names.iter().filter_map(|name| column(self.file, name, &key, problems)).collect())
            }
            _ => {
                problems.add(&self.key, "must have either `column` or `text`");
                Source::Columns(Vec::new())
            }
        }
    }

    fn shape(&self, options: &Options, problems: &mut Problems) -> Shape {
        let shapes =
            [("slug", options.slug), ("bands", !options.bands.is_empty()), ("lookup", options.lookup.is_some())];
        let used: Vec<_> = shapes.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
        if used.len() > 1 {
            problems.add(&self.key, format!("`{}` cannot be used together", used.join("` and `")));
        }
        if let Some(name) = used.first().filter(|_| self.field.kind != Kind::Text) {
            problems.add(&self.key, format!("`{name}` makes a text, but {} is none", self.field.name));
        }
        if options.lookup.is_none() && (options.lookup_by.is_some() || options.unknown.is_some()) {
            problems.add(&self.key, "`lookup_by` and `unknown` need `lookup`");
        }
        if let Some(name) = &options.lookup {
            return self.lookup(name, options, problems);
        }
        match (options.slug, options.bands.as_slice()) {
            (true, _) => Shape::Slug,
            (false, []) => Shape::Plain,
            (false, bands) => self.bands(bands, problems),
        }
    }

    fn lookup(&self, name: &str, options: &Options, problems: &mut Problems) -> Shape {
        let known = Table::ALL.into_iter().filter(|table| table.can_be_looked_up());
        let Some(table) = known.clone().find(|table| table.name() == name) else {
            let names: Vec<_> = known.map(Table::name).collect();
            let near = suggestion(name, names);
            problems.add(format!("{}.lookup", self.key), format!("nothing can be looked up in {name:?}: {near}"));
            return Shape::Plain;
        };
        if table > self.table {
            let description = format!("{name} cannot be looked up here: they are loaded after {}", self.table.name());
            problems.add(format!("{}.lookup", self.key), description);
        }
        Shape::Lookup { table, by: options.lookup_by.unwrap_or_default(), unknown: options.unknown.unwrap_or_default() }
    }

    fn bands(&self, bands: &[Band], problems: &mut Problems) -> Shape {
        let below: Vec<_> = bands.iter().filter_map(|band| Some((band.below?, band.text.trim().to_owned()))).collect();
        let rest = bands.last().filter(|band| band.below.is_none()).map(|band| band.text.trim().to_owned());
        let closed = bands.len() - usize::from(rest.is_some());
        if below.len() != closed || !below.is_sorted_by(|one, next| one.0 < next.0) {
            problems.add(
                format!("{}.bands", self.key),
                "every band needs a greater `below` than the one before it; only the last may do without",
            );
        }
        Shape::Bands { below, rest, decimals: self.settings.decimals }
    }

    fn reading(&self, options: &Options, problems: &mut Problems) -> Reading {
        let kind = self.field.kind;
        let uses = [
            ("date_formats", options.date_formats.is_some(), matches!(kind, Kind::Instant | Kind::Day)),
            ("time_zone", options.time_zone.is_some(), matches!(kind, Kind::Instant | Kind::Day)),
            ("round", options.round, kind == Kind::Money),
            ("scale", options.scale.is_some(), matches!(kind, Kind::Money | Kind::Percent | Kind::Decimal)),
        ];
        for (name, _, _) in uses.into_iter().filter(|(_, used, allowed)| *used && !allowed) {
            problems
                .add(format!("{}.{name}", self.key), format!("means nothing for {}: leave it out", self.field.name));
        }
        let decimals = self.settings.decimals;
        match kind {
            Kind::Text => Reading::Text,
            Kind::Currency => Reading::Currency,
            Kind::Flag => Reading::Flag,
            Kind::Word(words) => Reading::Word(words),
            Kind::Whole(least) => Reading::Whole { decimals, least },
            Kind::Percent => Reading::Percent { decimals, fraction: self.fraction(options.scale, problems) },
            Kind::Money => {
                Reading::Money { decimals, scale: self.scale(options.scale, problems), round: options.round }
            }
            Kind::Kpi => Reading::Kpi,
            Kind::Decimal => {
                Reading::Decimal { decimals, factor: self.factor(options.scale, problems), positive: false }
            }
            Kind::Positive => Reading::Decimal { decimals, factor: Decimal::ONE, positive: true },
            Kind::Instant => {
                Reading::Instant { formats: self.formats(options, problems), zone: self.zone(options, problems) }
            }
            Kind::Day => Reading::Day { formats: self.formats(options, problems), zone: self.zone(options, problems) },
        }
    }

    fn formats(&self, options: &Options, problems: &mut Problems) -> Vec<InstantFormat> {
        match &options.date_formats {
            Some(names) => date_formats(names, &format!("{}.date_formats", self.key), problems),
            None => self.settings.date_formats.clone(),
        }
    }

    fn zone(&self, options: &Options, problems: &mut Problems) -> Tz {
        match &options.time_zone {
            Some(name) => zone(name, &format!("{}.time_zone", self.key), problems),
            None => self.settings.zone,
        }
    }

    fn factor(&self, written: Option<Written>, problems: &mut Problems) -> Decimal {
        match written {
            None | Some(Written::Major | Written::Fraction) => Decimal::ONE,
            Some(Written::Percent) => Decimal::new(1, 2),
            Some(Written::Thousands) => Decimal::ONE_THOUSAND,
            Some(Written::Millions) => Decimal::ONE_THOUSAND * Decimal::ONE_THOUSAND,
            Some(Written::Minor) => {
                problems.add(
                    format!("{}.scale", self.key),
                    "of a target is major, thousands or millions, or percent or fraction of a ratio",
                );
                Decimal::ONE
            }
        }
    }

    fn scale(&self, written: Option<Written>, problems: &mut Problems) -> Scale {
        match written {
            None | Some(Written::Major) => Scale::Major,
            Some(Written::Minor) => Scale::Minor,
            Some(Written::Thousands) => Scale::Thousands,
            Some(Written::Millions) => Scale::Millions,
            Some(Written::Percent | Written::Fraction) => {
                problems.add(format!("{}.scale", self.key), "of money is minor, major, thousands or millions");
                Scale::Major
            }
        }
    }

    fn fraction(&self, written: Option<Written>, problems: &mut Problems) -> bool {
        match written {
            None | Some(Written::Percent) => false,
            Some(Written::Fraction) => true,
            Some(_) => {
                problems.add(format!("{}.scale", self.key), "of a probability is percent or fraction");
                false
            }
        }
    }
}

/// Where a column stands in a file.
pub fn column(file: &File, name: &str, key: &str, problems: &mut Problems) -> Option<usize> {
    let mut places = file.header.iter().enumerate().filter(|(_, column)| column.as_str() == name.trim());
    let place = places.next();
    if place.is_none() {
        let near = suggestion(name, file.header.iter().map(String::as_str));
        problems.add(key, format!("{} has no column {name:?}: {near}", file.name));
    } else if places.next().is_some() {
        problems.add(key, format!("{} has more than one column {name:?}: rename one of them", file.name));
    }
    place.map(|(place, _)| place)
}
