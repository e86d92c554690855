//! Data in bulk: the same on both databases, clean, and enough for every KPI.

use crate::demo::{assert_figures, assert_laws, rates};
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database, pool};
use chrono::Utc;
use crm_kpi::catalog::Catalog;
use crm_kpi::crm;
use crm_kpi::import::Progress;
use crm_kpi::proto::{KpiQuery, KpiValue};
use crm_kpi::quality::{Inspection, News, Quality, Rule, Severity};
use crm_kpi::scope::Scope;
use crm_kpi::synthetic::{FillError, Filled, Options, fill};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseConnection, Statement};
use tokio::sync::mpsc;

on_every_database!(
    there_is_as_much_as_was_asked_for,
    records_keep_the_laws_of_the_demo,
    keys_go_by_time_within_each_branch,
    records_break_no_rule,
    every_kpi_has_a_value,
    figures_are_those_of_the_rows,
    the_smallest_sizes_work,
    a_database_with_rows_is_left_as_it_is,
    a_run_that_fails_leaves_nothing,
    indexes_are_there_afterwards
);

fn options() -> Options {
    Options { reps: 30, opportunities: Some(3_000), ..Options::bulk("2026-11-20".parse().unwrap()) }
}

async fn filled(kind: Kind, options: &Options) -> (TestDatabase, Filled) {
    let database = TestDatabase::empty(kind).await;
    let filled = fill(&database.connection, options, Progress::Silent).await.unwrap();
    (database, filled)
}

/// The one whole number that a query answers.
async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap_or_else(|error| panic!("{error}: {sql}")).unwrap();
    row.try_get_by_index(0).unwrap_or_else(|error| panic!("{error}: {sql}"))
}

/// A digest of each table's rows, as they are stored.
async fn digests(db: &DatabaseConnection) -> Vec<(&'static str, blake3::Hash)> {
    use sea_orm::{EntityTrait, Iterable, PrimaryKeyToColumn, QueryOrder};
    let mut digests = Vec::new();
    macro_rules! add {
        ($($table:ident),+) => {$({
            let mut query = crm::$table::Entity::find();
            for key in crm::$table::PrimaryKey::iter() {
                query = query.order_by_asc(key.into_column());
            }
            let mut hasher = blake3::Hasher::new();
            for row in query.all(db).await.unwrap() {
                hasher.update(format!("{row:?}\n").as_bytes());
            }
            digests.push((stringify!($table), hasher.finalize()));
        })+};
    }
    crm::every_table!(add);
    digests
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_options_give_the_same_rows_on_every_database() {
    let small = Options { opportunities: Some(600), ..options() };
    let (sqlite, written) = filled(Kind::Sqlite, &small).await;
    let (postgres, same) = filled(Kind::Postgres, &small).await;
    let (other, _) = filled(Kind::Sqlite, &Options { seed: 2, ..small }).await;
    assert_eq!(written, same);
    let rows = digests(&sqlite.connection).await;
    assert_eq!(rows, digests(&postgres.connection).await);
    let others = digests(&other.connection).await;
    for ((table, one), (_, two)) in rows.iter().zip(&others) {
        assert_eq!(one == two, ["sources", "products", "pipelines", "stages"].contains(table), "{table}");
    }
}

/// As text they must be what the service writes itself: SQLite compares instants as texts.
#[tokio::test]
async fn instants_are_stored_as_the_service_writes_them() {
    let (database, _) = filled(Kind::Sqlite, &Options { opportunities: Some(50), ..options() }).await;
    let odd = "SELECT COUNT(*) FROM opportunities WHERE created_at NOT GLOB '20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]+00:00'";
    assert_eq!(number(&database.connection, odd).await, 0);
}

async fn there_is_as_much_as_was_asked_for(kind: Kind) {
    let (database, filled) = filled(kind, &options()).await;
    let db = &database.connection;
    for (table, rows) in &filled.tables {
        assert_eq!(number(db, &format!("SELECT COUNT(*) FROM {table}")).await as u64, *rows, "{table}");
        assert!(*rows > 0, "{table}");
    }
    assert_eq!(filled.tables.len(), crm::TABLE_NAMES.len());
    let rows = |table| filled.tables.iter().find(|(name, _)| *name == table).unwrap().1;
    assert_eq!((rows("opportunities"), rows("reps")), (3_000, 30));
    let others = 1000 * (filled.rows() - 3_000) / 3_000;
    assert!((9_500..=12_500).contains(&others), "{others}");
    let leads = 1000 * rows("leads") / 3_000;
    assert!((450..=550).contains(&leads), "{leads}");
    let permille = async |part: &str, whole: u64| 1000 * number(db, part).await as u64 / whole;
    let open = permille("SELECT COUNT(*) FROM opportunities WHERE status = 'open'", 3_000).await;
    assert!((40..=100).contains(&open), "{open}");
    let closed = number(db, "SELECT COUNT(*) FROM opportunities WHERE status <> 'open'").await as u64;
    let won = permille("SELECT COUNT(*) FROM opportunities WHERE status = 'won'", closed).await;
    assert!((250..=310).contains(&won), "{won}");
    let stays = rows("opportunity_stages") * 10 / rows("opportunities");
    assert!((25..=29).contains(&stays), "{stays}");
    let returned = permille("SELECT COUNT(*) FROM opportunity_stages WHERE outcome = 'returned'", 3_000).await;
    assert!((10..=80).contains(&returned), "{returned}");
    let early = "SELECT COUNT(*) FROM opportunities WHERE closed_at < '2023-11-21T00:00:00+00:00'";
    let late = "SELECT COUNT(*) FROM opportunities WHERE closed_at >= '2026-11-21T00:00:00+00:00'";
    assert_eq!((number(db, early).await, number(db, late).await), (0, 0));
    let most = "SELECT MAX(deals) FROM (SELECT COUNT(*) AS deals FROM opportunities GROUP BY rep_id) r";
    assert!(number(db, most).await > 2 * 3_000 / 30, "some reps have many more");
}

/// As those of the demo do: large or small, data are made by the same laws.
async fn records_keep_the_laws_of_the_demo(kind: Kind) {
    let options = Options { reps: 300, opportunities: Some(20_000), ..options() };
    let (database, _) = filled(kind, &options).await;
    let db = &database.connection;
    assert_laws(db, &options, 1).await;
    assert_figures(db, kind).await;
    rates::assert_rates(db, false).await;
    rates::campaigns_differ_in_return(db, false).await;
    rates::customers_are_worth_more_than_they_cost(db, &options).await;
    rates::lists_grow(db, &options).await;
}

/// More than 8,000 reps are two branches.
async fn keys_go_by_time_within_each_branch(kind: Kind) {
    let options = Options { reps: 9_000, opportunities: Some(3_000), ..options() };
    let (database, _) = filled(kind, &options).await;
    assert_laws(&database.connection, &options, 2).await;
}

async fn records_break_no_rule(kind: Kind) {
    for options in [options(), Options { years: 1, seed: 7, ..options() }, Options { years: 20, ..options() }] {
        let (database, _) = filled(kind, &options).await;
        let inspection = Inspection {
            scope: Scope::All,
            rules: Rule::all().iter().filter(|rule| rule.severity > Severity::Info).collect(),
            reps: Vec::new(),
            teams: Vec::new(),
            max_records: 3,
            now: "2026-11-21T00:00:00Z".parse().unwrap(),
            currency: iso_currency::Currency::USD,
        };
        let quality = Quality::new(pool(&database.connection));
        let (sender, mut news) = mpsc::channel(1);
        let running = tokio::spawn(async move { quality.inspect(&inspection, &sender).await });
        while let Some(next) = news.recv().await {
            if let News::Findings(rule, findings) = next {
                panic!("{}: {findings:#?}", rule.id);
            }
        }
        running.await.unwrap().unwrap();
    }
}

/// Over the last year: each KPI in most months for everybody, and for some segment and some rep.
async fn every_kpi_has_a_value(kind: Kind) {
    let (database, _) = filled(kind, &Options { opportunities: Some(6_000), ..options() }).await;
    let server = TestServer::start(database).await;
    let ids: Vec<String> = Catalog::get().kpis().iter().map(|kpi| kpi.id.into()).collect();
    let year = dates("2025-12-01", "2026-11-20");
    let query = KpiQuery { kpi_ids: ids.clone(), period: year, ..Default::default() };
    let by = |dimension: &str| KpiQuery { group_by: vec![dimension.to_owned()], ..query.clone() };
    let monthly = KpiQuery { grain: crm_kpi::proto::Grain::Month.into(), ..query.clone() };
    // The forecast is of the months to come: of those behind there is only what is late.
    let forecast = ["expected_closes", "expected_value", "weighted_expected_value"];
    for (query, least) in [(query.clone(), 1), (by("segment"), 1), (by("rep"), 1), (monthly, 7)] {
        let rows = server.query(query.clone()).await.rows;
        for (place, id) in ids.iter().enumerate() {
            let tells = |value: &KpiValue| value.value().parse::<f64>().is_ok_and(|value| value != 0.0);
            let told = rows.iter().filter(|row| tells(&row.values[place])).count();
            let least = if forecast.contains(&id.as_str()) { 1 } else { least };
            assert!(told >= least, "{id} by {:?}: {told} of {}", query.group_by, rows.len());
        }
    }
}

async fn figures_are_those_of_the_rows(kind: Kind) {
    let (database, _) = filled(kind, &options()).await;
    let year =
        |column: &str| format!("{column} >= '2025-01-01T00:00:00+00:00' AND {column} < '2026-01-01T00:00:00+00:00'");
    let sales = format!("SELECT CAST(SUM(amount_minor) AS BIGINT) FROM orders WHERE {}", year("ordered_at"));
    let won = format!("SELECT COUNT(*) FROM opportunities WHERE status = 'won' AND {}", year("closed_at"));
    let mrr =
        "SELECT CAST(SUM(change_minor) AS BIGINT) FROM mrr_movements WHERE moved_at < '2026-01-01T00:00:00+00:00'";
    let db = &database.connection;
    let dollars = |minor: i64| format!("{}.{:02}", minor / 100, minor % 100);
    let expected =
        [dollars(number(db, &sales).await), number(db, &won).await.to_string(), dollars(number(db, mrr).await)];
    let server = TestServer::start(database).await;
    let kpi_ids = ["total_sales", "opportunities_won", "mrr"].map(str::to_owned).to_vec();
    let query = KpiQuery { kpi_ids, period: dates("2025-01-01", "2025-12-31"), ..Default::default() };
    let answered =
        server.query(query).await.rows[0].values.iter().map(|value| value.value().to_owned()).collect::<Vec<_>>();
    assert_eq!(answered, expected);
}

async fn the_smallest_sizes_work(kind: Kind) {
    for (reps, opportunities, years) in [(1, 1, 1), (50, 3, 20), (1, 45, 1)] {
        let options = Options { reps, opportunities: Some(opportunities), years, ..options() };
        let (_database, filled) = filled(kind, &options).await;
        let rows = |table| filled.tables.iter().find(|(name, _)| *name == table).unwrap().1;
        assert_eq!((rows("reps"), rows("opportunities")), (reps.into(), opportunities.into()));
    }
    let database = TestDatabase::empty(kind).await;
    for wrong in [
        Options { reps: 0, ..options() },
        Options { opportunities: Some(Options::MAX_OPPORTUNITIES + 1), ..options() },
        Options { years: 21, ..options() },
        Options { last_day: "3000-01-01".parse().unwrap(), ..options() },
    ] {
        let refused = fill(&database.connection, &wrong, Progress::Silent).await;
        assert!(matches!(refused, Err(FillError::Options(_))), "{refused:?}");
    }
}

async fn a_database_with_rows_is_left_as_it_is(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let own = crm::sign_ins::ActiveModel { id: Set("own".into()), rep_id: Set(None), signed_in_at: Set(Utc::now()) };
    own.insert(db).await.unwrap();
    let before = digests(db).await;
    for _ in 0..2 {
        let refused = fill(db, &options(), Progress::Silent).await;
        assert!(matches!(refused, Err(FillError::NotEmpty { table: "sign_ins" })), "{refused:?}");
    }
    assert_eq!(digests(db).await, before);
}

async fn a_run_that_fails_leaves_nothing(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let refuse_renewals = match kind {
        Kind::Sqlite => "CREATE TRIGGER refuse BEFORE INSERT ON renewals BEGIN SELECT RAISE(ABORT, 'no'); END",
        Kind::Postgres => "ALTER TABLE renewals ADD CONSTRAINT refuse CHECK (number < 0)",
    };
    db.execute_unprepared(refuse_renewals).await.unwrap();
    let small = Options { opportunities: Some(300), ..options() };
    let failed = fill(db, &small, Progress::Silent).await;
    assert!(matches!(failed, Err(FillError::Database(_))), "{failed:?}");
    for table in crm::TABLE_NAMES {
        assert_eq!(number(db, &format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    let allow = match kind {
        Kind::Sqlite => "DROP TRIGGER refuse",
        Kind::Postgres => "ALTER TABLE renewals DROP CONSTRAINT refuse",
    };
    db.execute_unprepared(allow).await.unwrap();
    fill(db, &small, Progress::Silent).await.unwrap();
}

async fn indexes_are_there_afterwards(kind: Kind) {
    let indexes = match kind {
        Kind::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'index'",
        Kind::Postgres => "SELECT COUNT(*) FROM pg_indexes WHERE schemaname = 'public'",
    };
    let migrated = TestDatabase::migrated(kind).await;
    let (generated, _) = filled(kind, &Options { opportunities: Some(100), ..options() }).await;
    let expected = number(&migrated.connection, indexes).await;
    // SQLite's ANALYZE adds a table without an index.
    assert_eq!(number(&generated.connection, indexes).await, expected);
    if kind == Kind::Sqlite {
        assert_eq!(text(&generated.connection, "PRAGMA journal_mode").await, "wal");
    }
}

async fn text(db: &DatabaseConnection, sql: &str) -> String {
    let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}
