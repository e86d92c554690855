use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The version of the data at one moment.
///
/// A version is read before the snapshot that it labels begins: what is read may be newer than its label, never older, so
/// that whoever compares labels asks once too often at worst.
#[derive(Clone, Debug)]
pub struct DataVersion {
    pub(super) epoch: Arc<str>,
    pub(super) seen: Arc<Seen>,
}

/// What has been seen to change since the start. Every number only grows.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Changes of anything.
    pub total: u64,
    /// Changes that may have been of any table.
    pub all: u64,
    /// Changes of each table.
    pub tables: BTreeMap<Box<str>, u64>,
    /// How often what is not watched counted as changed.
    pub passes: u64,
    pub unwatched: Unwatched,
    /// When something changed last.
    pub changed_at: DateTime<Utc>,
}

/// Tables that do not tell of their changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwatched {
    /// Nothing tells of any change.
    All,
    /// These do not.
    Some(BTreeSet<String>),
}

impl Unwatched {
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Some(tables) if tables.is_empty())
    }

    pub fn has(&self, table: &str) -> bool {
        match self {
            Self::All => true,
            Self::Some(tables) => tables.contains(table),
        }
    }
}

impl DataVersion {
    /// The version of the whole database: another one after every change. Opaque.
    pub fn whole(&self) -> String {
        format!("{}-{}", self.epoch, self.seen.total)
    }

    /// The version of some tables: another one after every change of these. To be compared with versions of the same tables
    /// only. Opaque.
    pub fn of<'a>(&self, tables: impl IntoIterator<Item = &'a str> + Clone) -> String {
        let Self { epoch, seen } = self;
        let counted = |table: &str| seen.tables.get(table).copied().unwrap_or_default();
        let changes: u64 = tables.clone().into_iter().map(counted).sum();
        // What is watched only becomes something else together with `all`.
        let passes = if self.watches(tables) { 0 } else { seen.passes };
        format!("{epoch}-{}.{}", seen.all, changes + passes)
    }

    /// Whether the database tells of every change of these tables.
    pub fn watches<'a>(&self, tables: impl IntoIterator<Item = &'a str>) -> bool {
        !tables.into_iter().any(|table| self.seen.unwatched.has(table))
    }

    /// When something was last seen to change.
    pub fn changed_at(&self) -> DateTime<Utc> {
        self.seen.changed_at
    }
}
