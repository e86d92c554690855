//! How exact the times in a column are: points in time, or days without a time.

use std::collections::BTreeMap;
use std::sync::Arc;

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

/// The columns of a database that hold days where they could hold instants. A clone is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayColumns(Arc<BTreeMap<String, BTreeMap<String, Precision>>>);

impl DayColumns {
    /// What a column of a table holds.
    pub fn precision(&self, table: &str, column: &str) -> Precision {
        self.0.get(table).and_then(|columns| columns.get(column)).copied().unwrap_or_default()
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
