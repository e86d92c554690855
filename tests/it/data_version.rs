//! The version of the data.

use crate::support::{Kind, TestDatabase, TestServer, on_every_database, sample};
use crm_kpi::crm::orders;
use crm_kpi::database::upsert;
use crm_kpi::proto::GetDataVersionRequest;
use sea_orm::{ConnectionTrait, EntityTrait, TransactionTrait};

on_every_database!(a_commit_changes_the_version);

async fn version(server: &TestServer) -> String {
    server.client().get_data_version(GetDataVersionRequest {}).await.unwrap().into_inner().data_version
}

async fn a_commit_changes_the_version(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    let before = version(&server).await;
    assert_eq!(version(&server).await, before);

    upsert(db, vec![sample::order(1)]).await.unwrap();
    let inserted = version(&server).await;
    assert_ne!(inserted, before);
    assert_eq!(version(&server).await, inserted);

    let transaction = db.begin().await.unwrap();
    upsert(&transaction, vec![sample::order(2)]).await.unwrap();
    assert_eq!(version(&server).await, inserted, "not committed yet");
    transaction.rollback().await.unwrap();
    assert_eq!(version(&server).await, inserted, "rolled back");

    orders::Entity::delete_by_id("order-1").exec(db).await.unwrap();
    assert_ne!(version(&server).await, inserted);

    let stopped = version(&server).await;
    let again = TestServer::start(server.stop().await).await;
    assert_ne!(version(&again).await, stopped, "another start");
}

/// What was committed while nobody listened is not known: no version from before holds any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_listener_is_replaced() {
    let server = TestServer::start(TestDatabase::migrated(Kind::Postgres).await).await;
    let before = version(&server).await;
    let terminate = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                     WHERE datname = current_database() AND application_name = 'crm-kpi listener'";
    let done = server.database.connection.execute_unprepared(terminate).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "one listener");
    let mut last = version(&server).await;
    assert_ne!(last, before);
    let settled = async {
        loop {
            let next = version(&server).await;
            if next == last {
                return;
            }
            last = next;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), settled).await.expect("it listens again");
    upsert(&server.database.connection, vec![sample::order(1)]).await.unwrap();
    assert_ne!(version(&server).await, last);
}
