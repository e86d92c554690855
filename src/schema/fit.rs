use super::days::{day_columns, declared, unreadable};
use super::types::{conversion, fits, needed, nothing};
use crate::crm::{self, Column, Table};
use crate::database::{DayColumns, Dialect, Relation, Relations, Snapshot, relations};
use crate::error::{Error, Result, Violation};

const UNREADABLE: &str = "may not be read";

/// A schema that fits, and what is worth a warning about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Tables of which policies of row level security hide rows from the role that asks.
    pub hides_rows: Vec<&'static str>,
    /// Tables with rows that were never analysed.
    pub never_analysed: Vec<String>,
    /// Tables (`orders`) and columns (`orders.amount_minor`) that the role may not read, each with the grant: reading them says
    /// so too, of the first one.
    pub unreadable: Vec<Violation>,
    /// The columns that hold days.
    pub days: DayColumns,
}

/// Compares the tables (or views in their place) and the types of their columns with what questions need. Fails with all that
/// is missing or of another type. Reads nothing of the tables themselves.
pub async fn inspect(snapshot: &Snapshot) -> Result<Schema> {
    let relations = relations(snapshot, crm::TABLE_NAMES).await?;
    let misfits: Vec<Misfit> =
        crm::tables().iter().flat_map(|table| misfits(table, &relations, snapshot.dialect())).collect();
    if relations.found.is_empty() {
        return Err(Error::SchemaNotReady(None));
    }
    if let (Some(wanted), Some(schema)) = (&relations.wanted, &relations.schema)
        && wanted != schema
    {
        let role = relations.role.as_deref().unwrap_or("the role");
        let description = format!(
            "is not the schema that the connection has, which is {schema}: a pooler between leaves startup options out: \
             ALTER ROLE {role} SET search_path = \"{wanted}\""
        );
        return Err(Error::WrongSchema {
            schema: relations.schema.clone(),
            misfits: vec![Violation { field: wanted.clone(), description }],
        });
    }
    let only_unreadable = misfits.iter().all(|misfit| misfit.unreadable);
    let mut misfits: Vec<Violation> = misfits.into_iter().map(|misfit| misfit.violation).collect();
    if !only_unreadable {
        return Err(Error::WrongSchema { schema: relations.schema, misfits });
    }
    misfits.extend(unreadable(snapshot, relations.role.as_deref()).await?);
    let hides_rows = crm::TABLE_NAMES.iter().copied();
    let hides_rows = hides_rows.filter(|table| relations.found.get(*table).is_some_and(|found| found.hides_rows));
    let days = day_columns(&relations, &declared(snapshot).await?, snapshot.dialect());
    let hides_rows = hides_rows.collect();
    Ok(Schema { hides_rows, never_analysed: relations.never_analysed, unreadable: misfits, days })
}

/// Something that does not fit.
struct Misfit {
    violation: Violation,
    /// It is there, but not for the role that asks.
    unreadable: bool,
}

fn misfits(table: &Table, relations: &Relations, dialect: Dialect) -> Vec<Misfit> {
    let misfit = |column: Option<&str>, description: String| {
        let field = column.map_or_else(|| table.name.to_owned(), |column| format!("{}.{column}", table.name));
        let unreadable = description.starts_with(UNREADABLE);
        Misfit { violation: Violation { field, description }, unreadable }
    };
    let Some(found) = relations.found.get(table.name) else {
        let description = "is missing: run `crm-kpi migrate up`, or make a view of this name".to_owned();
        return vec![misfit(None, description)];
    };
    let readable = |column: &Column| found.columns.get(column.name).is_some_and(|kind| kind.readable);
    if !found.columns.is_empty() && !table.columns.iter().any(readable) {
        let role = relations.role.as_deref().unwrap_or("the role");
        return vec![misfit(None, format!("{UNREADABLE}: GRANT SELECT ON {} TO {role}", table.name))];
    }
    let wrong = |column: &Column| Some(misfit(Some(column.name), problem(table, column, found, relations, dialect)?));
    table.columns.iter().filter_map(wrong).collect()
}

/// What is wrong with a column, and what to do; nothing where it fits.
fn problem(
    table: &Table,
    column: &Column,
    found: &Relation,
    relations: &Relations,
    dialect: Dialect,
) -> Option<String> {
    let (name, needed) = (column.name, needed(&column.kind, dialect));
    let Some(kind) = found.columns.get(name) else {
        return Some(match (found.is_view, column.nullable) {
            (false, _) => format!("is missing: run `crm-kpi migrate up` ({needed})"),
            (true, true) => {
                format!("is missing: add it to the view, or {}", nothing(&column.kind, name, dialect))
            }
            (true, false) => format!("is missing: add it to the view, as {needed}"),
        });
    };
    if !kind.readable {
        let role = relations.role.as_deref().unwrap_or("the role");
        return Some(format!("{UNREADABLE}: GRANT SELECT ON {} TO {role}", table.name));
    }
    if fits(&column.kind, &kind.name, dialect) {
        return None;
    }
    let conversion = conversion(&column.kind, name, &kind.name, dialect);
    let what = format!("is {}, but must be {needed}", kind.name);
    Some(match (found.is_view, dialect) {
        (true, _) => format!("{what}: write {conversion} AS {name} in the view"),
        (false, Dialect::Postgres) => {
            let table = table.name;
            format!("{what}: ALTER TABLE {table} ALTER {name} TYPE {needed} USING {conversion}, or make a view")
        }
        (false, Dialect::Sqlite) => format!("{what}: make a view with {conversion} AS {name}"),
    })
}
