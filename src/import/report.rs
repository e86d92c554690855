use std::collections::HashSet;
use std::fmt;

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file's name.
    pub file: String,
    /// The line that the row begins on, from 1.
    pub line: u64,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Something that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// The line that the row begins on, from 1.
    pub line: u64,
    /// The column; unset where the whole row is wrong.
    pub column: Option<String>,
    /// The cell's text.
    pub value: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

/// How much of a long value is shown.
const SHOWN_CHARACTERS: usize = 80;

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(column) = &self.column {
            write!(f, "column {column:?}, ")?;
        }
        if let Some(value) = &self.value {
            let mut shown: String = value.chars().take(SHOWN_CHARACTERS).collect();
            if shown.len() < value.len() {
                shown.push('…');
            }
            write!(f, "value {shown:?}: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// The rows that cannot be loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BadRows {
    /// The first problems, in the order in which the tables are read.
    pub shown: Vec<Problem>,
    /// How many problems there are.
    pub problems: u64,
    /// How many rows have one.
    pub rows: u64,
    /// What to do where rows have the key of another: leaving them out would lose what they say.
    pub repeats: Option<&'static str>,
}

impl fmt::Display for BadRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.shown {
            writeln!(f, "{problem}")?;
        }
        let more = self.problems.saturating_sub(self.shown.len() as u64);
        if more > 0 {
            writeln!(f, "… and {more} more")?;
        }
        write!(f, "bad rows: {}", self.rows)
    }
}

/// Collects problems; keeps the first ones.
#[derive(Debug)]
pub struct Problems {
    limit: usize,
    bad: BadRows,
    rows: HashSet<Location>,
    tables: HashSet<&'static str>,
}

impl Problems {
    pub fn new(limit: usize) -> Self {
        Self { limit, bad: BadRows::default(), rows: HashSet::new(), tables: HashSet::new() }
    }

    /// Some row of the table is bad.
    pub fn mark(&mut self, table: &'static str) {
        self.tables.insert(table);
    }

    pub fn add(&mut self, problem: Problem) {
        if self.rows.insert(Location { file: problem.file.clone(), line: problem.line }) {
            self.bad.rows += 1;
        }
        self.bad.problems += 1;
        if self.bad.shown.len() < self.limit {
            self.bad.shown.push(problem);
        }
    }

    /// A row has the key of another. The advice says what to do.
    pub fn add_repeat(&mut self, problem: Problem, advice: &'static str) {
        self.bad.repeats.get_or_insert(advice);
        self.add(problem);
    }

    /// Whether a table must not lose what its files miss, because rows of it are bad; then that is noted.
    pub fn left_as_it_is(&self, table: &str, notes: &mut Vec<String>) -> bool {
        let is_bad = self.tables.contains(table);
        if is_bad {
            notes.push(format!("{table} has bad rows: what its files miss was not deleted"));
        }
        is_bad
    }

    pub fn into_bad_rows(self) -> BadRows {
        self.bad
    }

    pub fn bad_rows(&self) -> &BadRows {
        &self.bad
    }
}

/// What an import has loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows written, table by table in the order of loading: those of the files and those derived.
    pub tables: Vec<(&'static str, usize)>,
    /// What the reader should know beside the figures.
    pub notes: Vec<String>,
    /// The rows that were left out: none, unless the import was lenient.
    pub bad: BadRows,
}

impl Summary {
    /// How many rows of a table were written.
    pub fn rows(&self, table: &str) -> usize {
        self.tables.iter().filter(|(known, _)| *known == table).map(|(_, rows)| rows).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loaded:")?;
        for (table, rows) in &self.tables {
            write!(f, "\n  {table:<28}{rows:>12}")?;
        }
        if self.bad.rows > 0 {
            write!(f, "\nbad rows left out: {}", self.bad.rows)?;
        }
        for note in &self.notes {
            write!(f, "\nnote: {note}")?;
        }
        Ok(())
    }
}
