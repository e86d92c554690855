use super::columns::Columns;
use super::settings::Settings;
use super::{Problems, Reading, Rule, Shape};
use crate::import::mapping::language::{Band, Options, Scale as Written, Take};
use crate::import::mapping::lookup::LookupBy;
use crate::import::mapping::table::{Field, FieldKind, Table};
use crate::import::mapping::value::{PERCENT, Scale};
use crate::import::suggest::suggestion;
use rust_decimal::Decimal;

/// What a rule is checked against.
pub struct Ground<'a> {
    pub table: Table,
    pub field: &'a Field,
    pub columns: &'a Columns,
    pub settings: &'a Settings,
    /// Several lines may make one row.
    pub several_lines: bool,
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
            words: self.words(options, problems),
            otherwise: options.otherwise.as_ref().map(trimmed),
            default: options.default.as_ref().map(trimmed),
            shape: self.shape(options, problems),
            reading: self.reading(options, problems),
            take: self.take(options.take, problems),
        }
    }

    fn take(&self, take: Take, problems: &mut Problems) -> Take {
        let kind = self.field.kind;
        let is_number = matches!(kind, FieldKind::Money | FieldKind::Whole(_) | FieldKind::Decimal);
        let is_allowed = match take {
            Take::Same | Take::First | Take::Last => true,
            Take::Sum => is_number,
            Take::Count => matches!(kind, FieldKind::Whole(_)),
            Take::Min | Take::Max => {
                is_number || matches!(kind, FieldKind::Instant | FieldKind::Day | FieldKind::Percent)
            }
        };
        let key = format!("{}.take", self.key);
        if take != Take::Same && !self.several_lines {
            problems.add(key, "has no effect where every line makes a row: set `merge = true` in the section");
        } else if take != Take::Same && self.table.key().contains(&self.field.name) {
            problems.add(key, "the lines of a row have the same key: leave it out");
        } else if take != Take::Same && kind == FieldKind::Currency {
            problems.add(key, "the lines of a row have the same currency: leave it out");
        } else if !is_allowed {
            let takes = if take == Take::Count { "whole numbers" } else { "numbers, and min and max of dates" };
            problems.add(key, format!("{} cannot be counted like this: it is for {takes}", self.field.name));
        }
        take
    }

    fn shape(&self, options: &Options, problems: &mut Problems) -> Shape {
        let shapes =
            [("slug", options.slug), ("bands", !options.bands.is_empty()), ("lookup", options.lookup.is_some())];
        let used: Vec<_> = shapes.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
        if used.len() > 1 {
            problems.add(&self.key, format!("`{}` cannot be used together", used.join("` and `")));
        }
        if let Some(name) = used.first().filter(|_| self.field.kind != FieldKind::Text) {
            problems.add(&self.key, format!("`{name}` produces text, but {} is not a text field", self.field.name));
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
        let known = Table::all().filter(|table| table.can_be_looked_up());
        let Some(table) = known.clone().find(|table| table.name() == name) else {
            let names: Vec<_> = known.map(Table::name).collect();
            let near = suggestion(name, names);
            problems.add(format!("{}.lookup", self.key), format!("cannot look up rows of {name:?}: {near}"));
            return Shape::Plain;
        };
        let by = match options.lookup_by.as_deref().map(str::trim) {
            Some("id") => LookupBy::Id,
            Some(column) => LookupBy::Column(column.to_owned()),
            None => LookupBy::Column("name".into()),
        };
        Shape::Lookup { table, by, unknown: options.unknown.unwrap_or_default() }
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
        let is_date = matches!(kind, FieldKind::Instant | FieldKind::Day);
        let uses = [
            ("date_formats", options.date_formats.is_some(), is_date),
            ("time_zone", options.time_zone.is_some(), is_date),
            ("add", !options.add.0.is_empty(), is_date),
            ("start_of", options.start_of.is_some(), is_date),
            ("end_of", options.end_of.is_some(), is_date),
            ("precision", options.precision.is_some(), kind == FieldKind::Instant),
            ("round", options.round, matches!(kind, FieldKind::Money | FieldKind::Percent | FieldKind::Whole(_))),
            (
                "scale",
                options.scale.is_some(),
                matches!(kind, FieldKind::Money | FieldKind::Percent | FieldKind::Decimal),
            ),
        ];
        for (name, _, _) in uses.into_iter().filter(|(_, used, allowed)| *used && !allowed) {
            problems
                .add(format!("{}.{name}", self.key), format!("does not apply to {}: leave it out", self.field.name));
        }
        let decimals = self.settings.decimals;
        let round = options.round;
        match kind {
            FieldKind::Text => Reading::Text,
            FieldKind::Currency => Reading::Currency,
            FieldKind::Flag => Reading::Flag,
            FieldKind::Word(words) => Reading::Word(words),
            FieldKind::Whole(least) => Reading::Whole { decimals, least, round },
            FieldKind::Percent => {
                Reading::Percent { decimals, fraction: self.fraction(options.scale, problems), round }
            }
            FieldKind::Money => Reading::Money { decimals, scale: self.scale(options.scale, problems), round },
            FieldKind::Kpi => Reading::Kpi,
            FieldKind::Decimal => {
                Reading::Decimal { decimals, factor: self.factor(options.scale, problems), positive: false }
            }
            FieldKind::Positive => Reading::Decimal { decimals, factor: Decimal::ONE, positive: true },
            FieldKind::Instant => Reading::Instant(self.dates(options, problems)),
            FieldKind::Day => Reading::Day(self.dates(options, problems)),
        }
    }

    fn factor(&self, written: Option<Written>, problems: &mut Problems) -> Decimal {
        match written {
            None | Some(Written::Major | Written::Fraction) => Decimal::ONE,
            Some(Written::Percent) => PERCENT,
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
