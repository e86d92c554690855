//! The sample that is shipped: its mapping uses every part of the language.

use super::{at, everything};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::crm;
use crm_kpi::crm::opportunities::Status;
use crm_kpi::crm::opportunity_stages::Outcome;
use crm_kpi::crm::orders::Kind as OrderKind;
use crm_kpi::import::{Options, import};
use sea_orm::{DatabaseConnection, EntityTrait};
use std::path::Path;

on_every_database!(the_sample_uses_every_part_of_the_language, importing_the_sample_twice_is_importing_it_once);

fn sample() -> Options {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/import");
    Options { mapping: Some(examples.join("salesforce.toml")), folder: examples.join("sample"), ..Options::default() }
}

async fn the_sample_uses_every_part_of_the_language(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let summary = import(db, &sample()).await.unwrap();
    assert_eq!(summary.notes, ["won deals without an amount, so without an order: 1"]);

    let rep = crm::reps::Entity::find_by_id("0055g0003").one(db).await.unwrap().unwrap();
    assert_eq!(
        (rep.name.as_str(), rep.team_id.as_deref()),
        ("Luz de la Cruz", Some("americas-sales")),
        "BOM, CRLF, quotes"
    );
    let team = crm::teams::Entity::find_by_id("emea-sales").one(db).await.unwrap().unwrap();
    assert_eq!(team.parent_id.as_deref(), Some("worldwide-sales"), "a parent that comes later in the file");

    let account = crm::accounts::Entity::find_by_id("0015g000A").one(db).await.unwrap().unwrap();
    assert_eq!(account.name, "Nordwind, GmbH");
    assert_eq!((account.segment.as_deref(), account.region.as_deref()), (Some("enterprise"), Some("EMEA")));
    let account = crm::accounts::Entity::find_by_id("0015g000D").one(db).await.unwrap().unwrap();
    assert_eq!((account.segment, account.region, account.industry.as_deref()), (None, None, Some("Unknown")));
    assert_eq!(account.customer_since, at("2023-06-01T00:00:00Z"), "the first of two tenures, a day");

    use crm::sources::Kind;
    let sources = crm::sources::Entity::find().all(db).await.unwrap();
    let sources: Vec<_> = sources.iter().map(|row| (row.id.as_str(), row.kind)).collect();
    assert_eq!(sources.len(), 3);
    assert!(
        sources.contains(&("partner-referral", Some(Kind::Sales))) && sources.contains(&("web", Some(Kind::Marketing)))
    );

    let product = crm::products::Entity::find_by_id("PL-1").one(db).await.unwrap().unwrap();
    assert_eq!((product.list_price_minor, product.currency.as_deref()), (Some(123_450), Some("EUR")));
    let stages = crm::stages::Entity::find().all(db).await.unwrap();
    assert_eq!(stages.len(), 3, "the closed ones are left out");
    assert!(stages.iter().any(|stage| (stage.probability_bp, stage.expected_days) == (7550, None)));

    check_sample_deals(db).await;
    check_sample_children(db).await;
    check_sample_orders(db).await;
}

async fn check_sample_deals(db: &DatabaseConnection) {
    let deal = async |id: &str| crm::opportunities::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
    let won = deal("0065g01").await;
    assert_eq!((won.status, won.stage_id.as_deref()), (Status::Won, Some("proposal")), "the stage of its last stay");
    assert_eq!(
        (won.amount_minor, won.monthly_amount_minor),
        (Some(1_240_050), Some(103_338)),
        "rounded where asked for"
    );
    assert_eq!(won.created_at, at("2023-01-16T08:05:00Z"), "09:05 in Berlin");
    let days = (at("2023-01-20T00:00:00Z"), at("2023-02-01T00:00:00Z"));
    assert_eq!((won.first_contact_at, won.closed_at), days, "days are midnights in UTC");
    let won = deal("0065g02").await;
    assert_eq!(won.amount_minor, Some(123_450));
    let days = [won.first_contact_at, won.created_at].map(|at| at.unwrap().date_naive());
    assert_eq!(days[0], days[1], "the second column");
    let lost = deal("0065g03").await;
    assert_eq!((lost.product_id, lost.loss_reason.as_deref()), (None, Some("Price too high")), "an unknown product");
    assert_eq!(deal("0065g04").await.name.as_deref(), Some("Dunmore \"back office\""));
    let open = deal("0065g05").await;
    assert_eq!((open.status, open.closed_at, open.source_id), (Status::Open, None, None), "expected, not closed");
    let open = deal("0065g06").await;
    assert_eq!((open.rep_id, open.account_id, open.amount_minor), (None, None, None));
    assert_eq!(open.currency.as_deref(), Some("USD"), "the default");
    assert_eq!(deal("0065g07").await.rep_id.as_deref(), Some("former"));
}

async fn check_sample_children(db: &DatabaseConnection) {
    let stays = crm::opportunity_stages::Entity::find().all(db).await.unwrap();
    let history = |id: &str| {
        let mut stays: Vec<_> = stays.iter().filter(|stay| stay.opportunity_id == id).collect();
        stays.sort_by_key(|stay| stay.number);
        let stays = stays.into_iter().map(|stay| (stay.stage_id.as_deref().unwrap(), stay.left_at, stay.outcome));
        stays.collect::<Vec<_>>()
    };
    let proposal = ("proposal", at("2023-02-01T00:00:00Z"), Some(Outcome::Won));
    assert_eq!(history("0065g01"), [("qualification", at("2023-01-23T13:30:00Z"), Some(Outcome::Advanced)), proposal]);
    assert_eq!(
        history("0065g03"),
        [
            ("qualification", at("2023-04-03T09:00:00Z"), Some(Outcome::Advanced)),
            ("negotiation", at("2023-05-02T09:00:00Z"), Some(Outcome::Returned)),
            ("proposal", at("2023-05-30T00:00:00Z"), Some(Outcome::Lost)),
        ],
        "two lines in the same stage are one stay"
    );
    assert_eq!(history("0065g05").last(), Some(&("negotiation", None, None)));
    assert_eq!(history("0065g06"), [("qualification", None, None)], "derived");
    assert_eq!(history("0065g02"), [], "no stage is known");
    assert!(
        stays
            .iter()
            .filter(|stay| stay.opportunity_id == "0065g03")
            .all(|stay| stay.rep_id.as_deref() == Some("0055g0003"))
    );

    let mut proposals = crm::proposals::Entity::find().all(db).await.unwrap();
    proposals.sort_by_key(|proposal| (proposal.opportunity_id.clone(), proposal.number));
    let proposals: Vec<_> =
        proposals.iter().map(|row| (row.opportunity_id.as_str(), row.number, row.rep_id.as_deref())).collect();
    let jonas = Some("0055g0002");
    assert_eq!(proposals, [("0065g01", 1, Some("0055g0001")), ("0065g05", 1, jonas), ("0065g05", 2, jonas)]);

    let mut tenures = crm::customer_tenures::Entity::find().all(db).await.unwrap();
    tenures.sort_by_key(|tenure| (tenure.account_id.clone(), tenure.number));
    let tenures: Vec<_> =
        tenures.iter().map(|row| (row.account_id.as_str(), row.number, row.end_reason.as_deref())).collect();
    assert_eq!(
        tenures,
        [
            ("0015g000A", 1, None),
            ("0015g000B", 1, Some("Price")),
            ("0015g000D", 1, Some("Moved to a competitor")),
            ("0015g000D", 2, None),
        ]
    );
}

async fn check_sample_orders(db: &DatabaseConnection) {
    let mut orders = crm::orders::Entity::find().all(db).await.unwrap();
    orders.sort_by(|one, next| one.id.cmp(&next.id));
    let shown = orders.iter().map(|row| {
        (
            row.id.as_str(),
            row.kind,
            row.amount_minor,
            row.currency.as_str(),
            row.customer_order_number,
            row.by_subscriber,
        )
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            ("0065g01", None, 1_240_050, "EUR", Some(1), true),
            ("0065g04", None, 200_000, "USD", Some(1), false),
            ("2023-0001", Some(OrderKind::New), 123_450, "USD", Some(1), false),
            ("2023-0002", Some(OrderKind::Renewal), 1_240_050, "EUR", Some(4), true),
            ("2023-0003", Some(OrderKind::CrossSell), 80_000, "EUR", Some(2), true),
            ("2023-0004", None, -10_000, "USD", None, false),
            ("2023-0005", None, 0, "EUR", Some(3), false),
        ],
        "0065g02 is named by 2023-0001, 0065g07 has no amount"
    );
    let refunds = orders.iter().map(|order| order.refund_of.as_deref()).collect::<Vec<_>>();
    assert_eq!(refunds, [None, None, None, None, None, Some("2023-0001"), None]);
    assert_eq!(orders[2].ordered_at, at("2023-03-15T00:00:00Z").unwrap(), "a time zone of its own");
}

async fn importing_the_sample_twice_is_importing_it_once(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let first = import(db, &sample()).await.unwrap();
    let before = everything(db).await;
    assert_eq!(import(db, &sample()).await.unwrap(), first);
    assert_eq!(everything(db).await, before);
}
