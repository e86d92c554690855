use super::cell::{Context, Value};
use super::row::{Made, make};
use crate::import::mapping::file::{File, Line};
use crate::import::mapping::lookup::Lookup;
use crate::import::mapping::plan::{Plan, Rule, Section, Shape, Source};
use crate::import::mapping::table::Table;
use crate::import::progress::Progress;
use crate::import::report::{Problem, Problems};
use std::collections::{HashMap, HashSet};

/// How many lines are read before the progress is shown again.
const LINES_A_TICK: usize = 500;

/// A row to be loaded.
#[derive(Debug)]
pub struct Row {
    /// Where its file stands in the plan.
    pub file: usize,
    /// The line that it was made from.
    pub line: u64,
    /// A value for each field of the table.
    pub values: Vec<Option<Value>>,
}

/// The good rows, by table.
pub type Rows = HashMap<Table, Vec<Row>>;

/// Ids and names of the rows in the database, by table.
pub type Stored = HashMap<Table, HashMap<String, Option<String>>>;

/// Reads all tables. `stored` holds the tables that names are looked up in.
pub fn read(plan: &Plan, mut stored: Stored, lenient: bool, progress: Progress, problems: &mut Problems) -> Rows {
    for section in plan.sections.iter().filter(|section| !plan.files[section.file].bad.is_empty()) {
        problems.mark(section.table.name());
    }
    for problem in plan.files.iter().flat_map(|file| &file.bad) {
        problems.add(problem.clone());
    }
    let mut rows = Rows::new();
    let mut lookups = HashMap::new();
    for table in Table::ALL {
        let sections: Vec<_> = plan.sections.iter().filter(|section| section.table == table).collect();
        let wanted = looked_up(&plan.sections, table);
        if looked_up(sections.iter().copied(), table) {
            let index = index(plan, &sections, stored.get(&table).cloned().unwrap_or_default());
            lookups.insert(table, index);
        }
        let mut reader = TableReader {
            plan,
            table,
            lookups: &lookups,
            lenient,
            problems,
            rows: Vec::new(),
            keys: HashMap::new(),
            bad: HashSet::new(),
        };
        for section in sections {
            reader.section(section, progress);
        }
        let (read, bad) = (reader.rows, reader.bad);
        if wanted {
            let names = read.iter().filter_map(|row| Some((text(table, row, "id")?, text(table, row, "name"))));
            lookups.insert(table, Lookup::new(names, bad, stored.remove(&table).unwrap_or_default()));
        }
        rows.insert(table, read);
    }
    rows
}

/// Whether some rule of these sections looks names up in a table.
fn looked_up<'a>(sections: impl IntoIterator<Item = &'a Section>, wanted: Table) -> bool {
    let rules = sections.into_iter().flat_map(|section| &section.rules).flatten();
    rules.into_iter().any(|rule| matches!(&rule.shape, Shape::Lookup { table, .. } if *table == wanted))
}

/// The names of a table whose rows look each other up: read before the rows are.
fn index(plan: &Plan, sections: &[&Section], stored: HashMap<String, Option<String>>) -> Lookup {
    let nothing = HashMap::new();
    let mut names = Vec::new();
    for section in sections {
        let context = Context { lookups: &nothing, empty: &section.empty, lenient: false };
        let field = |name: &str, line: &Line| {
            let rule: &Rule = section.table.field(name).and_then(|place| section.rules[place].as_ref())?;
            match context.value(rule, &context.source(rule, line), None) {
                Ok(Some(Value::Text(text))) => Some(text),
                _ => None,
            }
        };
        let lines = plan.files[section.file].lines.iter();
        names.extend(lines.filter_map(|line| Some((field("id", line)?, field("name", line)))));
    }
    Lookup::new(names.iter().map(|(id, name)| (id.as_str(), name.as_deref())), HashSet::new(), stored)
}

fn text<'a>(table: Table, row: &'a Row, field: &str) -> Option<&'a str> {
    match row.values.get(table.field(field)?)? {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

struct TableReader<'a> {
    plan: &'a Plan,
    table: Table,
    lookups: &'a HashMap<Table, Lookup>,
    lenient: bool,
    problems: &'a mut Problems,
    rows: Vec<Row>,
    /// Where the row with a key stands.
    keys: HashMap<String, usize>,
    /// Keys and names of bad rows.
    bad: HashSet<String>,
}

impl TableReader<'_> {
    fn section(&mut self, section: &Section, progress: Progress) {
        let file = &self.plan.files[section.file];
        let context = Context { lookups: self.lookups, empty: &section.empty, lenient: self.lenient };
        let mut step = progress.step(&format!("check {} in {}", self.table.name(), file.name), file.lines.len());
        for lines in file.lines.chunks(LINES_A_TICK) {
            for line in lines {
                match make(&context, section, file, line) {
                    Made::Nothing => {}
                    Made::Row(values) => self.add(section, file, line, values),
                    Made::Bad(values, problems) => self.refuse(&values, problems),
                }
            }
            step.advance(lines.len());
        }
    }

    fn add(&mut self, section: &Section, file: &File, line: &Line, values: Vec<Option<Value>>) {
        let row = Row { file: section.file, line: line.number, values };
        let Some(key) = self.key(&row) else {
            self.rows.push(row);
            return;
        };
        let Some(first) = self.keys.get(&key).map(|place| &self.rows[*place]) else {
            self.keys.insert(key, self.rows.len());
            self.rows.push(row);
            return;
        };
        let place = format!("{}:{}", self.plan.files[first.file].name, first.line);
        let names = self.table.key();
        let reason = if !section.distinct {
            format!("the {} of this row is that of {place} already", names.join(" and "))
        } else {
            let differ = (0..row.values.len()).find(|place| first.values[*place] != row.values[*place]);
            let Some(field) = differ.and_then(|place| self.table.fields().get(place)) else { return };
            format!("the {} of this row is that of {place}, but its {} differs", names.join(" and "), field.name)
        };
        let column = section.table.field(names[0]).and_then(|place| section.rules[place].as_ref());
        let column = column.and_then(|rule| match &rule.source {
            Source::Columns(columns) => columns.first().and_then(|column| file.header.get(*column)),
            Source::Text(_) => None,
        });
        let problem =
            Problem { file: file.name.clone(), line: line.number, column: column.cloned(), value: Some(key), reason };
        self.problems.mark(self.table.name());
        self.problems.add(problem);
    }

    fn refuse(&mut self, values: &[Option<Value>], problems: Vec<Problem>) {
        for name in ["id", "name"] {
            if let Some(Some(Value::Text(text))) = self.table.field(name).and_then(|place| values.get(place)) {
                self.bad.insert(text.clone());
            }
        }
        self.problems.mark(self.table.name());
        for problem in problems {
            self.problems.add(problem);
        }
    }

    /// The key of a row as one text; nothing where its number will be worked out later.
    fn key(&self, row: &Row) -> Option<String> {
        let parts = self.table.key().iter().map(|name| match row.values.get(self.table.field(name)?)? {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(Value::Integer(number)) => Some(format!("number {number}")),
            Some(Value::Day(day)) => Some(day.to_string()),
            _ => None,
        });
        parts.collect::<Option<Vec<_>>>().map(|parts| parts.join(", "))
    }
}
