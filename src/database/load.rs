use super::driver::DriverPool;
use super::either::{Either, either};
use super::postgres::load::PostgresLoad;
use super::sink::Sink;
use super::sqlite::load::SqliteLoad;
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, IdenStatic, Iterable, ModelTrait};

/// A transaction that fills empty tables as fast as the database can: all or nothing.
///
/// On PostgreSQL rows are copied in frozen, so that index-only scans work at once; on SQLite the file grows in place, without
/// a copy in the write-ahead log where nobody else has it open. Dropped before [`Load::commit`], nothing is left of it.
pub struct Load(Either<PostgresLoad, SqliteLoad>);

/// Indexes that are not there while their table is filled, as statements that make them.
pub type Indexes = Vec<String>;

impl Load {
    /// Begins, alone with these tables.
    pub async fn begin(connection: &DatabaseConnection, tables: &[&str]) -> Result<Self, DbErr> {
        Ok(Self(match DriverPool::try_from(connection)? {
            Either::Postgres(pool) => Either::Postgres(PostgresLoad::begin(pool, tables).await?),
            Either::Sqlite(pool) => Either::Sqlite(SqliteLoad::begin(pool).await?),
        }))
    }

    /// The first of the tables that has rows.
    pub async fn first_with_rows(&mut self, tables: &[&'static str]) -> Result<Option<&'static str>, DbErr> {
        for table in tables {
            let sql = format!("SELECT '{table}', '' FROM \"{table}\" LIMIT 1");
            if !either!(&mut self.0, load => load.pairs(sql).await)?.is_empty() {
                return Ok(Some(table));
            }
        }
        Ok(None)
    }

    /// Drops the indexes of a table that keep nothing unique.
    pub async fn drop_indexes(&mut self, table: &str) -> Result<Indexes, DbErr> {
        let found = either!(&mut self.0, load => load.pairs(load.indexes(table)).await)?;
        let mut indexes = Indexes::new();
        for (name, create) in found {
            self.execute(&format!("DROP INDEX {name}")).await?;
            indexes.push(create);
        }
        Ok(indexes)
    }

    /// Begins to fill a table, which must have been empty when the transaction began, or goes on filling it.
    pub async fn rows<E: EntityTrait>(&mut self) -> Result<Rows<'_, E>, DbErr> {
        let entity = E::default();
        let columns: Vec<E::Column> = E::Column::iter().collect();
        let names: Vec<&'static str> = columns.iter().map(|column| column.as_str()).collect();
        let to = match &mut self.0 {
            Either::Postgres(load) => Either::Postgres(load.rows(entity.table_name(), &names).await?),
            Either::Sqlite(load) => Either::Sqlite(load.rows(entity.table_name(), &names).await?),
        };
        Ok(Rows { columns, sink: Sink::new(names, to) })
    }

    /// Executes a statement.
    pub async fn execute(&mut self, sql: &str) -> Result<(), DbErr> {
        either!(&mut self.0, load => load.execute(sql).await)
    }

    /// Makes all of it visible, and has the database look at it, so that it plans well at once.
    pub async fn commit(self) -> Result<(), DbErr> {
        either!(self.0, load => load.commit().await)
    }
}

/// Rows on their way into a table. [`Rows::finish`] writes the last of them; dropped before, the transaction is of no use.
pub struct Rows<'a, E: EntityTrait> {
    columns: Vec<E::Column>,
    sink: Sink<'a>,
}

impl<E> Rows<'_, E>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E>,
{
    /// Adds a row. It goes to the database with the next [`Rows::write`].
    pub fn push(&mut self, row: &E::Model) {
        self.sink.push(self.columns.iter().map(|column| row.get(*column)));
    }

    /// Whether there is enough to be written.
    pub fn is_full(&self) -> bool {
        self.sink.is_full()
    }

    /// Writes what was added.
    pub async fn write(&mut self) -> Result<(), DbErr> {
        self.sink.write().await
    }

    /// Writes the last rows.
    pub async fn finish(self) -> Result<(), DbErr> {
        self.sink.finish().await
    }
}
