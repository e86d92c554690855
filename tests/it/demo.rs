//! The generated demo data: laws that every CRM's records keep, and figures that a sales leader would believe.

mod laws;
mod plans;
pub mod rates;

use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::catalog::Catalog;
use crm_kpi::crm;
use crm_kpi::import::Progress;
use crm_kpi::proto::{KpiQuery, KpiValue};
use crm_kpi::synthetic::{FillError, Filled, Options, fill};
use laws::{ORDERED, REFERENCES, TIMES, laws};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseConnection, Statement};

on_every_database!(
    the_same_options_give_the_same_rows,
    rows_keep_the_laws,
    figures_are_believable,
    no_kpi_of_the_demo_is_empty,
    filling_twice_writes_once,
    a_fill_that_fails_leaves_nothing,
    a_database_with_rows_of_its_own_is_refused
);

fn options() -> Options {
    Options { reps: 14, years: 2, ..Options::demo("2026-11-20".parse().unwrap()) }
}

async fn filled(kind: Kind, options: &Options) -> TestDatabase {
    let database = TestDatabase::empty(kind).await;
    let filled = fill(&database.connection, options, Progress::Silent).await.unwrap();
    assert_eq!(filled.options, *options);
    for (table, rows) in filled.tables {
        assert_eq!(
            number(&database.connection, &format!("SELECT COUNT(*) FROM {table}")).await as u64,
            rows,
            "{table}"
        );
    }
    database
}

/// The one whole number that a query answers.
async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let row = db.query_one_raw(statement).await.unwrap_or_else(|error| panic!("{error}: {sql}")).unwrap();
    row.try_get_by_index(0).unwrap_or_else(|error| panic!("{error}: {sql}"))
}

async fn digest(db: &DatabaseConnection) -> blake3::Hash {
    use sea_orm::{EntityTrait, Iterable, PrimaryKeyToColumn, QueryOrder};
    let mut hasher = blake3::Hasher::new();
    macro_rules! add {
        ($($table:ident),+) => {$({
            let mut query = crm::$table::Entity::find();
            for key in crm::$table::PrimaryKey::iter() {
                query = query.order_by_asc(key.into_column());
            }
            for row in query.all(db).await.unwrap() {
                hasher.update(format!("{row:?}").as_bytes());
            }
        })+};
    }
    add!(teams, reps, accounts, sources, products, stages, opportunities, opportunity_stages, proposals, orders);
    add!(customer_tenures, leads, lead_stages, campaigns, campaign_responses, costs, referrals, web_sessions);
    add!(mailing_list_subscriptions, subscriptions, mrr_movements, renewals, activities, social_profile_snapshots);
    add!(social_posts, training_results, service_cases, service_calls, survey_answers, sign_ins, targets);
    add!(exchange_rates);
    hasher.finalize()
}

async fn the_same_options_give_the_same_rows(kind: Kind) {
    let small = Options { reps: 3, years: 1, ..options() };
    let [one, same] = [filled(kind, &small).await, filled(kind, &small).await];
    let other = filled(kind, &Options { seed: 2, ..small }).await;
    assert_eq!(digest(&one.connection).await, digest(&same.connection).await);
    assert_ne!(digest(&one.connection).await, digest(&other.connection).await);
}

async fn rows_keep_the_laws(kind: Kind) {
    for options in [options(), Options { reps: 3, years: 1, seed: 5, ..options() }] {
        laws_hold(kind, &options).await;
    }
}

async fn laws_hold(kind: Kind, options: &Options) {
    let database = filled(kind, options).await;
    assert_laws(&database.connection, options, 1).await;
}

/// The laws of every CRM's records. Keys go by time within each branch.
pub async fn assert_laws(db: &DatabaseConnection, options: &Options, branches: i64) {
    // Branches have campaigns of their own.
    let of_all_branches = |law: &str| branches == 1 || law != "no campaign goes without the credit for a deal";
    for (law, breaches) in laws().filter(|(law, _)| of_all_branches(law)) {
        assert_eq!(number(db, breaches).await, 0, "{law}");
    }
    let end = options.last_day.succ_opt().unwrap();
    for (table, columns) in TIMES {
        for column in columns {
            let late = format!("SELECT COUNT(*) FROM {table} WHERE {column} >= '{end}T00:00:00+00:00'");
            assert_eq!(number(db, &late).await, 0, "{table}.{column}");
            assert!(number(db, &format!("SELECT COUNT({column}) FROM {table}")).await > 0, "{table}.{column}");
        }
    }
    let spent = format!("SELECT COUNT(*) FROM costs WHERE ends_at > '{end}T00:00:00+00:00'");
    assert_eq!(number(db, &spent).await, 0);
    for (table, column, target) in REFERENCES {
        let lost = format!(
            "SELECT COUNT(*) FROM {table} x LEFT JOIN {target} y ON y.id = x.{column}
              WHERE x.{column} IS NOT NULL AND y.id IS NULL"
        );
        assert_eq!(number(db, &lost).await, 0, "{table}.{column}");
        assert!(number(db, &format!("SELECT COUNT({column}) FROM {table}")).await > 0, "{table}.{column}");
    }
    for (table, column) in ORDERED {
        let back = format!(
            "SELECT COUNT(*) FROM (SELECT {column} AS this, LAG({column}) OVER (ORDER BY id) AS before FROM {table}) x
              WHERE before > this"
        );
        assert!(number(db, &back).await < branches, "{table}.{column}");
    }
    let first = options.first_day();
    let early = format!("SELECT COUNT(*) FROM opportunities WHERE closed_at < '{first}T00:00:00+00:00'");
    assert_eq!(number(db, &early).await, 0);
}

/// A count, and between which values it must lie in per mille of another one.
async fn assert_share(db: &DatabaseConnection, part: &str, whole: &str, expected: std::ops::RangeInclusive<i64>) {
    let permille = 1000 * number(db, part).await / number(db, whole).await.max(1);
    assert!(expected.contains(&permille), "{permille} per mille, not {expected:?}: {part} / {whole}");
}

async fn figures_are_believable(kind: Kind) {
    let database = filled(kind, &options()).await;
    let db = &database.connection;
    assert_figures(db, kind).await;
    let win_rates = "SELECT 1000 * SUM(CASE WHEN status = 'won' THEN 1 ELSE 0 END) / COUNT(*) AS permille
        FROM opportunities WHERE status <> 'open' GROUP BY rep_id";
    let extreme = |which: &str| format!("SELECT CAST({which}(permille) AS BIGINT) FROM ({win_rates}) rates");
    let (weakest, strongest) = (number(db, &extreme("MIN")).await, number(db, &extreme("MAX")).await);
    assert!((80..=260).contains(&weakest) && (340..=550).contains(&strongest), "{weakest} {strongest}");
}

/// What a sales leader would believe of deals, orders and customers up to 2026-11-20.
pub async fn assert_figures(db: &DatabaseConnection, kind: Kind) {
    let won = "SELECT COUNT(*) FROM opportunities WHERE status = 'won'";
    let closed = "SELECT COUNT(*) FROM opportunities WHERE status <> 'open'";
    let open = "SELECT COUNT(*) FROM opportunities WHERE status = 'open'";
    assert_share(db, won, closed, 200..=400).await;
    assert_share(db, open, closed, 40..=200).await;

    for reason in ["price", "competitor", "no_budget", "timing", "no_decision", "missing_feature"] {
        let lost = format!("SELECT COUNT(*) FROM opportunities WHERE loss_reason = '{reason}'");
        assert_share(db, &lost, "SELECT COUNT(*) FROM opportunities WHERE status = 'lost'", 40..=400).await;
    }
    let kinds = "SELECT COUNT(*) FROM orders WHERE kind";
    for kind in ["new", "upsell", "cross_sell", "renewal", "repeat"] {
        assert_share(db, &format!("{kinds} = '{kind}'"), "SELECT COUNT(*) FROM orders", 30..=500).await;
    }
    let returned = "SELECT COUNT(*) FROM opportunity_stages WHERE outcome = 'returned'";
    assert_share(db, returned, "SELECT COUNT(*) FROM opportunity_stages", 5..=50).await;
    let again = "SELECT COUNT(*) FROM customer_tenures WHERE number = 2";
    assert_share(db, again, "SELECT COUNT(*) FROM customer_tenures WHERE ended_at IS NOT NULL", 20..=400).await;

    let (in_first_year, overdue) = match kind {
        Kind::Sqlite => (
            "julianday(ended_at) - julianday(started_at) < 365",
            "julianday('2026-11-21') - julianday(entered_at) > expected_days",
        ),
        Kind::Postgres => (
            "ended_at - started_at < interval '365 days'",
            "timestamptz '2026-11-21T00:00:00Z' - entered_at > expected_days * interval '1 day'",
        ),
    };
    let old_enough = "SELECT COUNT(*) FROM customer_tenures WHERE started_at < '2025-11-21T00:00:00+00:00'";
    assert_share(db, &format!("{old_enough} AND {in_first_year}"), old_enough, 50..=200).await;
    let stalled = format!(
        "SELECT COUNT(*) FROM opportunity_stages s JOIN stages g ON g.id = s.stage_id
          WHERE left_at IS NULL AND {overdue}"
    );
    assert_share(db, &stalled, open, 50..=400).await;
}

/// Over the last year, each KPI for everybody; what is by rep or segment has some of each.
async fn no_kpi_of_the_demo_is_empty(kind: Kind) {
    let server = TestServer::start(filled(kind, &options()).await).await;
    let ids: Vec<String> = Catalog::get().kpis().iter().map(|kpi| kpi.id.into()).collect();
    for group_by in [vec![], vec!["segment".to_owned()], vec!["rep".to_owned()]] {
        let query = KpiQuery {
            kpi_ids: ids.clone(),
            period: dates("2025-11-21", "2026-11-20"),
            group_by: group_by.clone(),
            ..Default::default()
        };
        let rows = server.query(query).await.rows;
        for (place, id) in ids.iter().enumerate() {
            let tells = |value: &KpiValue| value.value().parse::<f64>().is_ok_and(|value| value != 0.0);
            let told = rows.iter().filter(|row| tells(&row.values[place])).count();
            assert!(told > 0, "{id} by {group_by:?} is empty");
        }
    }
}

async fn filling_twice_writes_once(kind: Kind) {
    let monday = Options { reps: 2, years: 1, ..options() };
    let database = filled(kind, &monday).await;
    let db = &database.connection;
    let tuesday = Options { last_day: "2026-11-23".parse().unwrap(), ..monday.clone() };
    for options in [&monday, &tuesday] {
        let again = fill(db, options, Progress::Silent).await.unwrap();
        assert_eq!(again, Filled { options: monday.clone(), tables: Vec::new() });
    }
    let other = fill(db, &Options { seed: 2, ..monday }, Progress::Silent).await;
    assert!(matches!(other, Err(FillError::OtherDemo { .. })), "{other:?}");
}

async fn a_fill_that_fails_leaves_nothing(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let refuse_renewals = match kind {
        Kind::Sqlite => {
            "CREATE TRIGGER refuse BEFORE INSERT ON orders WHEN NEW.kind = 'renewal' BEGIN SELECT RAISE(ABORT, 'no'); END"
        }
        Kind::Postgres => "ALTER TABLE orders ADD CHECK (kind <> 'renewal')",
    };
    db.execute_unprepared(refuse_renewals).await.unwrap();
    let failed = fill(db, &Options { reps: 2, years: 1, ..options() }, Progress::Silent).await;
    assert!(matches!(failed, Err(FillError::Database(_))), "{failed:?}");
    for table in ["teams", "opportunities", "orders"] {
        assert_eq!(number(db, &format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
}

async fn a_database_with_rows_of_its_own_is_refused(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    crm::stages::ActiveModel {
        id: Set("own".into()),
        name: Set("Own".into()),
        pipeline_id: Set(None),
        position: Set(1),
        probability_bp: Set(0),
        expected_days: Set(None),
    }
    .insert(db)
    .await
    .unwrap();
    let refused = fill(db, &Options { reps: 1, years: 1, ..options() }, Progress::Silent).await;
    assert!(matches!(refused, Err(FillError::NotEmpty { table: "stages" })), "{refused:?}");
    assert_eq!(number(db, "SELECT COUNT(*) FROM reps").await, 0);
}
