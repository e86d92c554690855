use super::cell;
use crate::crm::{Kind, Table};
use crate::import::error::{FileProblem, ImportError};
use crate::import::records::{Record, Records};
use crate::import::report::{Location, Problem, Problems};
use crate::import::row::{Digest, Row, digest, is_set, unset};
use crate::import::suggest::suggestion;
use crate::import::times::{Mixed, Times};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// What to do about rows with the key of another.
const REPEATS: &str = "\
correct the rows: a key must be there once. --lenient would load the first of the rows with the same key, and leave the \
others out";

/// A file being read, row by row.
pub struct TableFile {
    path: PathBuf,
    name: String,
    table: &'static Table,
    records: Records<BufReader<File>>,
    record: Record,
    /// How many cells a row has.
    width: usize,
    /// Which cell fills each column of the table.
    places: Vec<Option<usize>>,
    /// The lines of the rows read so far, by the digests of their keys.
    keys: HashMap<Digest, u64>,
    /// How many of the bytes read were told.
    told: u64,
    /// What the times that were read are.
    times: Times,
}

/// A record of a file.
pub enum Read {
    /// It can be loaded.
    Good(Row),
    /// It cannot: what is wrong has been reported.
    Bad,
}

impl TableFile {
    /// Opens a file and reads its header. Nothing where the header is wrong, which is added to the problems.
    pub fn open(
        table: &'static Table,
        path: &Path,
        problems: &mut Vec<FileProblem>,
    ) -> Result<Option<Self>, ImportError> {
        let unreadable = |source| ImportError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let mut file = Self {
            path: path.to_owned(),
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            table,
            records: Records::new(BufReader::new(file), b',').map_err(unreadable)?,
            record: Record::default(),
            width: 0,
            places: vec![None; table.columns.len()],
            keys: HashMap::new(),
            told: 0,
            times: Times::default(),
        };
        let before = problems.len();
        let mut wrong = |description| problems.push(FileProblem { file: file.name.clone(), description });
        if !file.records.read(&mut file.record).map_err(unreadable)? {
            wrong("is empty: its first line must name the columns".to_owned());
            return Ok(None);
        }
        file.width = file.record.len();
        let name = table.name;
        let mut seen = HashSet::new();
        for cell in 0..file.width {
            let column = String::from_utf8_lossy(file.record.cell(cell).0).trim().to_owned();
            match table.columns.iter().zip(&mut file.places).find(|(about, _)| about.name == column) {
                Some((_, filled_by)) => *filled_by = Some(cell),
                None => {
                    let suggestion = suggestion(&column, table.columns.iter().map(|about| about.name));
                    wrong(format!("unknown column {column:?} of {name}: {suggestion}"));
                }
            }
            if !seen.insert(column.clone()) {
                wrong(format!("duplicate column {column:?}"));
            }
        }
        let columns = table.columns.iter().zip(&file.places);
        for (about, _) in columns.filter(|(about, place)| place.is_none() && !about.nullable) {
            wrong(format!("column {:?} is missing: every row of {name} must have it", about.name));
        }
        Ok((problems.len() == before).then_some(file))
    }

    /// Reads the next row; nothing behind the last.
    pub fn next(&mut self, problems: &mut Problems) -> Result<Option<Read>, ImportError> {
        let read = self.records.read(&mut self.record);
        if !read.map_err(|source| ImportError::Unreadable { path: self.path.clone(), source })? {
            return Ok(None);
        }
        let table = self.table;
        let (name, line) = (&self.name, self.record.line);
        let mut good = true;
        let problem = |column: Option<&str>, value: Option<String>, reason: String| Problem {
            file: name.clone(),
            line,
            column: column.map(str::to_owned),
            value,
            reason,
        };
        let mut report = |problem| {
            problems.mark(table.name);
            problems.add(problem);
            good = false;
        };
        if self.record.len() != self.width {
            let reason = format!("{} cells, but the header has {}", self.record.len(), self.width);
            report(problem(None, None, reason));
            return Ok(Some(Read::Bad));
        }
        let mut row = Row::with_capacity(table.columns.len());
        let mut key_is_good = true;
        for (about, place) in table.columns.iter().zip(&self.places) {
            let (bytes, quoted) = place.map_or((&[][..], false), |place| self.record.cell(place));
            let value = match std::str::from_utf8(bytes) {
                Ok(text) => cell::read(about, text, quoted),
                Err(_) => Err("not UTF-8: save the file as UTF-8".into()),
            };
            if about.kind == Kind::Instant && value.as_ref().is_ok_and(is_set) {
                let at = || Location { file: name.clone(), line };
                self.times.see(table.name, about.name, cell::is_day(bytes), at);
            }
            row.push(value.unwrap_or_else(|reason| {
                key_is_good &= !about.key;
                let value = String::from_utf8_lossy(bytes).into_owned();
                report(problem(Some(about.name), Some(value), reason));
                unset(&about.kind)
            }));
        }
        if key_is_good {
            let key = row.iter().zip(&table.columns).filter(|(_, about)| about.key).map(|(value, _)| value);
            match self.keys.entry(digest(key)) {
                Entry::Vacant(place) => {
                    place.insert(line);
                }
                Entry::Occupied(first) => {
                    let names: Vec<&str> = table.key().map(|about| about.name).collect();
                    let (names, first) = (names.join(" and "), first.get());
                    let reason = format!("the {names} of this row is that of {name}:{first} already");
                    problems.mark(table.name);
                    problems.add_repeat(problem(None, None, reason), REPEATS);
                    good = false;
                }
            }
        }
        Ok(Some(if good { Read::Good(row) } else { Read::Bad }))
    }

    /// What the times that were read are; a column in which some are days and some are points in time is added to the problems.
    pub fn times(self, problems: &mut Vec<FileProblem>) -> Times {
        problems.extend(self.times.mixed().into_iter().map(|Mixed { column, day, instant, .. }| FileProblem {
            file: self.name.clone(),
            description: format!(
                "column {column:?} has days without a time (line {}) and points in time (line {}): write all of them in one way",
                day.line, instant.line
            ),
        }));
        self.times
    }

    /// How many bytes were read since this was last asked.
    pub fn advanced(&mut self) -> usize {
        let bytes = self.records.bytes() - self.told;
        self.told += bytes;
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}
