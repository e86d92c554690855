use crate::catalog::Catalog;
use crate::import::mapping::file::Line;
use crate::import::mapping::language::Unknown;
use crate::import::mapping::lookup::{Found, Lookup};
use crate::import::mapping::plan::{Part, Reading, Rule, Shape, Source};
use crate::import::mapping::table::Table;
use crate::import::mapping::value::{
    basis_points, day, decimal, flag, instant, minor_units, slug, whole, without_currency, word,
};
use crate::import::suggest::nearest;
use chrono::{DateTime, NaiveDate, Utc};
use iso_currency::Currency;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Word(&'static str),
    Instant(DateTime<Utc>),
    Day(NaiveDate),
    Integer(i64),
    Flag(bool),
}

/// What cells are read with.
pub struct Context<'a> {
    pub lookups: &'a HashMap<Table, Lookup>,
    /// The texts that mean that a cell is empty.
    pub empty: &'a HashSet<String>,
    /// Rows are loaded although others are bad: one that looks up a bad row is bad too.
    pub lenient: bool,
}

impl Context<'_> {
    /// The text that a rule starts from, trimmed; empty where the cells are.
    pub fn source<'l>(&self, rule: &Rule, line: &'l Line) -> Cow<'l, str> {
        match &rule.source {
            Source::Columns(columns) => {
                columns.iter().map(|column| self.cell(line, *column)).find(|cell| !cell.is_empty()).unwrap_or("").into()
            }
            Source::Text(parts) => {
                let mut columns = parts.iter().filter_map(|part| match part {
                    Part::Column(column) => Some(*column),
                    Part::Text(_) => None,
                });
                let constant = columns.clone().next().is_none();
                if !constant && columns.all(|column| self.cell(line, column).is_empty()) {
                    return "".into();
                }
                let text = parts.iter().map(|part| match part {
                    Part::Text(text) => text.as_str(),
                    Part::Column(column) => self.cell(line, *column),
                });
                text.collect::<String>().trim().to_owned().into()
            }
        }
    }

    /// A cell without the space around it; empty if it holds one of the texts that mean so.
    pub fn cell<'l>(&self, line: &'l Line, column: usize) -> &'l str {
        let text = line.cells.get(column).unwrap_or_default().trim();
        if self.empty.contains(text) { "" } else { text }
    }

    /// What a text means by a rule: nothing where it is empty. Money needs the currency of its row.
    pub fn value(&self, rule: &Rule, source: &str, currency: Option<Currency>) -> Result<Option<Value>, String> {
        let replaced = match (rule.replace.get(source), &rule.otherwise) {
            (Some(text), _) => text.as_str(),
            (None, Some(otherwise)) if !source.is_empty() => otherwise.as_str(),
            _ => source,
        };
        let text = match (&rule.default, replaced) {
            (Some(default), "") => default.as_str(),
            (_, text) => text,
        };
        if text.is_empty() {
            return Ok(None);
        }
        match self.shaped(&rule.shape, text)? {
            Some(text) => read(&rule.reading, text, currency).map(Some),
            None => Ok(None),
        }
    }

    fn shaped<'t>(&'t self, shape: &'t Shape, text: &'t str) -> Result<Option<Cow<'t, str>>, String> {
        match shape {
            Shape::Plain => Ok(Some(text.into())),
            Shape::Slug => slug(text).map(|slug| Some(slug.into())),
            Shape::Bands { below, rest, decimals } => {
                let number = decimals.parse(text)?;
                let band = below.iter().find(|(below, _)| number < (*below).into()).map(|(_, text)| text);
                let text = band.or(rest.as_ref()).ok_or("beyond the last band")?;
                Ok((!text.is_empty()).then_some(text.into()))
            }
            Shape::Lookup { table, by, unknown } => {
                let Some(lookup) = self.lookups.get(table) else { return Ok(None) };
                match lookup.find(text, *by, table.name()) {
                    Found::Id(id) => Ok(Some(id.into())),
                    Found::Bad if self.lenient => Err(format!("the row of {} that this names is bad", table.name())),
                    // Nothing will be loaded: one report of the bad row is enough.
                    Found::Bad => Ok(Some(text.into())),
                    Found::Nothing(_) if *unknown == Unknown::Unset => Ok(None),
                    Found::Nothing(reason) => Err(reason),
                }
            }
        }
    }
}

/// The currency of a code, in any case.
pub fn currency(code: &str) -> Result<Currency, String> {
    Currency::from_code(&code.to_uppercase()).ok_or_else(|| "not an ISO 4217 currency code, such as USD".into())
}

fn kpi(id: &str) -> Result<String, String> {
    match (Catalog::get().kpi(id), nearest(id, Catalog::get().kpis().iter().map(|kpi| kpi.id))) {
        (Some(kpi), _) => Ok(kpi.id.to_owned()),
        (None, Some(near)) => Err(format!("no KPI has this id; the nearest is {near:?}")),
        (None, None) => Err("no KPI has this id: see `crm-kpi catalog`".into()),
    }
}

fn read(reading: &Reading, text: Cow<'_, str>, in_currency: Option<Currency>) -> Result<Value, String> {
    match reading {
        Reading::Text => Ok(Value::Text(text.into_owned())),
        Reading::Currency => currency(&text).map(|currency| Value::Text(currency.code().to_owned())),
        Reading::Instant { formats, zone } => instant(&text, formats, *zone).map(Value::Instant),
        Reading::Day { formats, zone } => day(&text, formats, *zone).map(Value::Day),
        Reading::Kpi => kpi(&text).map(Value::Text),
        Reading::Decimal { decimals, factor, positive } => {
            let text = in_currency.map_or_else(|| text.as_ref().into(), |currency| without_currency(&text, currency));
            decimal(&text, *decimals, *factor, *positive).map(Value::Text)
        }
        Reading::Money { decimals, scale, round } => {
            let currency = in_currency.ok_or("the row has no currency to count this in")?;
            minor_units(&text, currency, *decimals, *scale, *round).map(Value::Integer)
        }
        Reading::Percent { decimals, fraction } => basis_points(&text, *decimals, *fraction).map(Value::Integer),
        Reading::Whole { decimals, least } => whole(&text, *decimals, *least).map(Value::Integer),
        Reading::Flag => flag(&text).map(Value::Flag),
        Reading::Word(words) => word(&text, words).map(Value::Word),
    }
}
