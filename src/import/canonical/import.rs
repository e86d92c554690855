use super::file::{Row, TableFile};
use super::folder::files;
use super::load::load;
use crate::crm;
use crate::database::analyse;
use crate::import::error::ImportError;
use crate::import::options::Options;
use crate::import::progress::Progress;
use crate::import::report::{Problems, Summary};
use crate::schema::prepare;
use sea_orm::{ActiveModelTrait, DatabaseConnection, EntityTrait, TransactionTrait};
use std::collections::HashMap;
use std::path::Path;

/// Brings the schema up to date and loads the files of a folder, in one transaction: after an error nothing was loaded.
///
/// All files are checked before anything is written. A row replaces the stored one with its key; the children of a
/// parent, such as an opportunity's stays, are replaced together. A table without a file is left alone.
pub async fn import(connection: &DatabaseConnection, options: &Options) -> Result<Summary, ImportError> {
    let (files, mut wrong) = files(&options.folder)?;
    let mut problems = Problems::new(options.shown_problems);
    let mut counts = HashMap::new();
    macro_rules! check {
        ($($table:ident),+ $(,)?) => {$(
            if let Some(path) = files.get(stringify!($table))
                && let Some(file) = TableFile::<crm::$table::Entity>::open(path, &mut wrong)?
            {
                counts.insert(stringify!($table), check(file, path, options.progress, &mut problems)?);
            }
        )+};
    }
    crm::every_table!(check);
    if !wrong.is_empty() {
        return Err(ImportError::Files(wrong));
    }
    refuse(&mut problems, options)?;

    prepare(connection, None).await?;
    let transaction = connection.begin().await?;
    let mut problems = Problems::new(options.shown_problems);
    let mut tables = Vec::new();
    macro_rules! load {
        ($($table:ident),+ $(,)?) => {$(
            if let Some(path) = files.get(stringify!($table))
                && let Some(file) = TableFile::<crm::$table::Entity>::open(path, &mut wrong)?
            {
                let count = counts.get(stringify!($table)).copied().unwrap_or_default();
                let step = options.progress.step(concat!("write ", stringify!($table)), count);
                tables.push((stringify!($table), load(&transaction, file, step, &mut problems).await?));
            }
        )+};
    }
    crm::every_table!(load);
    // The files may have changed since they were checked.
    if !wrong.is_empty() {
        return Err(ImportError::Files(wrong));
    }
    refuse(&mut problems, options)?;
    transaction.commit().await?;
    let filled: Vec<&str> = tables.iter().map(|(table, _)| *table).collect();
    // What is loaded is loaded.
    if let Err(error) = analyse(connection, &filled).await {
        tracing::warn!(%error, "the tables could not be analysed: answers may be slow until ANALYZE is run");
    }
    Ok(Summary { tables, notes: Vec::new(), bad: problems.into_bad_rows() })
}

/// Fails where rows are bad and the good ones are not wanted alone.
fn refuse(problems: &mut Problems, options: &Options) -> Result<(), ImportError> {
    if problems.bad_rows().rows == 0 || options.lenient {
        return Ok(());
    }
    let problems = std::mem::replace(problems, Problems::new(0));
    Err(ImportError::BadRows(problems.into_bad_rows()))
}

/// Reads a file to its end. Returns how many rows are good.
fn check<E>(
    mut file: TableFile<E>,
    path: &Path,
    progress: Progress,
    problems: &mut Problems,
) -> Result<usize, ImportError>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let bytes = std::fs::metadata(path).map_or(0, |about| usize::try_from(about.len()).unwrap_or(usize::MAX));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut step = progress.step_over_bytes(&format!("check {name}"), bytes);
    let mut good = 0;
    while let Some(row) = file.next(problems)? {
        good += usize::from(matches!(row, Row::Good(_)));
        step.advance(file.advanced());
    }
    Ok(good)
}
