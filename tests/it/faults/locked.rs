//! A table that somebody keeps locked, as migrations do.

use crate::support::{Kind, TestDatabase, TestServer, pool, settings};
use crm_kpi::error::Error;
use crm_kpi::service::Readiness;
use sea_orm::{ConnectionTrait, TransactionTrait};

/// Readers of SQLite never wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_table_is_no_database_that_is_away() {
    let database = TestDatabase::migrated(Kind::Postgres).await;
    let server = TestServer::start(database).await;
    let db = &server.database.connection;
    let database = pool(db);
    let readiness = Readiness::new(database.clone(), database, settings(&server.database.url).outages);
    let lock = async |table: &str| {
        let lock = db.begin().await.unwrap();
        lock.execute_unprepared(&format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await.unwrap();
        lock
    };
    let locked = lock("targets").await;
    assert!(
        matches!(readiness.check().await, Err(Error::Unavailable(_))),
        "what was never seen is not known to be there"
    );
    locked.rollback().await.unwrap();
    readiness.check().await.unwrap();
    let locked = lock("targets").await;
    readiness.check().await.unwrap();
    assert!(*readiness.subscribe().borrow());
    locked.rollback().await.unwrap();
    db.execute_unprepared("ALTER TABLE targets RENAME TO elsewhere").await.unwrap();
    assert!(matches!(readiness.check().await, Err(Error::SchemaNotReady(_))));
    assert!(!*readiness.subscribe().borrow());
}
