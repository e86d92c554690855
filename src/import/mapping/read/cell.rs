use crate::catalog::Catalog;
use crate::import::mapping::file::Line;
use crate::import::mapping::language::{Precision, Unknown};
use crate::import::mapping::lookup::{Found, Lookup};
use crate::import::mapping::plan::{Dates, Move, Part, Reading, Rule, Shape, Source};
use crate::import::mapping::table::Table;
use crate::import::mapping::value::{
    Decimals, Failure, PERCENT, Shift, Time, Value, basis_points, day, decimal, flag, folded, instant, minor_units,
    slug, time, whole, without_currency, without_percent, word,
};
use crate::import::suggest::nearest;
use iso_currency::Currency;
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// What is wrong with what a rule reads.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// The column that it is wrong with, where the rule reads several.
    pub column: Option<usize>,
    pub reason: String,
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self { column: None, reason }
    }
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
    /// The text that a rule starts from, trimmed; empty where the cells are. Of a calculation the text of it with the cells
    /// in it.
    pub fn source<'l>(&self, rule: &Rule, line: &'l Line) -> Cow<'l, str> {
        match &rule.source {
            Source::Columns(columns) => {
                columns.iter().map(|column| self.cell(line, *column)).find(|cell| !cell.is_empty()).unwrap_or("").into()
            }
            Source::Text(parts) | Source::Number { shown: parts, .. } => {
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

    /// What a line says by a rule: nothing where it is empty. Money needs the currency of its row.
    pub fn value(&self, rule: &Rule, line: &Line, currency: Option<Currency>) -> Result<Option<Value>, Fault> {
        let source = self.calculated(rule, line, currency)?;
        let Some(text) = worded(rule, &source) else { return Ok(None) };
        let Some(text) = self.shaped(&rule.shape, text)? else { return Ok(None) };
        Ok(match &rule.reading {
            Reading::Instant(dates) => match self.shifts(dates, line)? {
                Some(shifts) => Some(time_of(dates, &text, &shifts)?),
                None => None,
            },
            Reading::Day(dates) => match self.shifts(dates, line)? {
                Some(shifts) => Some(Value::Day(day(&text, &dates.formats, dates.zone, &shifts)?)),
                None => None,
            },
            reading => Some(read(reading, text, currency)?),
        })
    }

    /// The source, as a number where it is worked out.
    fn calculated<'l>(&self, rule: &Rule, line: &'l Line, currency: Option<Currency>) -> Result<Cow<'l, str>, Fault> {
        let Source::Number { expression, decimals, round, .. } = &rule.source else {
            return Ok(self.source(rule, line));
        };
        let operand = |column| match self.cell(line, column) {
            "" => Ok(None),
            cell => operand(cell, *decimals, currency).map(Some),
        };
        let outcome = expression.result(operand).map_err(|Failure { column, reason }| Fault { column, reason })?;
        match outcome {
            None => Ok("".into()),
            Some(outcome) if outcome.exact || *round => Ok(decimals.written(outcome.number).into()),
            Some(outcome) => {
                let number = outcome.number.round_dp(6);
                let reason = format!("comes to about {number}: wrap it in round(…, 2), or set round = true for money");
                Err(Fault { column: None, reason })
            }
        }
    }

    /// What is done to a date; nothing where the column of a duration is empty.
    fn shifts(&self, dates: &Dates, line: &Line) -> Result<Option<Vec<Shift>>, Fault> {
        let mut shifts = Vec::with_capacity(dates.moves.len());
        for step in &dates.moves {
            let (column, back, unit) = match *step {
                Move::By(shift) => {
                    shifts.push(shift);
                    continue;
                }
                Move::ByColumn { column, back, unit } => (column, back, unit),
            };
            let cell = self.cell(line, column);
            if cell.is_empty() {
                return Ok(None);
            }
            let of_column = |reason| Fault { column: Some(column), reason };
            let count = whole(cell, dates.decimals, i32::MIN.into(), false).map_err(of_column)?;
            shifts.push(Shift::Add(if back { -count } else { count }, unit));
        }
        Ok(Some(shifts))
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
                match lookup.find(text, by, table.name()) {
                    Found::Id(id) => Ok(Some(id.into())),
                    Found::Bad if self.lenient => Err(format!("the row of {} that this names is bad", table.name())),
                    // Nothing will be loaded: one report of the bad row is enough.
                    Found::Bad => Ok(Some(text.into())),
                    Found::Nothing(_) if *unknown == Unknown::Unset => Ok(None),
                    Found::Several(reason) | Found::Nothing(reason) => Err(reason),
                }
            }
        }
    }
}

/// A text in the words of the mapping; nothing where it is empty.
fn worded<'t>(rule: &'t Rule, source: &'t str) -> Option<&'t str> {
    let spelling = || if rule.words.is_empty() { None } else { rule.words.get(&folded(source)) };
    let replaced = match (rule.replace.get(source).or_else(spelling), &rule.otherwise) {
        (Some(text), _) => text.as_str(),
        (None, Some(otherwise)) if !source.is_empty() => otherwise.as_str(),
        _ => source,
    };
    let text = match (&rule.default, replaced) {
        (Some(default), "") => default.as_str(),
        (_, text) => text,
    };
    (!text.is_empty()).then_some(text)
}

/// The number in a cell of a calculation: `12.5 %` is 0.125.
fn operand(cell: &str, decimals: Decimals, currency: Option<Currency>) -> Result<Decimal, String> {
    if let Some(percent) = without_percent(cell) {
        let number = decimals.parse(percent)?;
        return number.checked_mul(PERCENT).ok_or_else(|| "the number is too large".to_owned());
    }
    match currency {
        Some(currency) => decimals.parse(&without_currency(cell, currency)),
        None => decimals.parse(cell),
    }
}

/// A day or a point in time, as a rule says which.
fn time_of(dates: &Dates, text: &str, shifts: &[Shift]) -> Result<Value, String> {
    let Dates { formats, zone, precision, .. } = dates;
    match precision {
        Some(Precision::Day) => day(text, formats, *zone, shifts).map(Value::Midnight),
        Some(Precision::Instant) => instant(text, formats, *zone, shifts).map(Value::Instant),
        None => time(text, formats, *zone, shifts).map(|time| match time {
            Time::Day(day) => Value::Midnight(day),
            Time::At(at) => Value::Instant(at),
        }),
    }
}

/// The currency of a code, in any case.
pub fn currency(code: &str) -> Result<Currency, String> {
    Currency::from_code(&code.to_uppercase()).ok_or_else(|| "not an ISO 4217 currency code, such as USD".into())
}

fn kpi(id: &str) -> Result<String, String> {
    match (Catalog::get().kpi(id), nearest(id, Catalog::get().kpis().iter().map(|kpi| kpi.id))) {
        (Some(kpi), _) => Ok(kpi.id.to_owned()),
        (None, Some(near)) => Err(format!("unknown KPI: did you mean {near:?}?")),
        (None, None) => Err("unknown KPI: `crm-kpi catalog` lists them".into()),
    }
}

fn read(reading: &Reading, text: Cow<'_, str>, in_currency: Option<Currency>) -> Result<Value, String> {
    match reading {
        Reading::Text => Ok(Value::Text(text.into_owned())),
        Reading::Currency => currency(&text).map(|currency| Value::Text(currency.code().to_owned())),
        Reading::Instant(dates) => time_of(dates, &text, &[]),
        Reading::Day(dates) => day(&text, &dates.formats, dates.zone, &[]).map(Value::Day),
        Reading::Kpi => kpi(&text).map(Value::Text),
        Reading::Decimal { decimals, factor, positive } => {
            let text = in_currency.map_or_else(|| text.as_ref().into(), |currency| without_currency(&text, currency));
            decimal(&text, *decimals, *factor, *positive).map(Value::Text)
        }
        Reading::Money { decimals, scale, round } => {
            let currency = in_currency.ok_or("the row has no currency to count this in")?;
            minor_units(&text, currency, *decimals, *scale, *round).map(Value::Integer)
        }
        Reading::Percent { decimals, fraction, round } => {
            basis_points(&text, *decimals, *fraction, *round).map(Value::Integer)
        }
        Reading::Whole { decimals, least, round } => whole(&text, *decimals, *least, *round).map(Value::Integer),
        Reading::Flag => flag(&text).map(Value::Flag),
        Reading::Word(words) => word(&text, words).map(Value::Word),
    }
}
