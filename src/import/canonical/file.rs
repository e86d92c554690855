use super::cell;
use super::records::{Record, Records};
use crate::crm::{self, Column};
use crate::import::error::{FileProblem, ImportError};
use crate::import::report::{Problem, Problems};
use crate::import::suggest::suggestion;
use sea_orm::{ActiveModelTrait, EntityTrait, Iterable, Value};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// A file being read, row by row.
pub struct TableFile<E: EntityTrait> {
    path: PathBuf,
    name: String,
    records: Records<BufReader<File>>,
    record: Record,
    /// How many cells a row has.
    width: usize,
    /// Every column of the table, and which cell fills it.
    columns: Vec<(E::Column, &'static Column, Option<usize>)>,
    /// The lines of the rows read so far, by the digests of their keys.
    keys: HashMap<Digest, u64>,
    /// How many of the bytes read were told.
    told: u64,
}

/// Tells keys apart without holding them.
pub type Digest = [u8; 16];

/// The digest of a row's key.
pub fn digest(parts: &[&Value]) -> Digest {
    let mut digest = Digest::default();
    let mut text = Vec::new();
    for part in parts {
        cell::write(&mut text, part);
        text.push(b',');
    }
    blake3::Hasher::new().update(&text).finalize_xof().fill(&mut digest);
    digest
}

/// A row of a file.
pub enum Row<A> {
    /// It can be loaded.
    Good(A),
    /// It cannot: what is wrong has been reported.
    Bad,
}

impl<E> TableFile<E>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    /// Opens a file and reads its header. Nothing where the header is wrong, which is added to the problems.
    pub fn open(path: &Path, problems: &mut Vec<FileProblem>) -> Result<Option<Self>, ImportError> {
        let unreadable = |source| ImportError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let mut file = Self {
            path: path.to_owned(),
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            records: Records::new(BufReader::new(file)).map_err(unreadable)?,
            record: Record::default(),
            width: 0,
            columns: E::Column::iter().zip(crm::columns::<E>()).map(|(column, about)| (column, about, None)).collect(),
            keys: HashMap::new(),
            told: 0,
        };
        let before = problems.len();
        let mut wrong = |description| problems.push(FileProblem { file: file.name.clone(), description });
        if !file.records.read(&mut file.record).map_err(unreadable)? {
            wrong("is empty: its first line must name the columns".to_owned());
            return Ok(None);
        }
        file.width = file.record.len();
        let table = E::default().table_name();
        let known: Vec<&str> = file.columns.iter().map(|(_, about, _)| about.name).collect();
        let mut seen = HashSet::new();
        for place in 0..file.width {
            let name = String::from_utf8_lossy(file.record.cell(place).0).trim().to_owned();
            match file.columns.iter_mut().find(|(_, about, _)| about.name == name) {
                Some((_, _, filled_by)) => *filled_by = Some(place),
                None => {
                    let suggestion = suggestion(&name, known.iter().copied());
                    wrong(format!("column {name:?} is no column of {table}: {suggestion}"));
                }
            }
            if !seen.insert(name.clone()) {
                wrong(format!("column {name:?} is there twice"));
            }
        }
        for (_, about, _) in file.columns.iter().filter(|(_, about, place)| place.is_none() && !about.nullable) {
            wrong(format!("column {:?} is missing: every row of {table} must have it", about.name));
        }
        Ok((problems.len() == before).then_some(file))
    }

    /// Reads the next row; nothing behind the last.
    pub fn next(&mut self, problems: &mut Problems) -> Result<Option<Row<E::ActiveModel>>, ImportError> {
        let read = self.records.read(&mut self.record);
        if !read.map_err(|source| ImportError::Unreadable { path: self.path.clone(), source })? {
            return Ok(None);
        }
        let mut report = |column: Option<&str>, value: Option<String>, reason: String| {
            let (file, line) = (self.name.clone(), self.record.line);
            problems.add(Problem { file, line, column: column.map(str::to_owned), value, reason });
        };
        if self.record.len() != self.width {
            report(None, None, format!("{} cells, but the header has {}", self.record.len(), self.width));
            return Ok(Some(Row::Bad));
        }
        let mut row = <E::ActiveModel as ActiveModelTrait>::default();
        let mut key = Vec::new();
        let mut good = true;
        for (column, about, place) in &self.columns {
            let (bytes, quoted) = place.map_or((&[][..], false), |place| self.record.cell(place));
            let value = match std::str::from_utf8(bytes) {
                Ok(text) => cell::read(about, text, quoted),
                Err(_) => Err("not UTF-8: save the file as UTF-8".into()),
            };
            let set = value.and_then(|value| {
                if about.key {
                    key.push(value.clone());
                }
                row.try_set(*column, value).map_err(|error| error.to_string())
            });
            if let Err(reason) = set {
                report(Some(about.name), Some(String::from_utf8_lossy(bytes).into_owned()), reason);
                good = false;
            }
        }
        let keys = self.columns.iter().filter(|(_, about, _)| about.key);
        let names: Vec<&str> = keys.map(|(_, about, _)| about.name).collect();
        if key.len() == names.len() {
            let parts: Vec<&Value> = key.iter().collect();
            match self.keys.entry(digest(&parts)) {
                Entry::Vacant(place) => {
                    place.insert(self.record.line);
                }
                Entry::Occupied(first) => {
                    let (names, first) = (names.join(" and "), first.get());
                    report(None, None, format!("the {names} of this row is that of {}:{first} already", self.name));
                    good = false;
                }
            }
        }
        Ok(Some(if good { Row::Good(row) } else { Row::Bad }))
    }

    /// How many bytes were read since this was last asked.
    pub fn advanced(&mut self) -> usize {
        let bytes = self.records.bytes() - self.told;
        self.told += bytes;
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}
