//! The migrations and the entities.

use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::crm;
use crm_kpi_migrations::{Migrator, MigratorTrait};
use sea_orm::EntityTrait;

on_every_database!(entities_read_what_migrations_create, migrations_run_down_and_up_again);

async fn entities_read_what_migrations_create(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    macro_rules! reads_all {
        ($($table:ident),+) => {$(
            assert!(crm::$table::Entity::find().all(db).await.unwrap().is_empty(), stringify!($table));
        )+};
    }
    reads_all!(
        teams,
        reps,
        accounts,
        sources,
        products,
        stages,
        opportunities,
        opportunity_stages,
        proposals,
        orders,
        customer_tenures,
        leads,
        lead_stages,
        campaigns,
        campaign_responses,
        costs,
        referrals,
        web_sessions,
        mailing_list_subscriptions,
        subscriptions,
        mrr_movements,
        renewals,
        activities,
        social_profile_snapshots,
        social_posts,
        training_results,
        service_cases,
        service_calls,
        survey_answers,
        sign_ins
    );
}

async fn migrations_run_down_and_up_again(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    Migrator::down(db, None).await.unwrap();
    assert!(crm::orders::Entity::find().all(db).await.is_err());
    Migrator::up(db, None).await.unwrap();
    assert!(crm::orders::Entity::find().all(db).await.unwrap().is_empty());
}
