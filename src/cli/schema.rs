use super::{Failure, output};
use crate::crm::{Column, Kind, Table, tables};
use crate::import::field;
use std::fmt::{Result, Write};

/// The parts of the page: titles, and the first table of each. The rest follows in the order of the tables.
const PARTS: [(&str, &str); 7] = [
    ("People, customers and products", "teams"),
    ("Deals and sales", "opportunities"),
    ("Leads and marketing", "leads"),
    ("Subscriptions", "subscriptions"),
    ("Activity and expertise", "activities"),
    ("Service and usage", "service_cases"),
    ("Targets and exchange rates", "targets"),
];

/// What the page begins with.
const HEAD: &str = "\
# The CRM schema

<!-- Made of the entities in crm/src by: crm-kpi schema > docs/reference/schema.md -->

The tables that the service reads, created by `crm-kpi migrate up`. Views over another database can take their place, since
the service relies on neither keys nor foreign keys. An amount (`…_minor`) is in minor units (cents) of the row's currency
(ISO 4217).

| type | SQLite | PostgreSQL | in CSV files |
| --- | --- | --- | --- |
| text | `text` | `text COLLATE \"C\"` | as it is; an empty text is `\"\"` |
| word | `text` | `text COLLATE \"C\"` | one of the words that the table below names |
| integer | `integer` | `integer` (32 bits) | `42` |
| bigint | `bigint` | `bigint` (64 bits) | `120050` |
| boolean | `boolean` | `boolean` | `true`, `false` |
| decimal | `text` | `text COLLATE \"C\"` | `50000.00`: kept as it is written |
| day | `text`: `2024-03-01` | `date` | `2024-03-01` |
| instant | `text`: `2024-03-01T09:30:00+00:00` | `timestamptz` | `2024-03-01T09:30:00Z` |

A column of instants may hold days instead, all of its values: as `date` on PostgreSQL (also in a view), with the declared type
`date` on SQLite, or as midnights in UTC in a column that the table `crm_kpi_day_columns` names. [What follows for
figures](../guide/periods.md#days-without-a-time).

In [mappings](import.md) a column is the field that its table below names; a bold one must be filled. A
`currency` of amounts may be that of the whole file.

In the diagrams PK is the key, or a part of it, and FK the key of a row elsewhere. The database does not enforce
references: one may be unset, or point to nothing.
";

pub(super) fn run() -> std::result::Result<(), Failure> {
    output::print(page().map_err(Failure::new)?)
}

/// The page as Markdown, with diagrams of Mermaid.
fn page() -> std::result::Result<String, std::fmt::Error> {
    let tables = tables();
    let mut out = String::from(HEAD);
    writeln!(out, "\n## All tables\n\n```mermaid\nerDiagram")?;
    for table in tables {
        edges(&mut out, table)?;
    }
    for table in tables.iter().filter(|table| !is_connected(table, tables)) {
        writeln!(out, "    {}", table.name)?;
    }
    writeln!(out, "```")?;
    let starts: Vec<_> = PARTS.iter().filter_map(|(_, first)| tables.iter().position(|t| t.name == *first)).collect();
    let ends = starts.iter().skip(1).copied().chain([tables.len()]);
    for (((title, _), start), end) in PARTS.iter().zip(&starts).zip(ends) {
        part(&mut out, title, tables.get(*start..end).unwrap_or_default())?;
    }
    Ok(out)
}

fn part(out: &mut String, title: &str, tables: &[Table]) -> Result {
    writeln!(out, "\n## {title}\n\n```mermaid\nerDiagram")?;
    for table in tables {
        writeln!(out, "    {} {{", table.name)?;
        for column in &table.columns {
            let keys: Vec<_> = [(column.key, "PK"), (column.references.is_some(), "FK")]
                .iter()
                .filter(|key| key.0)
                .map(|key| key.1)
                .collect();
            let keys = if keys.is_empty() { String::new() } else { format!(" {}", keys.join(", ")) };
            let unset = if column.nullable { " \"or unset\"" } else { "" };
            writeln!(out, "        {} {}{keys}{unset}", column.kind.name(), column.name)?;
        }
        writeln!(out, "    }}")?;
    }
    for table in tables {
        edges(out, table)?;
    }
    writeln!(out, "```")?;
    for table in tables {
        writeln!(out, "\n### `{}`\n\n{}\n", table.name, table.meaning)?;
        writeln!(out, "| column | type | may be unset | in mappings | refers to | |")?;
        writeln!(out, "| --- | --- | --- | --- | --- | --- |")?;
        for column in &table.columns {
            row(out, table, column)?;
        }
    }
    Ok(())
}

/// Lines from the tables that a table refers to.
fn edges(out: &mut String, table: &Table) -> Result {
    for column in &table.columns {
        if let Some(target) = column.references {
            let least = if column.nullable { "|o" } else { "||" };
            writeln!(out, "    {target} {least}--o{{ {} : {}", table.name, column.name)?;
        }
    }
    Ok(())
}

fn is_connected(table: &Table, tables: &[Table]) -> bool {
    let refers = |other: &Table| other.columns.iter().any(|column| column.references == Some(table.name));
    tables.iter().any(refers) || table.columns.iter().any(|column| column.references.is_some())
}

fn row(out: &mut String, table: &Table, column: &Column) -> Result {
    let name = if column.key { format!("**`{}`**", column.name) } else { format!("`{}`", column.name) };
    let unset = if column.nullable { "yes" } else { "" };
    let target = column.references.map(|table| format!("[`{table}`](#{table})")).unwrap_or_default();
    let mut meaning = column.meaning.replace('|', "\\|");
    if let Kind::Word(words) = &column.kind {
        let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
        meaning = format!("{meaning} {}", words.join(", ")).trim_start().to_owned();
    }
    let field = in_mappings(table, column);
    writeln!(out, "| {name} | {} | {unset} | {field} | {target} | {meaning} |", column.kind.name())
}

/// The field of mappings that fills a column: bold where a row must have it, with how it is written where that is another way.
fn in_mappings(table: &Table, column: &Column) -> String {
    let Some(field) = field(table.name, column.name) else { return "worked out".into() };
    let name = if field.required { format!("**`{}`**", field.name) } else { format!("`{}`", field.name) };
    match field.written {
        Some(written) => format!("{name}: {written}"),
        None => name,
    }
}
