//! The page: a section for a run on a database, of which each row stays until a run measures it again.

use crate::data::{LAST_DAY, YEARS};
use crate::options::{Options, Row};
use crate::sql::Pool;
use crate::support::Kind;
use crate::table::{Table, number};
use crate::{Database, Outcome, machine};
use std::fmt::Write;
use std::path::Path;

const INTRODUCTION: &str = include_str!("introduction.md");

/// What the headings of a database's sections begin with; the rows that a section has stand behind it.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "## SQLite: rows ",
        Kind::Postgres => "## PostgreSQL: rows ",
    }
}

/// The rows of a section of a database, if it is one.
fn rows(kind: Kind, section: &str) -> Option<Vec<&str>> {
    Some(section.lines().next()?.strip_prefix(name(kind))?.split(", ").collect())
}

/// What a run found on a database.
pub async fn section(database: &Database, options: &Options, tables: &[(Row, Vec<Table>)]) -> Outcome<String> {
    let pool = Pool::open(database).await?;
    let settings = machine::database(database, &pool).await?;
    pool.close().await;
    let rows: Vec<String> = tables.iter().map(|(row, _)| row.to_string()).collect();
    let mut section = format!("{}{}\n\n", name(database.kind), rows.join(", "));
    writeln!(section, "- {}", chrono::Utc::now().format("%Y-%m-%d %H:%M UTC"))?;
    writeln!(section, "- {}", machine::machine())?;
    writeln!(section, "- {settings}")?;
    writeln!(section, "- {}", machine::build())?;
    writeln!(
        section,
        "- {} opportunities of {} reps in {YEARS} years up to {LAST_DAY}, and everything else in proportion",
        number(options.opportunities().into()),
        number(options.reps().into())
    )?;
    for table in tables.iter().flat_map(|(_, tables)| tables) {
        write!(section, "\n{table}")?;
    }
    Ok(section)
}

/// What is left of a section when some rows are measured anew, if anything is.
fn without(kind: Kind, section: &str, anew: &[&str]) -> Option<String> {
    let Some(rows) = rows(kind, section) else { return Some(section.to_owned()) };
    let left: Vec<&str> = rows.into_iter().filter(|row| !anew.contains(row)).collect();
    let mut parts = section.split("\n### ");
    let (_, run) = parts.next().filter(|_| !left.is_empty())?.split_once('\n')?;
    let mut section = format!("{}{}\n{run}", name(kind), left.join(", "));
    for part in parts.filter(|part| part.split_once(". ").is_some_and(|(row, _)| left.contains(&row))) {
        section += "\n### ";
        section += part;
    }
    Some(section)
}

/// Adds a section, and takes its rows away from the others.
pub fn write(path: &Path, kind: Kind, section: &str) -> Outcome<()> {
    let before = std::fs::read_to_string(path).unwrap_or_default();
    let mut kept: Vec<String> = Vec::new();
    for line in before.lines() {
        if line.starts_with("## ") {
            kept.push(String::new());
        }
        if let Some(section) = kept.last_mut() {
            writeln!(section, "{line}")?;
        }
    }
    let new = rows(kind, section).unwrap_or_default();
    kept = kept.iter().filter_map(|kept| without(kind, kept, &new)).collect();
    kept.push(section.to_owned());
    kept.sort_by(|one, other| one.lines().next().cmp(&other.lines().next()));
    let mut page = INTRODUCTION.trim_end().to_owned();
    for section in kept {
        write!(page, "\n\n{}", section.trim_end())?;
    }
    page.push('\n');
    std::fs::write(path, page).map_err(|error| format!("{}: {error}", path.display()).into())
}
