//! Brings the rows of both readers into the database: the one way in.

use super::ImportError;
use super::progress::Progress;
use super::row::Row;
use crate::crm::{self, Table};
use crate::database::{Sink, Staging, analyse};
use sea_orm::DatabaseConnection;

/// Rows that are staged before the progress is shown again.
pub const ROWS_A_TICK: usize = 1_000;

/// Writes rows in one transaction: [`Writer::stage`] takes those of one table after the other, [`Writer::delete`] makes
/// room for them, [`Writer::write`] writes all of them. Dropped before [`Writer::commit`], nothing has happened.
pub struct Writer {
    staging: Staging,
    progress: Progress,
    staged: Vec<(&'static Table, usize)>,
}

/// What becomes of stored rows that are not loaded.
#[derive(Clone, Debug, Default)]
pub struct Replace {
    /// Tables that lose the rows that were not staged.
    pub missing: Vec<&'static Table>,
    /// The children of what such a table loses go with it.
    pub children_of_missing: bool,
    /// The stays of every staged deal are replaced, also where none were staged.
    pub stays_of_deals: bool,
    /// The orders made of deals (with the same key) are replaced, also where none were staged.
    pub orders_of_deals: bool,
}

impl Writer {
    /// Begins a transaction.
    pub async fn begin(connection: &DatabaseConnection, progress: Progress) -> Result<Self, ImportError> {
        Ok(Self { staging: Staging::begin(connection).await?, progress, staged: Vec::new() })
    }

    /// Takes the rows of a table, of which a key must occur once.
    pub async fn stage(&mut self, table: &'static Table, rows: Vec<Row>) -> Result<(), ImportError> {
        let mut step = self.progress.step(&format!("send {}", table.name), rows.len());
        let mut rows = rows.into_iter();
        let mut next = || -> Result<Option<Row>, ImportError> { Ok(rows.next()) };
        self.stage_from(table, &mut next, |count| step.advance(count)).await.map(|_| ())
    }

    /// As [`Writer::stage`], with rows as they are read. Returns how many there were.
    pub async fn stage_from(
        &mut self,
        table: &'static Table,
        next: &mut (dyn FnMut() -> Result<Option<Row>, ImportError> + Send),
        mut tick: impl FnMut(usize),
    ) -> Result<usize, ImportError> {
        let mut sink: Sink<'_> = self.staging.stage(table).await?;
        let (mut count, mut untold) = (0, 0);
        while let Some(row) = next()? {
            sink.push(row);
            count += 1;
            untold += 1;
            if sink.is_full() {
                sink.write().await?;
            }
            if untold == ROWS_A_TICK {
                tick(std::mem::take(&mut untold));
            }
        }
        sink.finish().await?;
        tick(untold);
        self.staged.push((table, count));
        Ok(count)
    }

    /// Takes pairs of texts, such as keys and what they become. Gives the name of the table that has them in the columns `id`
    /// and `master`.
    pub async fn stage_pairs(
        &mut self,
        name: &'static str,
        pairs: impl IntoIterator<Item = (String, Option<String>)>,
    ) -> Result<String, ImportError> {
        let (name, mut sink) = self.staging.stage_texts(name, vec!["id", "master"]).await?;
        for (id, master) in pairs {
            sink.push([id.into(), master.into()]);
            if sink.is_full() {
                sink.write().await?;
            }
        }
        sink.finish().await?;
        Ok(name)
    }

    /// Writes what was staged: rows with the same key are replaced, but for the columns that are kept.
    pub async fn write(&mut self, kept: impl Fn(&Table) -> &'static [&'static str]) -> Result<(), ImportError> {
        for (table, rows) in std::mem::take(&mut self.staged) {
            if rows > 0 {
                let _step = self.progress.step(&format!("write {}", table.name), rows);
                self.staging.upsert(table, kept(table)).await?;
            }
        }
        Ok(())
    }

    /// Deletes what is not staged itself: the other children of the parents of staged children, and what else is asked for.
    pub async fn delete(&mut self, replace: &Replace) -> Result<(), ImportError> {
        let deals = crm::table("opportunities").filter(|deals| self.staging.has_staged(deals));
        for table in &replace.missing {
            let Some(key) = table.key().next() else { continue };
            let gone = self.staging.not_staged(table, key.name);
            if replace.children_of_missing {
                for child in crm::tables() {
                    if let Some(parent) = child.parent().filter(|parent| parent.references == Some(table.name)) {
                        self.staging.delete_others_of(child, parent.name, &gone).await?;
                    }
                }
            }
            if replace.orders_of_deals && table.name == "opportunities" {
                self.delete_orders_made_of(&gone).await?;
            }
            self.staging.delete_others(table).await?;
        }
        for table in self.staged.iter().map(|(table, _)| *table).collect::<Vec<_>>() {
            let Some(parent) = table.parent() else { continue };
            let mut parents = self.staging.staged(table, parent.name);
            if let Some(deals) = deals.filter(|_| replace.stays_of_deals && table.name == "opportunity_stages") {
                parents = format!("{parents} UNION ALL {}", self.staging.staged(deals, "id"));
            }
            self.staging.delete_others_of(table, parent.name, &parents).await?;
        }
        if let Some(deals) = deals.filter(|_| replace.orders_of_deals) {
            let deals = self.staging.staged(deals, "id");
            self.delete_orders_made_of(&deals).await?;
        }
        Ok(())
    }

    /// Deletes the orders that an earlier import has made of deals that make none now.
    async fn delete_orders_made_of(&mut self, deals: &str) -> Result<(), ImportError> {
        let Some(orders) = crm::table("orders") else { return Ok(()) };
        let others = self.staging.is_not_staged(orders);
        let sql = format!("DELETE FROM orders WHERE opportunity_id = id AND id IN ({deals}) AND {others}");
        self.staging.execute(&sql).await?;
        Ok(())
    }

    /// The staged rows of a table, as a table in statements, and the condition that a stored row is not staged.
    pub fn staged(&self, table: &Table) -> Option<(String, String)> {
        let staged = self.staging.has_staged(table).then(|| self.staging.name(table))?;
        Some((staged, self.staging.is_not_staged(table)))
    }

    /// Makes a table of what a query finds, for the rest of the transaction. Gives its name as statements have it.
    pub async fn keep(&mut self, name: &'static str, query: &str) -> Result<String, ImportError> {
        Ok(self.staging.keep(name, query).await?)
    }

    /// Executes a statement of the same transaction. Returns how many rows it has changed.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, ImportError> {
        Ok(self.staging.execute(sql).await?)
    }

    /// Whether a query of the same transaction finds anything.
    pub async fn exists(&mut self, query: &str) -> Result<bool, ImportError> {
        Ok(self.staging.exists(query).await?)
    }

    /// The condition that a column of instants is unset or at midnight in UTC.
    pub fn is_midnight(&self, column: &str) -> String {
        self.staging.is_midnight(column)
    }

    /// Makes everything visible, and has the database look at the tables.
    pub async fn commit(self, connection: &DatabaseConnection, tables: &[&str]) -> Result<(), ImportError> {
        self.staging.commit().await?;
        // What is loaded is loaded.
        if let Err(error) = analyse(connection, tables).await {
            tracing::warn!(%error, "the tables could not be analysed: answers may be slow until ANALYZE is run");
        }
        Ok(())
    }
}
