//! A database of its own for every test.

use crm_kpi::database::Database;
use crm_kpi_migrations::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// The connections of a test, to ask questions through.
#[allow(dead_code)]
pub fn pool(connection: &DatabaseConnection) -> Database {
    Database::try_from(connection.clone()).unwrap()
}

/// A database that only one test uses.
pub struct TestDatabase {
    #[allow(dead_code)]
    pub kind: Kind,
    #[allow(dead_code)]
    pub url: String,
    pub connection: DatabaseConnection,
    /// The folder of an SQLite database: goes with it.
    _folder: Option<TempDir>,
}

impl TestDatabase {
    /// A new database without any tables.
    pub async fn empty(kind: Kind) -> Self {
        let (url, folder) = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                (format!("sqlite://{}", folder.path().join("test.db").display()), Some(folder))
            }
            Kind::Postgres => (create_postgres_database().await, None),
        };
        let connection = crm_kpi::database::connect(&url.parse().expect("a URL")).await.expect("a connection");
        Self { kind, url, connection, _folder: folder }
    }

    /// A new database with the schema and no rows.
    pub async fn migrated(kind: Kind) -> Self {
        let database = Self::empty(kind).await;
        Migrator::up(&database.connection, None).await.expect("migrations");
        database
    }
}

/// Creates a database on the test server. Without a server the test fails: it is never skipped.
async fn create_postgres_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("CRM_KPI_TEST_POSTGRES")
        .expect("CRM_KPI_TEST_POSTGRES=postgres://USER@HOST:PORT is not set: run the tests with scripts/test");
    let server = server.trim_end_matches('/').to_owned();
    let name = format!("crm_kpi_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.expect("the PostgreSQL test server");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a new database");
    admin.close().await.expect("closing");
    format!("{server}/{name}")
}
