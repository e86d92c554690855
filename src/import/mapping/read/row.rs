use super::cell::{Context, Fault, currency};
use crate::import::mapping::file::{File, Line};
use crate::import::mapping::language::Take;
use crate::import::mapping::plan::{Part, Rule, Section, Source};
use crate::import::mapping::table::FieldKind;
use crate::import::mapping::value::Value;
use crate::import::report::Problem;

/// What a line makes.
pub enum Made {
    /// A row: a value for each field of the table.
    Row(Vec<Option<Value>>),
    /// No row.
    Nothing,
    /// The row with this key is gone; with the key of the one that it has become a part of.
    Gone(String, Option<String>),
    /// A row that is bad, as far as it could be read.
    Bad(Vec<Option<Value>>, Vec<Problem>),
}

/// Makes the row of a section from a line, with what is wrong with it already.
pub fn make(context: &Context<'_>, section: &Section, file: &File, line: &Line, faults: Vec<Fault>) -> Made {
    let mut maker = Maker { context, section, file, line, problems: Vec::new() };
    match fate(context, section, line) {
        Ok(Fate::Row) => {}
        Ok(Fate::Nothing) => return Made::Nothing,
        Ok(Fate::Gone(master)) => {
            let Some(Value::Text(id)) = section.table.field("id").and_then(|place| maker.field(place, None)) else {
                return Made::Bad(Vec::new(), maker.problems);
            };
            return Made::Gone(id, master);
        }
        Err(fault) => {
            maker.report_fault(None, fault);
            return Made::Bad(Vec::new(), maker.problems);
        }
    }
    for fault in faults {
        maker.report_fault(None, fault);
    }
    let fields = section.table.fields();
    let key = section.table.key().first().and_then(|name| section.table.field(name));
    if section.distinct
        && let Some(Some(rule)) = key.map(|key| section.rules.get(key).and_then(Option::as_ref))
        && matches!(context.value(rule, line, None), Ok(None))
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
    if let Some(place) = section.table.needed_currency()
        && values[place].is_none()
        && maker.problems.is_empty()
    {
        maker.report_row(format!("{}.currency must be set", section.table.name()));
    }
    match section.table.name() {
        "opportunities" => maker.closing(&mut values),
        "targets" => maker.target(&mut values),
        "exchange_rates" => maker.rate(&values),
        _ => {}
    }
    match maker.problems.is_empty() {
        true => Made::Row(values),
        false => Made::Bad(values, maker.problems),
    }
}

/// What becomes of a line.
pub enum Fate {
    Row,
    Nothing,
    /// Its row is gone, perhaps into another one.
    Gone(Option<String>),
}

/// What becomes of a line by the tests of its section.
pub fn fate(context: &Context<'_>, section: &Section, line: &Line) -> Result<Fate, Fault> {
    for test in &section.when {
        if !context.holds(test, line)? {
            return Ok(Fate::Nothing);
        }
    }
    for test in &section.skip_when {
        if context.holds(test, line)? {
            return Ok(Fate::Nothing);
        }
    }
    let master = section.merged_into.map(|column| context.cell(line, column)).filter(|master| !master.is_empty());
    if let Some(master) = master {
        return Ok(Fate::Gone(Some(master.to_owned())));
    }
    for test in &section.delete_when {
        if context.holds(test, line)? {
            return Ok(Fate::Gone(None));
        }
    }
    Ok(Fate::Row)
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
        if rule.take == Take::Count {
            let counts = !self.context.source(rule, self.line).is_empty();
            return Some(Value::Integer(counts.into()));
        }
        // What several lines have together is looked at when all are read.
        let is_needed = field.required && rule.take == Take::Same;
        match self.context.value(rule, self.line, currency) {
            Ok(None) if is_needed => {
                let reason = format!("{}.{} must be set", self.section.table.name(), field.name);
                self.report_fault(Some(rule), reason.into());
                None
            }
            Ok(value) => value,
            Err(Fault { column, reason }) => {
                let reason = if field.kind == FieldKind::Text { reason } else { format!("{}: {reason}", field.name) };
                self.report_fault(Some(rule), Fault { column, reason });
                None
            }
        }
    }

    /// Something is wrong with what a rule has read.
    pub(super) fn report(&mut self, rule: &Rule, reason: String) {
        self.report_fault(Some(rule), reason.into());
    }

    /// Something is wrong with a column, or with what a rule has read.
    fn report_fault(&mut self, rule: Option<&Rule>, fault: Fault) {
        let column = fault.column.or_else(|| match &rule?.source {
            Source::Columns(columns) => {
                let filled = columns.iter().find(|column| !self.context.cell(self.line, **column).is_empty());
                filled.or(columns.first()).copied()
            }
            Source::Text(parts) => parts.iter().find_map(|part| match part {
                Part::Column(column) => Some(*column),
                Part::Text(_) => None,
            }),
            Source::Number { .. } => None,
        });
        let value = match (fault.column, rule) {
            (Some(column), _) => Some(self.context.cell(self.line, column).to_owned()),
            (None, Some(rule)) => Some(self.context.source(rule, self.line).into_owned()),
            (None, None) => None,
        };
        self.problems.push(Problem {
            file: self.file.name.clone(),
            line: self.line.number,
            column: column.and_then(|column| self.section.columns.names.get(column)).cloned(),
            value,
            reason: fault.reason,
        });
    }

    /// Something is wrong with the row as a whole.
    pub(super) fn report_row(&mut self, reason: String) {
        let (file, line) = (self.file.name.clone(), self.line.number);
        self.problems.push(Problem { file, line, column: None, value: None, reason });
    }
}
