use super::Problems;
use super::columns::Columns;
use super::settings::Settings;
use crate::import::mapping::file::File;
use crate::import::mapping::language::{Join as Written, Unknown};
use std::collections::HashMap;

/// Another file, whose cells are read as further columns of a line.
#[derive(Debug)]
pub struct Join {
    /// Where the file stands in the plan.
    pub file: usize,
    /// How many columns it has.
    pub width: usize,
    /// The column that names a line of it.
    pub column: usize,
    /// Its lines, by what names them: nothing where several have the same name.
    lines: HashMap<String, Option<usize>>,
    unknown: Unknown,
    /// What to say of a name that it does not have.
    missing: String,
    repeated: String,
}

impl Join {
    /// A join with its columns found, which are added to those that there are.
    pub fn new(
        written: &Written,
        (place, file, settings): (usize, &File, &Settings),
        columns: &mut Columns,
        key: &str,
        problems: &mut Problems,
    ) -> Option<Self> {
        if written.name.trim().is_empty() || written.name.contains(['{', '}', '.']) {
            problems.add(format!("{key}.as"), "must be a name without dots and braces, such as \"contact\"");
        }
        let column = columns.place(&written.column, &format!("{key}.column"), problems);
        let own = Columns { file: file.name.clone(), names: file.header.clone() };
        let by = own.place(&written.by, &format!("{key}.by"), problems)?;
        let prefix = format!("{}.", written.name.trim());
        if columns.names.iter().any(|name| name.starts_with(&prefix)) {
            problems.add(format!("{key}.as"), format!("there are columns that begin with {prefix:?} already"));
        }
        columns.names.extend(file.header.iter().map(|name| format!("{prefix}{name}")));
        let mut lines = HashMap::with_capacity(file.lines.len());
        for (place, line) in file.lines.iter().enumerate() {
            let name = line.cells.get(by).unwrap_or_default().trim();
            if !settings.empty.contains(name) {
                lines.entry(name.to_owned()).and_modify(|line| *line = None).or_insert(Some(place));
            }
        }
        Some(Self {
            file: place,
            width: file.header.len(),
            column: column?,
            lines,
            unknown: written.unknown,
            missing: format!("no line of {} has this {}", file.name, written.by),
            repeated: format!("several lines of {} have this {}", file.name, written.by),
        })
    }

    /// The place of the line with a name; nothing where none has it, which is an error unless it may be unknown.
    pub fn line(&self, name: &str) -> Result<Option<usize>, &str> {
        match self.lines.get(name) {
            Some(Some(line)) => Ok(Some(*line)),
            Some(None) => Err(&self.repeated),
            None if name.is_empty() || self.unknown == Unknown::Unset => Ok(None),
            None => Err(&self.missing),
        }
    }
}
