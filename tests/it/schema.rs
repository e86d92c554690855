//! The migrations and the entities, and the page about them.

use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::crm;
use crm_kpi_migrations::{Migrator, MigratorTrait};
use sea_orm::EntityTrait;

on_every_database!(entities_read_what_migrations_create, migrations_run_down_and_up_again);

async fn entities_read_what_migrations_create(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    macro_rules! reads_all {
        ($($table:ident),+ $(,)?) => {$(
            assert!(crm::$table::Entity::find().all(db).await.unwrap().is_empty(), stringify!($table));
        )+};
    }
    crm::every_table!(reads_all);
}

async fn migrations_run_down_and_up_again(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    Migrator::down(db, None).await.unwrap();
    assert!(crm::orders::Entity::find().all(db).await.is_err());
    Migrator::up(db, None).await.unwrap();
    assert!(crm::orders::Entity::find().all(db).await.unwrap().is_empty());
}

#[test]
fn the_page_about_the_schema_is_up_to_date() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_crm-kpi")).arg("schema").output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(
        page == include_str!("../../docs/reference/schema.md"),
        "make it anew: cargo run -- schema > docs/reference/schema.md"
    );
}
