//! What is exported is what was stored, and importing it makes the same database.

use super::{edges, everything, exported, files, folder, import_from, imported};
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database, query_of};
use crm_kpi::crm;
use crm_kpi::import::Progress;
use crm_kpi::proto::{Grain, KpiQuery};
use crm_kpi::synthetic::{Options, fill};
use sea_orm::{ConnectionTrait, EntityTrait};

on_every_database!(
    demo_data_and_their_kpis_come_back,
    every_table_comes_back_with_values_at_the_edges,
    importing_twice_is_importing_once,
    files_hold_what_is_stored,
    what_a_file_leaves_out,
    children_of_a_parent_are_replaced_together,
    rates_of_a_currency_are_replaced_one_by_one
);

async fn demo(kind: Kind) -> TestDatabase {
    let database = TestDatabase::empty(kind).await;
    let options = Options { reps: 4, years: 1, ..Options::demo("2026-11-20".parse().unwrap()) };
    fill(&database.connection, &options, Progress::Silent).await.unwrap();
    database
}

async fn demo_data_and_their_kpis_come_back(kind: Kind) {
    let first = demo(kind).await;
    let folder = exported(&first.connection).await;
    let second = imported(kind, folder.path()).await;
    let again = exported(&second.connection).await;
    let (before, after) = (files(folder.path()), files(again.path()));
    assert_eq!(before.len(), crm::TABLE_NAMES.len());
    assert!(before["orders.csv"].lines().count() > 100);
    assert!(before == after, "the files differ");
    assert_eq!(everything(&first.connection).await, everything(&second.connection).await);

    let kpis = ["total_sales", "win_rate", "open_opportunities", "stage_duration", "new_customers", "upsell_rate"];
    let query = KpiQuery {
        period: dates("2026-01-01", "2026-11-20"),
        grain: Grain::Quarter.into(),
        group_by: vec!["rep".into(), "segment".into()],
        ..query_of(&kpis)
    };
    let mut answers = Vec::new();
    for database in [first, second] {
        let server = TestServer::start_at(database, "2026-11-21T12:00:00Z").await;
        let answer = server.query(query.clone()).await;
        assert!(answer.rows.len() > 4 && answer.totals.len() > 1);
        answers.push((answer.rows, answer.totals));
        server.stop().await;
    }
    assert_eq!(answers[0], answers[1]);
}

async fn every_table_comes_back_with_values_at_the_edges(kind: Kind) {
    let first = TestDatabase::migrated(kind).await;
    let rows = edges::fill(&first.connection).await;
    let before = everything(&first.connection).await;
    assert_eq!(before.len(), rows);
    let folder = exported(&first.connection).await;
    let second = imported(kind, folder.path()).await;
    assert_eq!(everything(&second.connection).await, before);
    assert_eq!(files(exported(&second.connection).await.path()), files(folder.path()));
}

#[tokio::test]
async fn from_sqlite_to_postgres_and_back() {
    let first = demo(Kind::Sqlite).await;
    edges::fill(&first.connection).await;
    let folder = exported(&first.connection).await;
    let second = imported(Kind::Postgres, folder.path()).await;
    let from_postgres = exported(&second.connection).await;
    let third = imported(Kind::Sqlite, from_postgres.path()).await;
    assert!(files(from_postgres.path()) == files(folder.path()), "PostgreSQL's files differ");
    assert_eq!(everything(&second.connection).await, everything(&first.connection).await);
    assert_eq!(everything(&third.connection).await, everything(&first.connection).await);
}

async fn importing_twice_is_importing_once(kind: Kind) {
    let first = demo(kind).await;
    edges::fill(&first.connection).await;
    let folder = exported(&first.connection).await;
    let before = everything(&first.connection).await;
    import_from(&first.connection, folder.path()).await.unwrap();
    assert_eq!(everything(&first.connection).await, before);
}

async fn files_hold_what_is_stored(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let statements = [
        "INSERT INTO accounts (id, name, segment, region, customer_since) \
         VALUES ('b', '', 'a, \"b\"', ' north', '2024-03-01T09:30:00.25+00:00')",
        "INSERT INTO accounts (id, name, segment) VALUES ('a', 'Ann', '')",
        "INSERT INTO accounts (id, name, country) VALUES ('B', 'two\nlines', '\u{627}')",
        "INSERT INTO orders (id, amount_minor, currency, ordered_at, by_subscriber, customer_order_number, kind) \
         VALUES ('o', -9223372036854775808, 'USD', '2024-03-01T00:00:00+00:00', true, 1, 'cross_sell')",
        "INSERT INTO proposals (opportunity_id, number, sent_at) VALUES ('d', 10, '2024-03-01T00:00:00+00:00')",
        "INSERT INTO proposals (opportunity_id, number, sent_at) VALUES ('d', 9, '2024-03-01T00:00:00+00:00')",
    ];
    for statement in statements {
        database.connection.execute_unprepared(statement).await.unwrap();
    }
    let folder = exported(&database.connection).await;
    let files = files(folder.path());
    assert_eq!(
        files["accounts.csv"],
        "id,name,segment,region,industry,country,rep_id,customer_since\n\
         B,\"two\nlines\",,,,\u{627},,\n\
         a,Ann,\"\",,,,,\n\
         b,\"\",\"a, \"\"b\"\"\",\" north\",,,,2024-03-01T09:30:00.250Z\n"
    );
    assert_eq!(
        files["orders.csv"],
        "id,rep_id,account_id,opportunity_id,product_id,source_id,campaign_id,kind,refund_of,amount_minor,currency,\
         ordered_at,customer_order_number,by_subscriber\n\
         o,,,,,,,cross_sell,,-9223372036854775808,USD,2024-03-01T00:00:00Z,1,true\n"
    );
    assert_eq!(
        files["proposals.csv"],
        "opportunity_id,number,rep_id,sent_at\nd,9,,2024-03-01T00:00:00Z\nd,10,,2024-03-01T00:00:00Z\n"
    );
    assert_eq!(files["teams.csv"], "id,name,parent_id\n");
}

async fn what_a_file_leaves_out(kind: Kind) {
    let teams = "id,name,parent_id\nwest,West,all\neast,East,all\n";
    let reps = "id,name,region,left_at\n1,Ann,north,2024-03-01T00:00:00Z\n";
    let database = imported(kind, folder(&[("teams.csv", teams), ("reps.csv", reps)]).path()).await;
    let db = &database.connection;

    // Columns in any order, a byte order mark, CRLF; `parent_id` is not there, and neither is `east`.
    let teams = "\u{feff}name,id\r\nThe West,west\r\n\"North,\"\" east\",\"north\"\r\n";
    let notes = [("teams.csv", teams), ("notes.txt", "x"), (".~lock.reps.csv", "x"), (".export-x.csv", "x")];
    let summary = import_from(db, folder(&notes).path()).await.unwrap();
    assert_eq!(summary.tables, [("teams", 2)]);
    let mut teams = crm::teams::Entity::find().all(db).await.unwrap();
    teams.sort_by(|one, next| one.id.cmp(&next.id));
    let teams: Vec<_> =
        teams.iter().map(|team| (team.id.as_str(), team.name.as_str(), team.parent_id.as_deref())).collect();
    let expected = [("east", "East", Some("all")), ("north", "North,\" east", None), ("west", "The West", None)];
    assert_eq!(teams, expected, "what a row leaves out is unset, what the file leaves out stays");
    let ann = crm::reps::Entity::find_by_id("1").one(db).await.unwrap().unwrap();
    assert_eq!((ann.region.as_deref(), ann.left_at.is_some()), (Some("north"), true), "no file: left alone");
}

async fn children_of_a_parent_are_replaced_together(kind: Kind) {
    let header = "account_id,number,started_at";
    let rows = |rows: &[&str]| {
        let lines: Vec<_> = rows.iter().map(|row| format!("{row},2024-03-01T00:00:00Z\n")).collect();
        format!("{header}\n{}", lines.concat())
    };
    let both = rows(&["a,1", "a,2", "b,1", "b,2"]);
    let database = imported(kind, folder(&[("customer_tenures.csv", &both)]).path()).await;
    let db = &database.connection;
    let fewer = rows(&["a,3", "c,1", "a,1"]);
    import_from(db, folder(&[("customer_tenures.csv", &fewer)]).path()).await.unwrap();
    let tenures = crm::customer_tenures::Entity::find().all(db).await.unwrap();
    let mut tenures: Vec<_> = tenures.iter().map(|tenure| format!("{}{}", tenure.account_id, tenure.number)).collect();
    tenures.sort();
    assert_eq!(tenures, ["a1", "a3", "b1", "b2", "c1"]);
}

async fn rates_of_a_currency_are_replaced_one_by_one(kind: Kind) {
    let header = "currency,quote_currency,valid_from,rate\n";
    let first = format!("{header}EUR,USD,2024-01-01,1.10\nEUR,USD,2024-02-01,1.0850\nEUR,GBP,2024-01-01,0.86\n");
    let database = imported(kind, folder(&[("exchange_rates.csv", &first)]).path()).await;
    let second = format!("{header}EUR,USD,2024-02-01,1.08\nEUR,USD,2024-03-01,1.07\n");
    import_from(&database.connection, folder(&[("exchange_rates.csv", &second)]).path()).await.unwrap();
    assert_eq!(
        files(exported(&database.connection).await.path())["exchange_rates.csv"],
        format!(
            "{header}EUR,GBP,2024-01-01,0.86\nEUR,USD,2024-01-01,1.10\nEUR,USD,2024-02-01,1.08\n\
             EUR,USD,2024-03-01,1.07\n"
        )
    );
}
