use super::Problems;
use crate::import::suggest::suggestion;

/// The columns of a line: those of its file, and of what is joined to it.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The file's name.
    pub file: String,
    pub names: Vec<String>,
}

impl Columns {
    /// Where a column stands. A problem is reported where there is none, or more than one.
    pub fn place(&self, name: &str, key: &str, problems: &mut Problems) -> Option<usize> {
        let file = &self.file;
        let mut places = self.names.iter().enumerate().filter(|(_, column)| column.as_str() == name.trim());
        let place = places.next();
        if place.is_none() {
            let near = suggestion(name, self.names.iter().map(String::as_str));
            problems.add(key, format!("{file} has no column {name:?}: {near}"));
        } else if places.next().is_some() {
            problems.add(key, format!("{file} has more than one column {name:?}: rename one of them"));
        }
        place.map(|(place, _)| place)
    }
}
