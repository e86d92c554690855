use super::cell::Context;
use super::joined::joined;
use super::merge::add_line;
use super::row::{Made, make};
use super::rows::Row;
use crate::import::mapping::file::Line;
use crate::import::mapping::lookup::Lookup;
use crate::import::mapping::plan::{Plan, Section, Source};
use crate::import::mapping::table::Table;
use crate::import::mapping::value::Value;
use crate::import::progress::Progress;
use crate::import::report::{Problem, Problems};
use std::collections::{HashMap, HashSet};

/// How many lines are read before the progress is shown again.
const LINES_A_TICK: usize = 500;

/// What to do about rows with the key of another.
const SEVERAL_LINES: &str = "\
where several lines make one row, write merge = true in its section, and where lines only mention it, distinct = true; \
correct other rows. --lenient would load the first of the lines with the same key, and leave the others out";

/// Reads the rows of a table, section by section.
pub struct TableReader<'a> {
    plan: &'a Plan,
    table: Table,
    lookups: &'a HashMap<Table, Lookup>,
    lenient: bool,
    problems: &'a mut Problems,
    rows: Vec<Row>,
    /// Where the row with a key stands.
    keys: HashMap<String, usize>,
    /// Keys of rows of several lines one of which is bad.
    spoiled: HashSet<String>,
    bad: HashSet<String>,
    gone: HashMap<String, Option<String>>,
}

/// What has been read of a table.
pub struct Read {
    /// The good rows.
    pub rows: Vec<Row>,
    /// Keys and names of bad rows.
    pub bad: HashSet<String>,
    /// Keys of rows that are gone, with what has become of them.
    pub gone: HashMap<String, Option<String>>,
}

impl<'a> TableReader<'a> {
    pub fn new(
        plan: &'a Plan,
        table: Table,
        lookups: &'a HashMap<Table, Lookup>,
        lenient: bool,
        problems: &'a mut Problems,
    ) -> Self {
        Self {
            plan,
            table,
            lookups,
            lenient,
            problems,
            rows: Vec::new(),
            keys: HashMap::new(),
            spoiled: HashSet::new(),
            bad: HashSet::new(),
            gone: HashMap::new(),
        }
    }

    /// Reads a section, which stands at a place in the plan.
    pub fn section(&mut self, place: usize, section: &Section, progress: Progress) {
        let file = &self.plan.files[section.file];
        let context = Context { lookups: self.lookups, empty: &section.empty, lenient: self.lenient };
        let mut step = progress.step(&format!("check {} in {}", self.table.name(), file.name), file.lines.len());
        let mut number = 0;
        for lines in file.lines.chunks(LINES_A_TICK) {
            for line in lines {
                let (whole, faults) = joined(&context, self.plan, section, line);
                match make(&context, section, file, &whole, faults) {
                    Made::Nothing => {}
                    Made::Gone(id, master) => drop(self.gone.insert(id, master)),
                    Made::Row(values) => {
                        let row = Row { section: place, file: section.file, place: number, line: line.number, values };
                        self.add(section, line, row);
                    }
                    Made::Bad(values, problems) => self.refuse(section, values, problems),
                }
                number += 1;
            }
            step.advance(lines.len());
        }
    }

    fn add(&mut self, section: &Section, line: &Line, row: Row) {
        let Some(key) = self.key(&row.values) else {
            self.rows.push(row);
            return;
        };
        if section.merge && self.spoiled.contains(&key) {
            return;
        }
        let Some(place) = self.keys.get(&key).copied() else {
            self.keys.insert(key, self.rows.len());
            self.rows.push(row);
            return;
        };
        let first = &mut self.rows[place];
        let its_line = format!("{}:{}", self.plan.files[first.file].name, first.line);
        let merges = section.distinct || (section.merge && first.section == row.section);
        let added = match merges {
            true => add_line(section, &mut first.values, row.values, &its_line),
            false => Err(format!("the {} of this row is that of {its_line} already", self.table.key().join(" and "))),
        };
        let Err(reason) = added else { return };
        if section.merge {
            self.spoiled.insert(key.clone());
        }
        let column = section.table.field(self.table.key()[0]).and_then(|place| section.rules[place].as_ref());
        let column = column.and_then(|rule| match &rule.source {
            Source::Columns(columns) => columns.first().and_then(|column| section.columns.names.get(*column)),
            Source::Text(_) | Source::Number { .. } => None,
        });
        let file = self.plan.files[section.file].name.clone();
        let problem = Problem { file, line: line.number, column: column.cloned(), value: Some(key), reason };
        if merges {
            self.report(problem);
        } else {
            self.problems.mark(self.table.name());
            self.problems.add_repeat(problem, SEVERAL_LINES);
        }
    }

    fn refuse(&mut self, section: &Section, values: Vec<Option<Value>>, problems: Vec<Problem>) {
        self.name_bad(&values);
        if section.merge {
            self.spoiled.extend(self.key(&values));
        }
        self.problems.mark(self.table.name());
        for problem in problems {
            self.problems.add(problem);
        }
    }

    fn report(&mut self, problem: Problem) {
        self.problems.mark(self.table.name());
        self.problems.add(problem);
    }

    fn name_bad(&mut self, values: &[Option<Value>]) {
        for name in ["id", "name"] {
            if let Some(Some(Value::Text(text))) = self.table.field(name).and_then(|place| values.get(place)) {
                self.bad.insert(text.clone());
            }
        }
    }

    /// What has been read: without rows that another line says are gone, and rows of several lines one of which is bad, or that
    /// together lack something.
    pub fn finish(mut self) -> Read {
        let mut good = Vec::with_capacity(self.rows.len());
        for row in std::mem::take(&mut self.rows) {
            let section = &self.plan.sections[row.section];
            let key = self.key(&row.values);
            if key.as_ref().is_some_and(|key| self.gone.contains_key(key)) {
                continue;
            }
            if section.merge && key.is_some_and(|key| self.spoiled.contains(&key)) {
                self.name_bad(&row.values);
                continue;
            }
            let lacks = |place: usize| section.rules[place].is_some() && row.values[place].is_none();
            let fields = self.table.fields();
            let lacking = (0..fields.len()).find(|place| fields[*place].required && lacks(*place));
            match lacking {
                None => good.push(row),
                Some(place) => {
                    self.name_bad(&row.values);
                    let reason = format!("{}.{} must be set", self.table.name(), fields[place].name);
                    let file = self.plan.files[row.file].name.clone();
                    self.report(Problem { file, line: row.line, column: None, value: None, reason });
                }
            }
        }
        Read { rows: good, bad: self.bad, gone: self.gone }
    }

    /// The key of a row as one text; nothing where its number will be worked out later.
    fn key(&self, values: &[Option<Value>]) -> Option<String> {
        let parts = self.table.key().iter().map(|name| match values.get(self.table.field(name)?)? {
            Some(Value::Text(text)) => Some(text.clone()),
            Some(Value::Integer(number)) => Some(format!("number {number}")),
            Some(Value::Day(day)) => Some(day.to_string()),
            _ => None,
        });
        parts.collect::<Option<Vec<_>>>().map(|parts| parts.join(", "))
    }
}
