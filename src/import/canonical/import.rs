use super::file::{Read, TableFile};
use super::folder::files;
use crate::crm;
use crate::import::error::{FileProblem, ImportError};
use crate::import::options::Options;
use crate::import::progress::Progress;
use crate::import::report::{Problems, Summary};
use crate::import::row::Row;
use crate::import::times::Times;
use crate::import::write::{Replace, Writer};
use crate::schema::prepare;
use sea_orm::DatabaseConnection;
use std::collections::HashMap;
use std::path::Path;

/// Loads the files of a folder that are named after tables. A table without a file is left alone.
pub async fn import(connection: &DatabaseConnection, options: &Options) -> Result<Summary, ImportError> {
    let (files, mut wrong) = files(&options.folder)?;
    let mut problems = Problems::new(options.shown_problems);
    let (mut counts, mut times) = (HashMap::new(), Times::default());
    for table in crm::tables() {
        if let Some(path) = files.get(table.name)
            && let Some(file) = TableFile::open(table, path, &mut wrong)?
        {
            let (count, of_file) = check(file, path, options.progress, &mut problems, &mut wrong)?;
            counts.insert(table.name, count);
            times.extend(of_file);
        }
    }
    if !wrong.is_empty() {
        return Err(ImportError::Files(wrong));
    }
    refuse(&mut problems, options)?;

    prepare(connection, None).await?;
    times.read_declared(connection).await?;
    let mut writer = Writer::begin(connection, options.progress).await?;
    let mut problems = Problems::new(options.shown_problems);
    let mut tables = Vec::new();
    for table in crm::tables() {
        if let Some(path) = files.get(table.name)
            && let Some(mut file) = TableFile::open(table, path, &mut wrong)?
        {
            let count = counts.get(table.name).copied().unwrap_or_default();
            let mut step = options.progress.step(&format!("send {}", table.name), count);
            let mut next = || good(&mut file, &mut problems);
            tables.push((table.name, writer.stage_from(table, &mut next, |rows| step.advance(rows)).await?));
        }
    }
    // The files may have changed since they were checked.
    if !wrong.is_empty() {
        return Err(ImportError::Files(wrong));
    }
    refuse(&mut problems, options)?;
    let mut notes = Vec::new();
    let mut missing: Vec<_> = crm::tables().iter().filter(|table| files.contains_key(table.name)).collect();
    missing.retain(|table| options.delete_missing && !problems.left_as_it_is(table.name, &mut notes));
    writer.delete(&Replace { missing, ..Replace::default() }).await?;
    times.declare(&mut writer).await?;
    writer.write(|_| &[]).await?;
    let filled: Vec<&str> = tables.iter().map(|(table, _)| *table).collect();
    writer.commit(connection, &filled).await?;
    Ok(Summary { tables, notes, bad: problems.into_bad_rows() })
}

/// The next good row of a file.
fn good(file: &mut TableFile, problems: &mut Problems) -> Result<Option<Row>, ImportError> {
    loop {
        match file.next(problems)? {
            Some(Read::Good(row)) => return Ok(Some(row)),
            Some(Read::Bad) => {}
            None => return Ok(None),
        }
    }
}

/// Fails where rows are bad and the good ones are not wanted alone.
fn refuse(problems: &mut Problems, options: &Options) -> Result<(), ImportError> {
    if problems.bad_rows().rows == 0 || options.lenient {
        return Ok(());
    }
    let problems = std::mem::replace(problems, Problems::new(0));
    Err(ImportError::BadRows(problems.into_bad_rows()))
}

/// Reads a file to its end. Returns how many rows are good, and what its times are.
fn check(
    mut file: TableFile,
    path: &Path,
    progress: Progress,
    problems: &mut Problems,
    wrong: &mut Vec<FileProblem>,
) -> Result<(usize, Times), ImportError> {
    let bytes = std::fs::metadata(path).map_or(0, |about| usize::try_from(about.len()).unwrap_or(usize::MAX));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut step = progress.step_over_bytes(&format!("check {name}"), bytes);
    let mut good = 0;
    while let Some(row) = file.next(problems)? {
        good += usize::from(matches!(row, Read::Good(_)));
        step.advance(file.advanced());
    }
    Ok((good, file.times(wrong)))
}
