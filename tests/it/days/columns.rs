//! Makes columns of a test database hold days.

use crm_kpi::crm;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use std::collections::BTreeMap;

/// How days are held where instants could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// In our own tables as midnights in UTC, which is declared.
    Declared,
    /// In views, whose columns have the type `date`.
    Views,
}

impl Stored {
    pub const ALL: [Self; 2] = [Self::Declared, Self::Views];
}

/// Has columns, as table and column, hold the days of their instants in UTC.
pub async fn become_days(db: &DatabaseConnection, columns: &[(&str, &str)], stored: Stored) {
    let mut by_table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (table, column) in columns {
        by_table.entry(table).or_default().push(column);
    }
    for (table, columns) in by_table {
        match stored {
            Stored::Declared => declare(db, table, &columns).await,
            Stored::Views => replace(db, table, &columns).await,
        }
    }
}

/// Cuts the instants of columns to midnight in UTC.
pub async fn cut(db: &DatabaseConnection, table: &str, columns: &[&str]) {
    for column in columns {
        let day = match db.get_database_backend() {
            DbBackend::Postgres => format!("date_trunc('day', {column} AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"),
            _ => format!("substr({column}, 1, 10) || 'T00:00:00+00:00'"),
        };
        run(db, &format!("UPDATE {table} SET {column} = {day}")).await;
    }
}

async fn declare(db: &DatabaseConnection, table: &str, columns: &[&str]) {
    cut(db, table, columns).await;
    for column in columns {
        let insert = "INSERT INTO crm_kpi_day_columns (table_name, column_name) VALUES";
        run(db, &format!("{insert} ('{table}', '{column}')")).await;
    }
}

async fn replace(db: &DatabaseConnection, table: &str, days: &[&str]) {
    let described = crm::table(table).unwrap();
    let is_day = |column: &crm::Column| days.contains(&column.name);
    run(db, &format!("ALTER TABLE {table} RENAME TO own_{table}")).await;
    let names: Vec<_> = described.columns.iter().map(|column| column.name).collect();
    let read = described.columns.iter().map(|column| match (is_day(column), db.get_database_backend()) {
        (false, _) => column.name.to_owned(),
        (true, DbBackend::Postgres) => format!("({0} AT TIME ZONE 'UTC')::date AS {0}", column.name),
        (true, _) => format!("substr({0}, 1, 10) AS {0}", column.name),
    });
    let read: Vec<_> = read.collect();
    let read = format!("SELECT {} FROM own_{table}", read.join(", "));
    if db.get_database_backend() == DbBackend::Postgres {
        run(db, &format!("CREATE VIEW {table} AS {read}")).await;
        return;
    }
    // A view has the types of the columns that it shows as they are.
    let kinds = described.columns.iter().map(|column| {
        let kind = if is_day(column) { "date" } else { column.kind.sql_type(DbBackend::Sqlite) };
        format!("{} {kind}", column.name)
    });
    let kinds: Vec<_> = kinds.collect();
    run(db, &format!("CREATE TABLE day_{table} ({})", kinds.join(", "))).await;
    run(db, &format!("INSERT INTO day_{table} {read}")).await;
    run(db, &format!("CREATE VIEW {table} AS SELECT {} FROM day_{table}", names.join(", "))).await;
}

async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
}
