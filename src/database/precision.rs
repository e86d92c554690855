//! How exact the times in a column are: points in time, or days without a time.

use crate::crm::{self, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

/// How exact the times in a column are, and how they are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// Points in time.
    #[default]
    Instant,
    /// Days: PostgreSQL's `date`; on SQLite a text that begins with the day.
    Date,
    /// Days, each stored as its midnight in UTC (PostgreSQL).
    Midnight,
}

impl Precision {
    /// Whether it is days.
    pub fn is_day(self) -> bool {
        self != Self::Instant
    }
}

/// The columns that hold days in every database, as table and column.
static ALWAYS: LazyLock<BTreeSet<(&str, &str)>> = LazyLock::new(|| {
    let columns = crm::tables().iter().flat_map(|table| table.columns.iter().map(move |column| (table.name, column)));
    columns.filter(|(_, column)| column.kind == Kind::Day).map(|(table, column)| (table, column.name)).collect()
});

/// The columns of a database that hold days where they could hold instants. A clone is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayColumns(Arc<BTreeMap<String, BTreeMap<String, Precision>>>);

impl DayColumns {
    /// What a column of a table holds.
    pub fn precision(&self, table: &str, column: &str) -> Precision {
        let found = self.0.get(table).and_then(|columns| columns.get(column)).copied();
        found.unwrap_or_else(|| if ALWAYS.contains(&(table, column)) { Precision::Date } else { Precision::Instant })
    }

    /// Each of them, as table and column, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, Precision)> {
        self.0.iter().flat_map(|(table, columns)| {
            columns.iter().map(|(column, precision)| (table.as_str(), column.as_str(), *precision))
        })
    }
}

impl FromIterator<(String, String, Precision)> for DayColumns {
    fn from_iter<I: IntoIterator<Item = (String, String, Precision)>>(columns: I) -> Self {
        let mut all: BTreeMap<String, BTreeMap<String, Precision>> = BTreeMap::new();
        for (table, column, precision) in columns {
            if precision.is_day() {
                all.entry(table).or_default().insert(column, precision);
            }
        }
        Self(Arc::new(all))
    }
}
