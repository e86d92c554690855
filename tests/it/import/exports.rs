//! Exports of CRMs with the mappings that are shipped for them.

mod salesforce;

use super::{at, everything};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::crm::opportunities::Status;
use crm_kpi::crm::{accounts, customer_tenures, opportunities, opportunity_stages, orders, products, sources};
use crm_kpi::import::{Options, Summary, import};
use sea_orm::{DatabaseConnection, EntityTrait};
use std::path::{Path, PathBuf};

on_every_database!(an_export_of_zoho_is_loaded, an_export_of_hubspot_is_loaded);

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/import")
}

/// Imports a folder, twice: the second time changes nothing.
async fn imported(kind: Kind, mapping: &str, folder: &Path) -> (TestDatabase, Summary) {
    let database = TestDatabase::empty(kind).await;
    let options = Options { mapping: Some(examples().join(mapping)), folder: folder.to_owned(), ..Options::default() };
    let summary = import(&database.connection, &options).await.unwrap();
    let before = everything(&database.connection).await;
    assert_eq!(import(&database.connection, &options).await.unwrap(), summary);
    assert_eq!(everything(&database.connection).await, before);
    (database, summary)
}

async fn deal(db: &DatabaseConnection, id: &str) -> opportunities::Model {
    opportunities::Entity::find_by_id(id).one(db).await.unwrap().unwrap()
}

/// The stays of a deal: stage, beginning and end.
async fn stays(db: &DatabaseConnection, deal: &str) -> Vec<(String, String, String)> {
    let stays = opportunity_stages::Entity::find().all(db).await.unwrap();
    let mut stays: Vec<_> = stays.into_iter().filter(|stay| stay.opportunity_id == deal).collect();
    stays.sort_by_key(|stay| stay.number);
    let text = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| at.format("%m-%d %H:%M").to_string());
    let shown = stays.into_iter().map(|stay| {
        (stay.stage_id.unwrap(), text(stay.entered_at).unwrap_or_default(), text(stay.left_at).unwrap_or_default())
    });
    shown.collect()
}

fn stay(stage: &str, from: &str, until: &str) -> (String, String, String) {
    (stage.into(), from.into(), until.into())
}

/// What orders are for: key, amount in minor units, product and kind.
async fn order_lines(db: &DatabaseConnection) -> Vec<String> {
    let mut orders = orders::Entity::find().all(db).await.unwrap();
    orders.sort_by(|one, next| one.id.cmp(&next.id));
    let lines = orders.into_iter().map(|order| {
        let kind = order.kind.map(|kind| format!("{kind:?}")).unwrap_or_default();
        let product = order.product_id.unwrap_or_default();
        format!("{} {} {product} {kind} {}", order.id, order.amount_minor, order.ordered_at.format("%m-%d %H:%M"))
    });
    lines.collect()
}

async fn an_export_of_zoho_is_loaded(kind: Kind) {
    let (database, summary) = imported(kind, "zoho.toml", &examples().join("zoho")).await;
    let db = &database.connection;
    let counts = ["reps", "accounts", "products", "opportunities", "opportunity_stages", "orders"];
    assert_eq!(counts.map(|table| summary.rows(table)), [2, 3, 4, 5, 4, 2]);

    let won = deal(db, "zcrm_9001").await;
    assert_eq!(
        (won.status, won.amount_minor, won.stage_id.as_deref()),
        (Status::Won, Some(123_456_750), Some("negotiation-review"))
    );
    assert_eq!(
        (won.created_at, won.closed_at),
        (at("2024-01-05T05:00:00Z"), at("2024-03-31T00:00:00Z")),
        "the close is a day"
    );
    let open = deal(db, "zcrm_9003").await;
    assert_eq!(
        (open.status, open.closed_at, open.account_id.as_deref()),
        (Status::Open, None, Some("zcrm_4102")),
        "its contact's"
    );
    let lost = deal(db, "zcrm_9005").await;
    assert_eq!((lost.status, lost.loss_reason.as_deref(), lost.stage_id), (Status::Lost, Some("Competitor"), None));
    assert_eq!(
        stays(db, "zcrm_9001").await,
        [stay("qualification", "01-05 05:00", "03-01 00:00"), stay("negotiation-review", "03-01 00:00", "03-31 00:00")]
    );
    assert_eq!(
        stays(db, "zcrm_9003").await,
        [stay("qualification", "02-20 13:15", "03-05 04:30"), stay("negotiation-review", "03-05 04:30", "")],
        "an edit of the amount is no stay"
    );
    // 10 × 120,000.00 × 0.95 + 94,567.50 = 1,234,567.50; 30 × 1,500.01 = 45,000.30.
    assert_eq!(
        order_lines(db).await,
        ["zcrm_5001 123456750 loom-x New 04-01 04:30", "zcrm_5002 4500030 spindle CrossSell 04-12 03:30"]
    );
    let segments = accounts::Entity::find().all(db).await.unwrap();
    let mut segments: Vec<_> = segments.iter().map(|row| (row.id.as_str(), row.segment.as_deref())).collect();
    segments.sort_unstable();
    assert_eq!(segments, [("zcrm_4100", Some("enterprise")), ("zcrm_4101", Some("medium")), ("zcrm_4102", None)]);
    let kinds = sources::Entity::find().all(db).await.unwrap();
    assert!(kinds.len() == 2 && kinds.iter().all(|source| source.kind == Some(sources::Kind::Marketing)), "{kinds:?}");
    assert!(products::Entity::find_by_id("freezer").one(db).await.unwrap().is_some());
}

async fn an_export_of_hubspot_is_loaded(kind: Kind) {
    let (database, summary) = imported(kind, "hubspot.toml", &examples().join("hubspot")).await;
    let db = &database.connection;
    let counts = ["reps", "accounts", "sources", "opportunities", "opportunity_stages", "orders"];
    assert_eq!(counts.map(|table| summary.rows(table)), [2, 3, 4, 4, 7, 2], "the test deal is left out");

    let won = deal(db, "304").await;
    assert_eq!((won.status, won.amount_minor, won.rep_id.as_deref()), (Status::Won, Some(360_000), Some("jana-vogt")));
    assert_eq!(won.closed_at, at("2024-03-28T14:45:00Z"));
    let lost = deal(db, "302").await;
    assert_eq!(
        (lost.status, lost.amount_minor, lost.loss_reason.as_deref()),
        (Status::Lost, Some(725_050), Some("Budget"))
    );
    let open = deal(db, "303").await;
    assert_eq!((open.status, open.account_id.as_deref()), (Status::Open, Some("8103")), "its contact's");
    assert_eq!(
        stays(db, "301").await,
        [stay("appointment", "01-08 08:30", "02-01 09:00"), stay("contract", "02-01 09:00", "02-29 15:05")]
    );
    assert_eq!(stays(db, "302").await, [stay("appointment", "01-15 13:00", "03-11 10:00")]);
    assert_eq!(order_lines(db).await, ["301 4800000  New 02-29 15:05", "304 360000   03-28 14:45"]);
    let tenures = customer_tenures::Entity::find().all(db).await.unwrap();
    assert_eq!(tenures.len(), 1);
    assert_eq!(
        (Some(tenures[0].started_at), tenures[0].ended_at),
        (at("2024-03-01T00:00:00Z"), at("2025-02-28T00:00:00Z")),
        "twelve months, the last day included"
    );
    let segments = accounts::Entity::find().all(db).await.unwrap();
    let mut segments: Vec<_> = segments.iter().map(|row| row.segment.as_deref().unwrap()).collect();
    segments.sort_unstable();
    assert_eq!(segments, ["enterprise", "medium", "small"]);
}
