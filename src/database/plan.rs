use super::dialect::Dialect;
use super::snapshot::Snapshot;
use crate::error::Result;
use sea_orm::Statement;
use std::collections::HashMap;

impl Snapshot {
    /// How the database would run a statement, in its own words, line by line. It is not run.
    pub async fn plan(&self, statement: &Statement) -> Result<Vec<String>> {
        let explain = match self.dialect() {
            Dialect::Postgres => "EXPLAIN",
            Dialect::Sqlite => "EXPLAIN QUERY PLAN",
        };
        let rows = self.all(Statement { sql: format!("{explain} {}", statement.sql), ..statement.clone() }).await?;
        let mut lines = Vec::with_capacity(rows.len());
        // SQLite names the step that each is part of.
        let mut depths: HashMap<i64, usize> = HashMap::new();
        for row in rows {
            lines.push(match self.dialect() {
                Dialect::Postgres => row.try_get_by_index(0)?,
                Dialect::Sqlite => {
                    let (step, parent): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
                    let depth = depths.get(&parent).map_or(0, |depth| depth + 1);
                    depths.insert(step, depth);
                    format!("{:indent$}{}", "", row.try_get_by_index::<String>(3)?, indent = 2 * depth)
                }
            });
        }
        Ok(lines)
    }
}
