use super::driver::{DriverPool, failed};
use super::sink::{Sink, quoted};
use crate::crm::Table;
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, Postgres, Row, Sqlite, Transaction};
use sea_orm::{DatabaseConnection, DbErr};

/// A transaction that brings rows into tables by way of staging tables: [`Staging::stage`] fills one, and whole statements
/// then write, replace and delete. All or nothing: dropped before [`Staging::commit`], nothing is left of it, nor are the
/// staging tables ever.
///
/// On PostgreSQL the rows are copied. The tables themselves are touched only by the whole statements, so a reader that is not
/// done for long keeps nobody from them.
pub struct Staging {
    inner: Inner,
    /// Tables that have a staging table.
    staged: Vec<&'static str>,
}

enum Inner {
    Postgres { transaction: Transaction<'static, Postgres>, temporary: bool },
    Sqlite(Transaction<'static, Sqlite>),
}

/// Why rows cannot be staged.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// The role may make neither temporary tables nor tables in its schema.
    #[error(
        "the role {role} may not make the temporary tables that an import needs: GRANT TEMPORARY ON DATABASE {database} TO {role}"
    )]
    NotAllowed {
        /// The role, quoted where it must be.
        role: String,
        /// The database, quoted where it must be.
        database: String,
    },
    /// The database refuses.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What the names of staging tables begin with.
const PREFIX: &str = "crm_kpi_import_";

/// What a role may do, and its name and the database's.
const RIGHTS: &str = "\
SELECT has_database_privilege(current_database(), 'TEMPORARY'), \
       COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false), \
       quote_ident(current_user), quote_ident(current_database())";

impl Staging {
    /// Begins. A role of PostgreSQL that may not make temporary tables makes ordinary ones, which are dropped at the end.
    pub async fn begin(connection: &DatabaseConnection) -> Result<Self, StagingError> {
        let inner = match DriverPool::try_from(connection).map_err(DbErr::from)? {
            DriverPool::Postgres(pool) => {
                let mut transaction = pool.begin().await.map_err(failed)?;
                let rights = transaction.fetch_one(sqlx::raw_sql(RIGHTS)).await.map_err(failed)?;
                let temporary: bool = rights.try_get(0).map_err(failed)?;
                let ordinary: bool = rights.try_get(1).map_err(failed)?;
                if !temporary && !ordinary {
                    let (role, database) = (rights.try_get(2).map_err(failed)?, rights.try_get(3).map_err(failed)?);
                    return Err(StagingError::NotAllowed { role, database });
                }
                // Counting among all orders sorts them.
                transaction.execute(sqlx::raw_sql("SET LOCAL work_mem = '64MB'")).await.map_err(failed)?;
                Inner::Postgres { transaction, temporary }
            }
            DriverPool::Sqlite(pool) => Inner::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?),
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
            Inner::Postgres { .. } => "text COLLATE \"C\"",
            Inner::Sqlite(_) => "text",
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
        let quoted_name = self.named(name);
        let create = match &self.inner {
            Inner::Postgres { temporary: true, .. } => {
                format!("CREATE TEMPORARY TABLE \"{PREFIX}{name}\" {columns} ON COMMIT DROP {query}")
            }
            Inner::Postgres { temporary: false, .. } => {
                format!("CREATE UNLOGGED TABLE {quoted_name} {columns} {query}")
            }
            Inner::Sqlite(_) => format!("CREATE TABLE {quoted_name} {columns} {query}"),
        };
        self.execute(&create).await?;
        self.staged.push(name);
        Ok(quoted_name)
    }

    async fn fill(&mut self, name: &str, columns: Vec<&'static str>) -> Result<Sink<'_>, DbErr> {
        match &mut self.inner {
            Inner::Postgres { transaction, .. } => Sink::copy(transaction, name, columns, "").await,
            Inner::Sqlite(transaction) => Ok(Sink::insert(transaction, name, columns)),
        }
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
                    Inner::Postgres { .. } => "IS DISTINCT FROM",
                    Inner::Sqlite(_) => "IS NOT",
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
        let staging = self.name(table);
        match self.inner {
            // NOT IN would compare each with each where they do not fit into memory.
            Inner::Postgres { .. } => {
                let name = table.name;
                let same = key.iter().map(|column| format!("staged.\"{column}\" = \"{name}\".\"{column}\""));
                let same = same.collect::<Vec<_>>().join(" AND ");
                format!("NOT EXISTS (SELECT FROM {staging} AS staged WHERE {same})")
            }
            // NOT EXISTS would look through all of them each time.
            Inner::Sqlite(_) => {
                let key = quoted(&key);
                format!("({key}) NOT IN (SELECT {key} FROM {staging})")
            }
        }
    }

    /// Executes a statement. Returns how many rows it has changed.
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DbErr> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.inner {
            Inner::Postgres { transaction, .. } => {
                transaction.execute(statement).await.map(|done| done.rows_affected())
            }
            Inner::Sqlite(transaction) => transaction.execute(statement).await.map(|done| done.rows_affected()),
        }
        .map_err(failed)
    }

    /// Drops the staging tables, and makes what was written visible.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        // The transaction may be that of a pooler, and the connection of SQLite is used again.
        for table in std::mem::take(&mut self.staged) {
            let name = self.named(table);
            self.execute(&format!("DROP TABLE {name}")).await?;
        }
        match self.inner {
            Inner::Postgres { transaction, .. } => transaction.commit().await,
            Inner::Sqlite(transaction) => transaction.commit().await,
        }
        .map_err(failed)
    }

    fn named(&self, table: &str) -> String {
        let schema = match &self.inner {
            Inner::Postgres { temporary: true, .. } => "pg_temp.",
            Inner::Postgres { temporary: false, .. } => "",
            Inner::Sqlite(_) => "temp.",
        };
        format!("{schema}\"{PREFIX}{table}\"")
    }
}

fn names(table: &Table) -> Vec<&'static str> {
    table.columns.iter().map(|column| column.name).collect()
}
