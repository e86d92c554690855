use super::derive;
use super::known::known;
use super::language::{Mapping, Missing};
use super::plan::{Plan, Section, plan};
use super::read::{Rows, read};
use super::remove::{follow, remove};
use super::settle::{count, settle};
use super::stored::stored;
use super::table::Table;
use super::value::Value;
use crate::crm;
use crate::import::error::ImportError;
use crate::import::options::Options;
use crate::import::report::{Location, Problems, Summary};
use crate::import::times::{Mixed, Times};
use crate::import::write::{Replace, Writer};
use crate::schema::prepare;
use sea_orm::DatabaseConnection;
use std::path::Path;

/// Loads files as a mapping describes them.
pub async fn import(
    connection: &DatabaseConnection,
    mapping: &Path,
    options: &Options,
) -> Result<Summary, ImportError> {
    let plan = read_plan(mapping, options)?;
    prepare(connection, None).await?;
    let stored = stored(connection, &plan).await?;
    let mut problems = Problems::new(options.shown_problems);
    let (mut rows, gone) = read(&plan, stored, options.lenient, options.progress, &mut problems);
    if problems.bad_rows().rows > 0 && !options.lenient {
        return Err(ImportError::BadRows(problems.into_bad_rows()));
    }
    let mut times = times(&plan, &rows)?;
    times.read_declared(connection).await?;
    follow(&mut rows, &gone);
    let Plan { files, sections, derive } = plan;
    drop(files);
    let mut rows = in_columns(rows);
    let known = known(connection, &rows).await?;
    let mut notes = derive::complete(&mut rows, known, derive, &mut times);
    if derive.customer_tenures {
        times.work_out("customer_tenures", "started_at", times.holds_days("orders", "ordered_at"));
    }
    times.work_out("accounts", "customer_since", times.holds_days("customer_tenures", "started_at"));

    let mut writer = Writer::begin(connection, options.progress).await?;
    let mut tables = Vec::new();
    for table in crm::tables() {
        let rows = rows.remove(table.name).unwrap_or_default();
        let derived = match table.name {
            "opportunity_stages" => derive.stage_history,
            "orders" => derive.orders,
            _ => false,
        };
        if !rows.is_empty() {
            tables.push((table.name, rows.len()));
        } else if !derived && !sections.iter().any(|section| section.table.name() == table.name) {
            continue;
        }
        writer.stage(table, rows).await?;
    }
    notes.extend(remove(&mut writer, &gone, derive.orders).await?);
    let replace = Replace {
        missing: missing(&sections, &problems, &mut notes),
        children_of_missing: true,
        stays_of_deals: derive.stage_history,
        orders_of_deals: derive.orders,
    };
    writer.delete(&replace).await?;
    times.declare(&mut writer).await?;
    let counted = count(&mut writer, derive).await?;
    // What is worked out from all rows stays until that is done again.
    writer.write(|table| if table.name == "accounts" { &["customer_since"] } else { &[] }).await?;
    let tenures = settle(&mut writer, &counted, derive).await?;
    if derive.customer_tenures {
        tables.push(("customer_tenures", usize::try_from(tenures).unwrap_or(usize::MAX)));
    }
    let filled: Vec<&str> = tables.iter().map(|(table, _)| *table).chain(["accounts"]).collect();
    writer.commit(connection, &filled).await?;
    Ok(Summary { tables, notes, bad: problems.into_bad_rows() })
}

fn read_plan(path: &Path, options: &Options) -> Result<Plan, ImportError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source| ImportError::Unreadable { path, source }
    };
    let text = std::fs::read_to_string(path).map_err(unreadable(path))?;
    std::fs::read_dir(&options.folder).map_err(unreadable(&options.folder))?;
    let mapping: Mapping =
        toml::from_str(&text).map_err(|source| ImportError::Syntax { path: path.to_owned(), source })?;
    plan(&mapping, &options.folder, options.progress)
        .map_err(|problems| ImportError::Mapping { path: path.to_owned(), problems })
}

/// What the times of the rows are. Fails where a column has days and points in time.
fn times(plan: &Plan, rows: &Rows) -> Result<Times, ImportError> {
    let mut times = Times::default();
    for table in Table::all() {
        for row in rows.get(&table).into_iter().flatten() {
            for (field, value) in table.fields().iter().zip(&row.values) {
                let is_day = match value {
                    Some(Value::Midnight(_)) => true,
                    Some(Value::Instant(_)) => false,
                    _ => continue,
                };
                let at = || Location { file: plan.files[row.file].name.clone(), line: row.line };
                times.see(table.name(), field.column.name, is_day, at);
            }
        }
    }
    let mixed = |Mixed { table, column, day, instant }: Mixed| {
        format!(
            "{table}.{column}: {day} has a day without a time, {instant} a point in time: set precision = \"day\" to keep days, or \
             precision = \"instant\" to make a day its first instant"
        )
    };
    let mixed: Vec<String> = times.mixed().into_iter().map(mixed).collect();
    if mixed.is_empty() { Ok(times) } else { Err(ImportError::Times(mixed)) }
}

/// The rows as the tables have them.
fn in_columns(rows: Rows) -> derive::Rows {
    let rows = rows.into_iter();
    rows.map(|(table, rows)| (table.name(), rows.into_iter().map(|row| table.row(row.values)).collect())).collect()
}

/// The tables that lose what the files no longer have: those that the mapping says so for.
fn missing(sections: &[Section], problems: &Problems, notes: &mut Vec<String>) -> Vec<&'static crm::Table> {
    let asked =
        |table: &Table| sections.iter().any(|section| section.table == *table && section.missing == Missing::Delete);
    let mut tables: Vec<_> = Table::all().filter(asked).map(Table::described).collect();
    tables.retain(|table| !problems.left_as_it_is(table.name, notes));
    tables
}
