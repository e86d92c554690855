//! The page: a section a database, which a run replaces.

use crate::data::{LAST_DAY, YEARS};
use crate::options::{Options, Row};
use crate::sql::Pool;
use crate::support::Kind;
use crate::table::{Table, number};
use crate::{Database, Outcome, machine};
use std::fmt::Write;
use std::path::Path;

const INTRODUCTION: &str = include_str!("introduction.md");

fn heading(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "## SQLite",
        Kind::Postgres => "## PostgreSQL",
    }
}

/// What a run found on a database.
pub async fn section(database: &Database, options: &Options, tables: &[(Row, Vec<Table>)]) -> Outcome<String> {
    let pool = Pool::open(database).await?;
    let settings = machine::database(database, &pool).await?;
    pool.close().await;
    let mut section = format!("{}\n\n", heading(database.kind));
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

/// Puts a section in the place of the one before, and leaves the others.
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
    let place = kept.iter().position(|kept| kept.lines().next() == Some(heading(kind)));
    match place {
        Some(place) => kept[place] = section.to_owned(),
        None => kept.insert(if kind == Kind::Sqlite { 0 } else { kept.len() }, section.to_owned()),
    }
    let mut page = INTRODUCTION.trim_end().to_owned();
    for section in kept {
        write!(page, "\n\n{}", section.trim_end())?;
    }
    page.push('\n');
    std::fs::write(path, page).map_err(|error| format!("{}: {error}", path.display()).into())
}
