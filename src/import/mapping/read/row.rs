use super::cell::{Context, Value, currency};
use crate::import::mapping::file::{File, Line};
use crate::import::mapping::plan::{Part, Rule, Section, Source, Test};
use crate::import::mapping::table::{Kind, Table};
use crate::import::report::Problem;

/// What a line makes.
pub enum Made {
    /// A row: a value for each field of the table.
    Row(Vec<Option<Value>>),
    /// No row.
    Nothing,
    /// A row that is bad, as far as it could be read.
    Bad(Vec<Option<Value>>, Vec<Problem>),
}

/// Makes the row of a section from a line.
pub fn make(context: &Context<'_>, section: &Section, file: &File, line: &Line) -> Made {
    let holds = |test: &Test| test.texts.contains(context.cell(line, test.column)) == test.wanted;
    if !section.tests.iter().all(holds) {
        return Made::Nothing;
    }
    let mut maker = Maker { context, section, file, line, problems: Vec::new() };
    let fields = section.table.fields();
    let key = section.table.key().first().and_then(|name| section.table.field(name));
    if section.distinct
        && let Some(Some(rule)) = key.map(|key| section.rules.get(key).and_then(Option::as_ref))
        && matches!(context.value(rule, &context.source(rule, line), None), Ok(None))
    {
        return Made::Nothing;
    }
    let mut values = vec![None; fields.len()];
    let currency_place = section.table.field("currency");
    let mut in_currency = section.currency;
    if let Some(place) = currency_place {
        values[place] = maker.field(place, None);
        match &values[place] {
            Some(Value::Text(code)) => in_currency = currency(code).ok(),
            _ => values[place] = in_currency.map(|currency| Value::Text(currency.code().to_owned())),
        }
    }
    for place in (0..fields.len()).filter(|place| Some(*place) != currency_place) {
        values[place] = maker.field(place, in_currency);
    }
    match section.table {
        Table::Opportunities => maker.closing(&mut values),
        Table::Targets => maker.target(&mut values),
        Table::ExchangeRates => maker.rate(&values),
        _ => {}
    }
    match maker.problems.is_empty() {
        true => Made::Row(values),
        false => Made::Bad(values, maker.problems),
    }
}

pub(super) struct Maker<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) section: &'a Section,
    file: &'a File,
    pub(super) line: &'a Line,
    problems: Vec<Problem>,
}

impl Maker<'_> {
    fn field(&mut self, place: usize, currency: Option<iso_currency::Currency>) -> Option<Value> {
        let field = &self.section.table.fields()[place];
        let rule = self.section.rules[place].as_ref()?;
        let source = self.context.source(rule, self.line);
        let value = self.context.value(rule, &source, currency);
        match value {
            Ok(None) if field.required => {
                self.report(rule, &source, format!("{}.{} must be set", self.section.table.name(), field.name));
                None
            }
            Ok(value) => value,
            Err(reason) => {
                let reason = if field.kind == Kind::Text { reason } else { format!("{}: {reason}", field.name) };
                self.report(rule, &source, reason);
                None
            }
        }
    }

    /// Something is wrong with what a rule has read.
    pub(super) fn report(&mut self, rule: &Rule, value: &str, reason: String) {
        let column = match &rule.source {
            Source::Columns(columns) => {
                let filled = columns.iter().find(|column| !self.context.cell(self.line, **column).is_empty());
                filled.or(columns.first()).copied()
            }
            Source::Text(parts) => parts.iter().find_map(|part| match part {
                Part::Column(column) => Some(*column),
                Part::Text(_) => None,
            }),
        };
        self.problems.push(Problem {
            file: self.file.name.clone(),
            line: self.line.number,
            column: column.and_then(|column| self.file.header.get(column)).cloned(),
            value: Some(value.to_owned()),
            reason,
        });
    }

    /// Something is wrong with the row as a whole.
    pub(super) fn report_row(&mut self, reason: String) {
        let (file, line) = (self.file.name.clone(), self.line.number);
        self.problems.push(Problem { file, line, column: None, value: None, reason });
    }
}
