//! Files with days without a time: what is declared, what is refused, and what comes out again.

use super::{ZONES, engine, in_zone, totals};
use crate::engine::question;
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::import::canonical::{ExportOptions, export};
use crm_kpi::import::{Options, Progress, import};
use crm_kpi::period::Grain;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use std::path::Path;
use tempfile::TempDir;

on_every_database!(
    days_of_files_are_days_of_every_zone,
    days_and_points_in_time_do_not_stand_in_one_column,
    what_is_stored_and_stays_decides,
    what_is_worked_out_from_days_is_days,
    canonical_files_keep_days,
);

const DEALS: &str = "\
[defaults]
currency = \"USD\"
time_zone = \"Europe/Berlin\"
[[opportunities]]
file = \"deals.csv\"
[opportunities.columns]
id = \"id\"
status = \"status\"
amount = \"amount\"
created_at = \"created\"
closed_at = \"closed\"
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

async fn load(db: &DatabaseConnection, folder: &Path, with_mapping: bool) -> Result<(), String> {
    let mapping = with_mapping.then(|| folder.join("mapping.toml"));
    let options = Options { folder: folder.to_owned(), mapping, ..Options::default() };
    import(db, &options).await.map(|_| ()).map_err(|error| error.to_string())
}

/// Loads deals by a mapping.
async fn deals(db: &DatabaseConnection, mapping: &str, lines: &str) -> Result<(), String> {
    let lines = format!("id,status,amount,created,closed\n{lines}");
    load(db, folder(&[("mapping.toml", mapping), ("deals.csv", &lines)]).path(), true).await
}

/// The columns that are declared to hold days.
async fn declared(db: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT table_name || '.' || column_name FROM crm_kpi_day_columns ORDER BY 1";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// Closed on 1 and on 31 March: both in March, in every zone.
async fn days_of_files_are_days_of_every_zone(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let lines = "1,won,10,2024-02-01 10:00,2024-03-01\n2,won,20,2024-02-01 10:00,2024-03-31\n";
    deals(db, DEALS, lines).await.unwrap();
    assert_eq!(declared(db).await, ["opportunities.closed_at"]);
    deals(db, DEALS, lines).await.unwrap();
    assert_eq!(declared(db).await, ["opportunities.closed_at"], "twice is once");
    let engine = engine(db).await;
    for zone in ZONES {
        let months = question(&["won_value"], ["2024-02-01", "2024-04-30"], Some(Grain::Month), &[]);
        assert_eq!(totals(&engine, in_zone(months, zone)).await, ["0 0.00", "1 30.00", "2 0.00", "T 30.00"], "{zone}");
    }
}

async fn days_and_points_in_time_do_not_stand_in_one_column(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let lines = "1,won,10,2024-02-01 10:00,2024-03-01\n2,won,20,2024-02-01 10:00,2024-03-31 23:30\n";
    let said = deals(db, DEALS, lines).await.unwrap_err();
    let expected = "opportunities.closed_at: deals.csv:2 has a day without a time, deals.csv:3 a point in time: set precision = \
                    \"day\" to keep days, or precision = \"instant\" to make a day its first instant\nnothing was loaded";
    assert_eq!(said, expected);
    let as_days = DEALS.replace("closed_at = \"closed\"", "closed_at = { column = \"closed\", precision = \"day\" }");
    deals(db, &as_days, lines).await.unwrap();
    assert_eq!(declared(db).await, ["opportunities.closed_at"]);
    let engine = engine(db).await;
    let april = question(&["opportunities_won"], ["2024-04-01", "2024-04-30"], None, &[]);
    assert_eq!(totals(&engine, april).await, ["0 0"], "23:30 in Berlin is 31 March there");
    let other = DEALS.replace("amount = \"amount\"", "amount = { column = \"amount\", precision = \"day\" }");
    let said = deals(db, &other, lines).await.unwrap_err();
    assert!(said.contains("opportunities[1].columns.amount.precision: does not apply to amount"), "{said}");
}

async fn what_is_stored_and_stays_decides(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let created = "2024-02-01 10:00";
    deals(db, DEALS, &format!("1,won,10,{created},2024-03-01 12:00\n")).await.unwrap();
    assert_eq!(declared(db).await, [""; 0]);
    let said = deals(db, DEALS, &format!("2,won,10,{created},2024-03-02\n")).await.unwrap_err();
    let expected = "opportunities.closed_at: stored rows that stay have points in time, and the files have days without a time: \
                    load all rows, delete the others, or set precision = \"instant\" in the mapping\nnothing was loaded";
    assert_eq!(said, expected);
    // All rows anew, as days.
    let both = format!("1,won,10,{created},2024-03-01\n2,won,10,{created},2024-03-02\n");
    deals(db, DEALS, &both).await.unwrap();
    assert_eq!(declared(db).await, ["opportunities.closed_at"]);
    let said = deals(db, DEALS, &format!("3,won,10,{created},2024-03-02 12:00\n")).await.unwrap_err();
    assert!(said.starts_with("opportunities.closed_at: stored rows that stay have days without a time, and"), "{said}");
    deals(db, DEALS, &format!("3,open,10,{created},\n")).await.unwrap();
    assert_eq!(declared(db).await, ["opportunities.closed_at"], "no value says nothing");
    // All rows anew, as points in time.
    let deleting = DEALS.replace("file = ", "missing = \"delete\"\nfile = ");
    deals(db, &deleting, &format!("3,won,10,{created},2024-03-02 12:00\n")).await.unwrap();
    assert_eq!(declared(db).await, [""; 0]);
}

/// A won deal is an order, an account with an order a customer. The stay of a deal moved on at 10:00 on the day that it was
/// closed on ends no earlier than it starts.
async fn what_is_worked_out_from_days_is_days(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let db = &database.connection;
    let mapping = format!(
        "{DEALS}account_id = {{ text = \"a\" }}\n[[stages]]\nrows = [{{ id = \"s\", name = \"S\", position = 1, probability = 50 }}]\n\
         [[accounts]]\nrows = [{{ id = \"a\", name = \"A\" }}]\n[[opportunity_stages]]\nfile = \"history.csv\"\n\
         [opportunity_stages.columns]\nopportunity_id = \"deal\"\nstage_id = {{ text = \"s\" }}\nentered_at = \"at\"\n\
         [derive]\norders = true\ncustomer_tenures = true\n"
    );
    let files = [
        ("mapping.toml", mapping.as_str()),
        ("deals.csv", "id,status,amount,created,closed\n1,won,10,2024-02-01 10:00,2024-03-05\n"),
        ("history.csv", "deal,at\n1,2024-03-05 10:00\n"),
    ];
    load(db, folder(&files).path(), true).await.unwrap();
    let expected =
        ["accounts.customer_since", "customer_tenures.started_at", "opportunities.closed_at", "orders.ordered_at"];
    assert_eq!(declared(db).await, expected);
    let stays = question(&["stage_duration"], ["2024-03-01", "2024-03-31"], None, &[]);
    assert_eq!(totals(&engine(db).await, stays).await, ["0 0.0000=0/1"]);
}

async fn canonical_files_keep_days(kind: Kind) {
    let first = TestDatabase::empty(kind).await;
    let orders =
        "id,amount_minor,currency,ordered_at,by_subscriber\n1,100,EUR,2024-01-31,true\n2,200,EUR,2024-02-01,true\n";
    load(&first.connection, folder(&[("orders.csv", orders)]).path(), false).await.unwrap();
    assert_eq!(declared(&first.connection).await, ["orders.ordered_at"]);
    let out = tempfile::tempdir().unwrap();
    let options = ExportOptions { folder: out.path().to_owned(), overwrite: true, progress: Progress::Silent };
    export(&first.connection, &options).await.unwrap();
    let written = std::fs::read_to_string(out.path().join("orders.csv")).unwrap();
    assert!(written.contains(",2024-01-31,") && !written.contains("2024-01-31T"), "{written}");
    let second = TestDatabase::empty(kind).await;
    load(&second.connection, out.path(), false).await.unwrap();
    assert_eq!(declared(&second.connection).await, ["orders.ordered_at"]);
    let mixed = orders.replace("2024-02-01", "2024-02-01T12:00:00Z");
    let said = load(&second.connection, folder(&[("orders.csv", &mixed)]).path(), false).await.unwrap_err();
    let expected = "orders.csv: column \"ordered_at\" has days without a time (line 2) and points in time (line 3): write all of \
                    them in one way\nnothing was loaded";
    assert_eq!(said, expected);
    // Views with days are written as days, too.
    super::columns::become_days(&first.connection, &[("leads", "created_at")], super::columns::Stored::Views).await;
    let insert = "INSERT INTO own_leads (id, status, created_at) VALUES ('l', 'new', '2024-03-01T00:00:00+00:00')";
    let insert = match kind {
        Kind::Postgres => insert.to_owned(),
        Kind::Sqlite => insert.replace("own_leads", "day_leads").replace("T00:00:00+00:00", ""),
    };
    first.connection.execute_unprepared(&insert).await.unwrap();
    // Another connection: this one has statements prepared for the table that was there.
    let other = crm_kpi::database::connect(&first.url.parse().unwrap()).await.unwrap();
    export(&other, &options).await.unwrap();
    let written = std::fs::read_to_string(out.path().join("leads.csv")).unwrap();
    assert!(written.contains(",2024-03-01,"), "{written}");
}
