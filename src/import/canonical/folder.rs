use crate::crm::TABLE_NAMES;
use crate::import::error::{FileProblem, ImportError};
use crate::import::suggest::suggestion;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The file of a table.
pub fn file_name(table: &str) -> String {
    format!("{table}.csv")
}

/// The files of a folder by their tables, and what is wrong with the names of others. What is not CSV is no concern of
/// the import, nor is what is hidden.
pub fn files(folder: &Path) -> Result<(HashMap<&'static str, PathBuf>, Vec<FileProblem>), ImportError> {
    let unreadable = |source| ImportError::Unreadable { path: folder.to_owned(), source };
    let mut files = HashMap::new();
    let mut problems = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        if !csv || name.starts_with('.') {
            continue;
        }
        match TABLE_NAMES.iter().find(|table| file_name(table) == name) {
            Some(table) => {
                files.insert(*table, path);
            }
            None => {
                let known: Vec<String> = TABLE_NAMES.iter().map(|table| file_name(table)).collect();
                let suggestion = suggestion(&name, known.iter().map(String::as_str));
                problems
                    .push(FileProblem { file: name, description: format!("is the file of no table: {suggestion}") });
            }
        }
    }
    problems.sort_by(|one, next| one.file.cmp(&next.file));
    if files.is_empty() && problems.is_empty() {
        return Err(ImportError::NoFiles(folder.to_owned()));
    }
    Ok((files, problems))
}
