//! What an operator should know of a database that can be asked.

use crate::database::Database;
use crm_kpi_migrations::{Migrator, unknown_migrations};
use std::fmt::{self, Display};

/// Something that will be wrong, though nothing is yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The server allows fewer connections than the service may open.
    Connections {
        /// What it allows.
        allowed: u32,
        /// What the service may open.
        wanted: u32,
    },
    /// The schema is of a newer program: these migrations are not known.
    NewerSchema(Vec<String>),
}

impl Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connections { allowed, wanted } => write!(
                f,
                "the database allows {allowed} connections (CONNECTION LIMIT of the role or the database, or max_connections), \
                 but this instance may open {wanted}: raise the limit, or lower pool.connections (three more are opened beside \
                 it)"
            ),
            Self::NewerSchema(names) => write!(
                f,
                "the database was migrated by a newer version of crm-kpi (unknown migration {}): update this program",
                names.join(", ")
            ),
        }
    }
}

/// Looks at a database. What cannot be found out, for lack of a permission above all, is left out.
pub async fn notes(database: &Database, wanted: u32) -> Vec<Note> {
    let mut notes = Vec::new();
    match database.connections_allowed().await {
        Ok(Some(allowed)) if allowed < wanted => notes.push(Note::Connections { allowed, wanted }),
        Ok(_) => {}
        Err(error) => tracing::debug!(%error, "the limits of connections are not known"),
    }
    match unknown_migrations::<Migrator>(database.connection()).await {
        Ok(names) if !names.is_empty() => notes.push(Note::NewerSchema(names)),
        Ok(_) => {}
        Err(error) => tracing::debug!(%error, "the migrations are not known"),
    }
    notes
}
