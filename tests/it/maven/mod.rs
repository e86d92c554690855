//! The acceptance of the import: files of the form of the public data set "CRM Sales Opportunities", with the mapping that is
//! shipped for them. Every test runs on the files of a made-up company, and then on the public ones where
//! `CRM_KPI_MAVEN_DIR` names their folder or they lie in `../shared/data/maven-crm`.

mod company;
mod expected;

use crate::days::{engine, in_zone};
use crate::engine::question;
use crate::support::{Kind, TestDatabase, on_every_database};
use chrono_tz::Tz;
use crm_kpi::crm::{accounts, opportunities, opportunity_stages, products, reps};
use crm_kpi::import::{Options, Summary, import};
use crm_kpi::period::Grain;
use expected::{Expected, Figures};
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait, Statement};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

on_every_database!(
    the_files_answer_as_they_should,
    every_deal_is_in_the_stage_that_its_history_says,
    importing_twice_is_importing_once,
);

/// A folder of the five files, and what is in them.
struct Files {
    folder: PathBuf,
    expected: Expected,
    /// Of a made-up company: goes with it.
    _temporary: Option<TempDir>,
}

impl Files {
    fn all() -> Vec<Self> {
        let made_up = tempfile::tempdir().expect("a temporary folder");
        let deals = company::deals();
        company::write(made_up.path(), &deals);
        let (folder, expected) = (made_up.path().to_owned(), expected::made_up(&deals));
        let mut all = vec![Self { folder, expected, _temporary: Some(made_up) }];
        if let Some(folder) = public_folder() {
            all.push(Self { folder, expected: expected::public(), _temporary: None });
        }
        all
    }

    fn options(&self) -> Options {
        Options {
            mapping: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/import/maven-crm.toml")),
            folder: self.folder.clone(),
            ..Options::default()
        }
    }

    async fn imported(&self, kind: Kind) -> (TestDatabase, Summary) {
        let database = TestDatabase::empty(kind).await;
        let summary = import(&database.connection, &self.options()).await.unwrap();
        (database, summary)
    }
}

/// The folder of the public files, where there is one. One that was named must have them.
fn public_folder() -> Option<PathBuf> {
    let there = |folder: &Path| folder.join("sales_pipeline.csv").is_file();
    if let Some(named) = std::env::var_os("CRM_KPI_MAVEN_DIR").map(PathBuf::from) {
        assert!(there(&named), "CRM_KPI_MAVEN_DIR: {} has no sales_pipeline.csv", named.display());
        return Some(named);
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/maven-crm");
    there(&beside).then_some(beside)
}

/// The rows of a hand-written query whose first column is text and whose second is a whole number.
async fn figures(db: &DatabaseConnection, sql: &str) -> Figures {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let figure = |row: &sea_orm::QueryResult| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
    rows.iter().map(figure).collect()
}

async fn figure(db: &DatabaseConnection, sql: &str) -> i64 {
    figures(db, &format!("SELECT '', CAST(({sql}) AS BIGINT)")).await[0].1
}

async fn the_files_answer_as_they_should(kind: Kind) {
    for files in Files::all() {
        let (database, summary) = files.imported(kind).await;
        let (db, expected) = (&database.connection, &files.expected);
        assert_eq!(summary.tables, expected.tables);
        assert_eq!((summary.bad.rows, summary.notes), (0, vec![]));
        check_deals(db, expected).await;
        check_won(db, expected).await;
        check_records(db, expected).await;
        let new = expected.kinds.iter().find(|(kind, _)| kind == "new").unwrap().1;
        let tenures = "SELECT COUNT(*) FROM customer_tenures WHERE number = 1 AND ended_at IS NULL";
        assert_eq!(figure(db, tenures).await, new);
        assert_eq!(figure(db, "SELECT COUNT(*) FROM orders WHERE customer_order_number = 1").await, new);
        let kinds = "SELECT kind, COUNT(*) FROM orders GROUP BY kind ORDER BY kind";
        assert_eq!(figures(db, kinds).await, expected.kinds);
    }
}

async fn check_deals(db: &DatabaseConnection, expected: &Expected) {
    let statuses = "SELECT status, COUNT(*) FROM opportunities GROUP BY status ORDER BY status";
    assert_eq!(figures(db, statuses).await, expected.statuses);
    let stages = "SELECT stage_id, COUNT(*) FROM opportunities \
        WHERE closed_at IS NULL OR closed_at > '2018-01-01 00:00:00+00:00' GROUP BY stage_id ORDER BY stage_id";
    assert_eq!(figures(db, stages).await, expected.stages);
    let since_ever = "SELECT COUNT(*) FROM opportunities WHERE created_at IS NULL";
    let prospecting = expected.stages[1].1;
    assert_eq!(figure(db, since_ever).await, prospecting);
    assert_eq!(figure(db, &format!("{since_ever} AND stage_id = 'prospecting'")).await, prospecting);
    let without_account = "SELECT COUNT(*) FROM opportunities WHERE account_id IS NULL";
    assert_eq!(figure(db, without_account).await, expected.without_account);
    let valued = "SELECT COUNT(*) FROM opportunities WHERE status = 'open' AND amount_minor IS NOT NULL";
    assert_eq!(figure(db, valued).await, 0);
    let idle = "SELECT COUNT(*) FROM reps WHERE id NOT IN (SELECT rep_id FROM opportunities)";
    assert_eq!(figure(db, idle).await, expected.idle_reps);
}

async fn check_won(db: &DatabaseConnection, expected: &Expected) {
    let values = "SELECT status, CAST(SUM(amount_minor) AS BIGINT) FROM opportunities WHERE status <> 'open' \
        GROUP BY status ORDER BY status";
    assert_eq!(figures(db, values).await, expected.values);
    assert_eq!(figure(db, "SELECT SUM(amount_minor) FROM orders").await, expected.values[1].1);
    let offices = "SELECT offices.name, CAST(SUM(amount_minor) AS BIGINT) FROM opportunities \
        JOIN reps ON reps.id = opportunities.rep_id JOIN teams ON teams.id = reps.team_id \
        JOIN teams AS offices ON offices.id = teams.parent_id WHERE status = 'won' GROUP BY offices.name ORDER BY 1";
    assert_eq!(figures(db, offices).await, expected.offices);
    let months = "SELECT SUBSTR(CAST(closed_at AS TEXT), 1, 7), CAST(SUM(amount_minor) / 100 AS BIGINT) \
        FROM opportunities WHERE status = 'won' GROUP BY 1 ORDER BY 1";
    assert_eq!(figures(db, months).await, expected.months);
    check_months_of_zones(db, &expected.months).await;
    let deals = opportunities::Entity::find().all(db).await.unwrap();
    let won = deals.iter().filter(|deal| deal.status == opportunities::Status::Won);
    let days = won.map(|deal| (deal.closed_at.unwrap() - deal.first_contact_at.unwrap()).num_days());
    assert_eq!(days.sum::<i64>(), expected.won_days);
    assert!(deals.iter().all(|deal| deal.currency.as_deref() == Some("USD")));
}

/// Deals close on days: a month has the same ones wherever it is asked about.
async fn check_months_of_zones(db: &DatabaseConnection, expected: &Figures) {
    let engine = engine(db).await;
    for zone in [Tz::UTC, Tz::America__New_York, Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago] {
        let months = question(&["won_value"], ["2016-10-01", "2017-12-31"], Some(Grain::Month), &[]);
        let months = in_zone(months, zone);
        let labels: Vec<String> = months.timeline.buckets.iter().map(|bucket| bucket.label.clone()).collect();
        let rows = &engine.answer(&[months]).await.unwrap()[0].totals;
        let found = labels.into_iter().zip(rows).map(|(label, row)| {
            let value = row.values[0].value.as_ref().unwrap();
            (label, value.trunc().to_string().parse::<i64>().unwrap())
        });
        let found: Figures = found.filter(|(_, value)| *value != 0).collect();
        assert_eq!(&found, expected, "{zone}");
    }
}

async fn check_records(db: &DatabaseConnection, expected: &Expected) {
    let [id, name, team] = expected.rep;
    let rep = reps::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
    assert_eq!((rep.name.as_str(), rep.team_id.as_deref()), (name, Some(team)));

    let accounts = accounts::Entity::find().all(db).await.unwrap();
    let of_industry = |word: &str| accounts.iter().filter(|account| account.industry.as_deref() == Some(word)).count();
    assert_eq!((of_industry("technolgy"), of_industry("technology")), (0, expected.technology));
    let customers = accounts.iter().filter(|account| account.customer_since.is_some()).count();
    assert_eq!(customers, expected.tables.last().unwrap().1, "an account that has bought is a customer");
    let [name, country, region, segment] = expected.account;
    let account = accounts.iter().find(|account| account.name == name).unwrap();
    let place = (account.country.as_deref(), account.region.as_deref(), account.segment.as_deref());
    assert_eq!(place, (Some(country), Some(region), Some(segment)));
    let segments = "SELECT segment, COUNT(*) FROM accounts GROUP BY segment ORDER BY segment";
    assert_eq!(figures(db, segments).await, expected.segments);

    let product = products::Entity::find_by_id("gtx-pro").one(db).await.unwrap().unwrap();
    let (price, deals) = expected.gtx_pro;
    assert_eq!((product.list_price_minor, product.family.as_deref()), (Some(price), Some("GTX")));
    let of_it = "SELECT COUNT(*) FROM opportunities WHERE product_id = 'gtx-pro'";
    assert_eq!(figure(db, of_it).await, deals);
}

async fn every_deal_is_in_the_stage_that_its_history_says(kind: Kind) {
    for files in Files::all() {
        let (database, _) = files.imported(kind).await;
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
}

async fn importing_twice_is_importing_once(kind: Kind) {
    for files in Files::all() {
        let (database, first) = files.imported(kind).await;
        let db = &database.connection;
        let before = crate::import::everything(db).await;
        let second = import(db, &files.options()).await.unwrap();
        assert_eq!(first, second);
        assert!(before == crate::import::everything(db).await, "the second import changed rows");
    }
}
