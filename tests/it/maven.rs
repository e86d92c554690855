//! The acceptance of the import: the five files of the public data set "CRM Sales Opportunities", with the mapping that
//! is shipped for them. The folder is `CRM_KPI_MAVEN_DIR`, or `../shared/data/maven-crm` beside the repository. Without
//! it the tests fail: they are never skipped.

use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::crm::{accounts, opportunities, opportunity_stages, products, reps};
use crm_kpi::import::{Options, Progress, Summary, Table, import};
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, Statement};
use std::path::{Path, PathBuf};

on_every_database!(
    the_files_answer_as_they_should,
    every_deal_is_in_the_stage_that_its_history_says,
    importing_twice_is_importing_once,
);

fn options() -> Options {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder =
        std::env::var_os("CRM_KPI_MAVEN_DIR").map_or_else(|| root.join("../shared/data/maven-crm"), PathBuf::from);
    let message = "the Maven files are not there: set CRM_KPI_MAVEN_DIR to their folder";
    assert!(folder.join("sales_pipeline.csv").is_file(), "{message} (looked in {})", folder.display());
    Options {
        mapping: root.join("examples/import/maven-crm.toml"),
        folder,
        lenient: false,
        shown_problems: 100,
        progress: Progress::Silent,
    }
}

async fn imported(kind: Kind) -> (TestDatabase, Summary) {
    let database = TestDatabase::empty(kind).await;
    let summary = import(&database.connection, &options()).await.unwrap();
    (database, summary)
}

/// The rows of a hand-written query whose first column is text and whose second is a whole number.
async fn figures(db: &DatabaseConnection, sql: &str) -> Vec<(String, i64)> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let figure = |row: &sea_orm::QueryResult| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
    rows.iter().map(figure).collect()
}

async fn figure(db: &DatabaseConnection, sql: &str) -> i64 {
    figures(db, &format!("SELECT '', CAST(({sql}) AS BIGINT)")).await[0].1
}

async fn the_files_answer_as_they_should(kind: Kind) {
    let (database, summary) = imported(kind).await;
    let db = &database.connection;
    assert_eq!(
        summary.tables,
        [
            (Table::Teams, 9),
            (Table::Reps, 35),
            (Table::Accounts, 85),
            (Table::Products, 7),
            (Table::Stages, 2),
            (Table::Opportunities, 8800),
            (Table::OpportunityStages, 8800),
            (Table::Orders, 4238),
            (Table::CustomerTenures, 85),
        ]
    );
    assert_eq!((summary.bad.rows, summary.notes), (0, vec![]));

    let statuses = "SELECT status, COUNT(*) FROM opportunities GROUP BY status ORDER BY status";
    assert_eq!(figures(db, statuses).await, text([("lost", 2473), ("open", 2089), ("won", 4238)]));
    let stages = "SELECT stage_id, COUNT(*) FROM opportunities \
        WHERE closed_at IS NULL OR closed_at > '2018-01-01 00:00:00+00:00' GROUP BY stage_id ORDER BY stage_id";
    assert_eq!(figures(db, stages).await, text([("engaging", 1589), ("prospecting", 500)]));
    assert_eq!(
        figure(db, "SELECT COUNT(*) FROM opportunities WHERE created_at IS NULL AND stage_id = 'prospecting'").await,
        500
    );
    assert_eq!(figure(db, "SELECT COUNT(*) FROM opportunities WHERE account_id IS NULL").await, 1425);

    let values =
        "SELECT status, SUM(amount_minor) FROM opportunities WHERE status <> 'open' GROUP BY status ORDER BY status";
    let values = values.replace("SUM(amount_minor)", "CAST(SUM(amount_minor) AS BIGINT)");
    assert_eq!(figures(db, &values).await, text([("lost", 0), ("won", 1_000_553_400)]));
    assert_eq!(
        figure(db, "SELECT COUNT(*) FROM opportunities WHERE status = 'open' AND amount_minor IS NOT NULL").await,
        0
    );
    assert_eq!(figure(db, "SELECT SUM(amount_minor) FROM orders").await, 1_000_553_400);

    let offices = "SELECT offices.name, CAST(SUM(amount_minor) AS BIGINT) FROM opportunities \
        JOIN reps ON reps.id = opportunities.rep_id JOIN teams ON teams.id = reps.team_id \
        JOIN teams AS offices ON offices.id = teams.parent_id WHERE status = 'won' GROUP BY offices.name ORDER BY 1";
    assert_eq!(
        figures(db, offices).await,
        text([("Central", 334_629_300), ("East", 309_059_400), ("West", 356_864_700)])
    );
    let months = "SELECT SUBSTR(CAST(closed_at AS TEXT), 1, 7), CAST(SUM(amount_minor) / 100 AS BIGINT) \
        FROM opportunities WHERE status = 'won' GROUP BY 1 ORDER BY 1";
    assert_eq!(
        figures(db, months).await,
        text([
            ("2017-03", 1_134_672),
            ("2017-04", 721_932),
            ("2017-05", 1_025_713),
            ("2017-06", 1_338_466),
            ("2017-07", 696_932),
            ("2017-08", 1_050_059),
            ("2017-09", 1_235_264),
            ("2017-10", 731_980),
            ("2017-11", 938_943),
            ("2017-12", 1_131_573),
        ])
    );

    let deals = opportunities::Entity::find().all(db).await.unwrap();
    let won = deals.iter().filter(|deal| deal.status == opportunities::Status::Won);
    let days: Vec<i64> =
        won.map(|deal| (deal.closed_at.unwrap() - deal.first_contact_at.unwrap()).num_days()).collect();
    assert_eq!((days.iter().sum::<i64>(), days.len()), (219_452, 4238), "51.7820 days on average");
    assert!(deals.iter().all(|deal| deal.currency.as_deref() == Some("USD")));

    let idle = "SELECT COUNT(*) FROM reps WHERE id NOT IN (SELECT rep_id FROM opportunities)";
    assert_eq!(figure(db, idle).await, 5);
    let rep = reps::Entity::find_by_id("darcel-schlecht").one(db).await.unwrap().unwrap();
    assert_eq!((rep.name.as_str(), rep.team_id.as_deref()), ("Darcel Schlecht", Some("melvin-marxen")));

    let accounts = accounts::Entity::find().all(db).await.unwrap();
    assert_eq!(accounts.len(), 85);
    assert!(accounts.iter().all(|account| account.industry.as_deref() != Some("technolgy")));
    assert!(accounts.iter().all(|account| account.customer_since.is_some()), "every account has bought");
    let account = accounts.iter().find(|account| account.name == "Bioholding").unwrap();
    let place = (account.country.as_deref(), account.region.as_deref(), account.segment.as_deref());
    assert_eq!(place, (Some("Philippines"), Some("Asia"), Some("medium")));
    let segments = "SELECT segment, COUNT(*) FROM accounts GROUP BY segment ORDER BY segment";
    assert_eq!(figures(db, segments).await, text([("enterprise", 27), ("medium", 40), ("small", 18)]));

    let product = products::Entity::find_by_id("gtx-pro").one(db).await.unwrap().unwrap();
    assert_eq!((product.list_price_minor, product.family.as_deref()), (Some(482_100), Some("GTX")));
    assert_eq!(figure(db, "SELECT COUNT(*) FROM opportunities WHERE product_id = 'gtx-pro'").await, 1480);

    let tenures = "SELECT COUNT(*) FROM customer_tenures WHERE number = 1 AND ended_at IS NULL";
    assert_eq!(figure(db, tenures).await, 85);
    assert_eq!(figure(db, "SELECT COUNT(*) FROM orders WHERE customer_order_number = 1").await, 85);
    let kinds = "SELECT kind, COUNT(*) FROM orders GROUP BY kind ORDER BY kind";
    assert_eq!(figures(db, kinds).await, text([("cross_sell", 522 - 85), ("new", 85), ("repeat", 4238 - 522)]));
}

fn text<const N: usize>(figures: [(&str, i64); N]) -> Vec<(String, i64)> {
    figures.map(|(name, figure)| (name.to_owned(), figure)).into()
}

async fn every_deal_is_in_the_stage_that_its_history_says(kind: Kind) {
    let (database, _) = imported(kind).await;
    let db = &database.connection;
    let mut deals = std::collections::HashMap::new();
    for deal in opportunities::Entity::find().all(db).await.unwrap() {
        deals.insert(deal.id.clone(), deal);
    }
    for stay in opportunity_stages::Entity::find().all(db).await.unwrap() {
        let deal = deals.remove(&stay.opportunity_id).expect("one stay of a deal that exists");
        let outcome = match deal.status {
            opportunities::Status::Open => None,
            opportunities::Status::Won => Some(opportunity_stages::Outcome::Won),
            opportunities::Status::Lost => Some(opportunity_stages::Outcome::Lost),
        };
        assert_eq!((stay.number, &stay.stage_id, &stay.rep_id), (1, &deal.stage_id, &deal.rep_id));
        assert_eq!((stay.entered_at, stay.left_at, stay.outcome), (deal.created_at, deal.closed_at, outcome));
    }
    assert!(deals.is_empty(), "{} deals without history", deals.len());
}

async fn importing_twice_is_importing_once(kind: Kind) {
    let (database, first) = imported(kind).await;
    let db = &database.connection;
    let before = crate::import::everything(db).await;
    let second = import(db, &options()).await.unwrap();
    assert_eq!(first, second);
    assert!(before == crate::import::everything(db).await, "the second import changed rows");
}
