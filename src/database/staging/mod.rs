mod error;

pub use error::StagingError;

use super::driver::{DriverPool, quoted};
use super::either::{Either, either};
use super::postgres::staging::PostgresStaging;
use super::sink::Sink;
use super::sqlite::staging::SqliteStaging;
use crate::crm::Table;
use sea_orm::{DatabaseConnection, DbErr};

/// A transaction that brings rows into tables by way of staging tables: [`Staging::stage`] fills one, and whole statements
/// then write, replace and delete. All or nothing: dropped before [`Staging::commit`], nothing is left of it, nor are the
/// staging tables ever.
///
/// On PostgreSQL the rows are copied. The tables themselves are touched only by the whole statements, so a reader that is not
/// done for long keeps nobody from them.
pub struct Staging {
    inner: Either<PostgresStaging, SqliteStaging>,
    /// Tables that have a staging table.
    staged: Vec<&'static str>,
}

/// What the names of staging tables begin with.
const PREFIX: &str = "crm_kpi_import_";

impl Staging {
    /// Begins. A role of PostgreSQL that may not make temporary tables makes ordinary ones, which are dropped at the end.
    pub async fn begin(connection: &DatabaseConnection) -> Result<Self, StagingError> {
        let inner = match DriverPool::try_from(connection).map_err(DbErr::from)? {
            Either::Postgres(pool) => Either::Postgres(PostgresStaging::begin(pool).await?),
            Either::Sqlite(pool) => Either::Sqlite(SqliteStaging::begin(pool).await?),
        };
        Ok(Self { inner, staged: Vec::new() })
    }

    /// Makes the staging table of a table, and begins to fill it. A key must occur once.
    pub async fn stage(&mut self, table: &'static Table) -> Result<Sink<'_>, DbErr> {
        let columns = names(table);
        let query = format!("AS SELECT {} FROM \"{}\" WHERE false", quoted(&columns), table.name);
        let name = self.create(table.name, "", &query).await?;
        self.fill(&name, columns).await
    }

    /// Makes a table of texts beside the staging tables, and begins to fill it. Gives its name as statements have it.
    pub async fn stage_texts(
        &mut self,
        name: &'static str,
        columns: Vec<&'static str>,
    ) -> Result<(String, Sink<'_>), DbErr> {
        let kind = match &self.inner {
            Either::Postgres(_) => PostgresStaging::TEXT,
            Either::Sqlite(_) => SqliteStaging::TEXT,
        };
        let texts: Vec<_> = columns.iter().map(|column| format!("\"{column}\" {kind}")).collect();
        let name = self.create(name, &format!("({})", texts.join(", ")), "").await?;
        let sink = self.fill(&name, columns).await?;
        Ok((name, sink))
    }

    /// Makes a table of what a query finds, beside the staging tables. Gives its name as statements have it.
    pub async fn keep(&mut self, name: &'static str, query: &str) -> Result<String, DbErr> {
        self.create(name, "", &format!("AS {query}")).await
    }

    /// Makes a table that is dropped at the end, of the given columns or of what a query finds.
    async fn create(&mut self, name: &'static str, columns: &str, query: &str) -> Result<String, DbErr> {
        let create = either!(&self.inner, inner => inner.create(&format!("{PREFIX}{name}"), columns, query));
        self.execute(&create).await?;
        self.staged.push(name);
        Ok(self.named(name))
    }

    async fn fill(&mut self, name: &str, columns: Vec<&'static str>) -> Result<Sink<'_>, DbErr> {
        let to = match &mut self.inner {
            Either::Postgres(inner) => Either::Postgres(inner.fill(name, &columns).await?),
            Either::Sqlite(inner) => Either::Sqlite(inner.fill(name, &columns).await?),
        };
        Ok(Sink::new(columns, to))
    }

    /// Writes the staged rows of a table, in place of those with the same keys. A row that is stored as it is staged is not
    /// written again; some columns keep what is stored in them.
    pub async fn upsert(&mut self, table: &Table, kept: &[&str]) -> Result<(), DbErr> {
        let columns = names(table);
        let key: Vec<_> = table.key().map(|column| column.name).collect();
        let replaced = |column: &&str| !key.contains(column) && !kept.contains(column);
        let others: Vec<_> = columns.iter().copied().filter(replaced).collect();
        let prefixed = |prefix: &str| {
            let columns = others.iter().map(|column| format!("{prefix}.\"{column}\""));
            columns.collect::<Vec<_>>().join(", ")
        };
        let (staging, target) = (self.name(table), format!("\"{}\"", table.name));
        let conflict = match others.is_empty() {
            true => "NOTHING".to_owned(),
            false => {
                let set: Vec<_> = others.iter().map(|column| format!("\"{column}\" = excluded.\"{column}\"")).collect();
                let differs = match self.inner {
                    Either::Postgres(_) => PostgresStaging::DIFFERS,
                    Either::Sqlite(_) => SqliteStaging::DIFFERS,
                };
                let (stored, new) = (prefixed(&target), prefixed("excluded"));
                format!("UPDATE SET {} WHERE ({stored}) {differs} ({new})", set.join(", "))
            }
        };
        let (columns, key) = (quoted(&columns), quoted(&key));
        // SQLite would take ON for that of a join without a WHERE before it.
        self.execute(&format!(
            "INSERT INTO {target} ({columns}) SELECT {columns} FROM {staging} WHERE true ON CONFLICT ({key}) DO {conflict}"
        ))
        .await
        .map(|_| ())
    }

    /// Deletes the rows of a table that are not staged.
    pub async fn delete_others(&mut self, table: &Table) -> Result<u64, DbErr> {
        // Of a table that is not staged at all nothing is known to be gone.
        if !self.has_staged(table) {
            return Ok(0);
        }
        let others = self.is_not_staged(table);
        self.execute(&format!("DELETE FROM \"{}\" WHERE {others}", table.name)).await
    }

    /// Deletes the rows of a table that are not staged themselves, but of which a column is among some texts: a query of one
    /// column, such as that of [`Staging::staged`].
    pub async fn delete_others_of(&mut self, table: &Table, column: &str, texts: &str) -> Result<u64, DbErr> {
        let others = self.is_not_staged(table);
        self.execute(&format!("DELETE FROM \"{}\" WHERE \"{column}\" IN ({texts}) AND {others}", table.name)).await
    }

    /// The name of the staging table of a table, as statements have it.
    pub fn name(&self, table: &Table) -> String {
        self.named(table.name)
    }

    /// A query for a column of the staged rows of a table.
    pub fn staged(&self, table: &Table, column: &str) -> String {
        format!("SELECT \"{column}\" FROM {}", self.name(table))
    }

    /// A query for a column of the rows of a table that are not staged.
    pub fn not_staged(&self, table: &Table, column: &str) -> String {
        format!("SELECT \"{column}\" FROM \"{}\" WHERE {}", table.name, self.is_not_staged(table))
    }

    /// Whether rows of a table were staged.
    pub fn has_staged(&self, table: &Table) -> bool {
        self.staged.contains(&table.name)
    }

    /// The condition that a row of a table is not staged; true of all where the table has no staging table.
    pub fn is_not_staged(&self, table: &Table) -> String {
        if !self.has_staged(table) {
            return "true".into();
        }
        let key: Vec<_> = table.key().map(|column| column.name).collect();
        either!(&self.inner, inner => inner.is_not_in(&self.name(table), table.name, &key))
    }

    /// Executes a statement. Returns how many rows it has changed.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbErr> {
        either!(&mut self.inner, inner => inner.execute(sql).await)
    }

    /// Whether a query finds anything.
    pub async fn exists(&mut self, query: &str) -> Result<bool, DbErr> {
        either!(&mut self.inner, inner => inner.exists(query).await)
    }

    /// The condition that a column of instants is unset or at midnight in UTC.
    pub fn is_midnight(&self, column: &str) -> String {
        either!(&self.inner, inner => inner.is_midnight(column))
    }

    /// Drops the staging tables, and makes what was written visible.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        // The transaction may be that of a pooler, and the connection of SQLite is used again.
        for table in std::mem::take(&mut self.staged) {
            let name = self.named(table);
            self.execute(&format!("DROP TABLE {name}")).await?;
        }
        either!(self.inner, inner => inner.commit().await)
    }

    fn named(&self, table: &str) -> String {
        either!(&self.inner, inner => inner.named(&format!("{PREFIX}{table}")))
    }
}

fn names(table: &Table) -> Vec<&'static str> {
    table.columns.iter().map(|column| column.name).collect()
}
