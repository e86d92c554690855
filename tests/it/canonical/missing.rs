//! Rows that the files no longer have, and files of other programs.

use super::{everything, folder, import_from};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::import::{Options, import};
use sea_orm::{ConnectionTrait, Statement};
use std::path::Path;

on_every_database!(
    what_the_files_no_longer_have_is_deleted,
    nothing_is_deleted_where_rows_are_bad,
    files_of_pandas_and_psql_are_read,
);

async fn import_and_delete(database: &TestDatabase, folder: &Path, lenient: bool) -> crm_kpi::import::Summary {
    let options = Options { folder: folder.to_owned(), lenient, delete_missing: true, ..Options::default() };
    import(&database.connection, &options).await.unwrap()
}

async fn what_the_files_no_longer_have_is_deleted(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let rates = "currency,quote_currency,valid_from,rate\nEUR,USD,2024-01-01,1.1\nEUR,USD,2024-02-01,1.2\n";
    let first = folder(&[
        ("teams.csv", "id,name\n1,A\n2,B\n"),
        ("reps.csv", "id,name\n1,A\n"),
        ("exchange_rates.csv", rates),
        ("proposals.csv", "opportunity_id,number,sent_at\no,1,2024-01-01\no,2,2024-01-02\np,1,2024-01-03\n"),
    ]);
    import_from(&database.connection, first.path()).await.unwrap();
    assert_eq!(everything(&database.connection).await.len(), 8);
    let second = folder(&[
        ("teams.csv", "id,name\n2,B\n3,C\n"),
        ("exchange_rates.csv", "currency,quote_currency,valid_from,rate\nEUR,USD,2024-02-01,1.3\n"),
        ("proposals.csv", "opportunity_id,number,sent_at\no,2,2024-01-02\n"),
    ]);
    import_from(&database.connection, second.path()).await.unwrap();
    assert_eq!(everything(&database.connection).await.len(), 3 + 1 + 2 + 2, "nothing goes unless it is asked for");
    import_and_delete(&database, second.path(), false).await;
    let left = everything(&database.connection).await;
    assert_eq!(left.len(), 2 + 1 + 1 + 1, "{left:?}");
    assert!(left.iter().any(|row| row.starts_with("reps ")), "reps have no file: {left:?}");
    assert!(left.iter().any(|row| row.starts_with("exchange_rates ") && row.contains("1.3")), "{left:?}");
    import_and_delete(&database, folder(&[("teams.csv", "id,name\n")]).path(), false).await;
    assert_eq!(everything(&database.connection).await.len(), 3, "a file without rows is an empty table");
}

async fn nothing_is_deleted_where_rows_are_bad(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let first = folder(&[("teams.csv", "id,name\n1,A\n2,B\n"), ("reps.csv", "id,name\n1,A\n2,B\n")]);
    import_from(&database.connection, first.path()).await.unwrap();
    let second = folder(&[("teams.csv", "id,name\n1,\n"), ("reps.csv", "id,name\n2,B\n")]);
    let summary = import_and_delete(&database, second.path(), true).await;
    assert_eq!(summary.notes, ["teams has bad rows: what its files miss was not deleted"]);
    let left = everything(&database.connection).await;
    assert_eq!(left.iter().filter(|row| row.starts_with("teams ")).count(), 2);
    assert_eq!(left.iter().filter(|row| row.starts_with("reps ")).count(), 1);
}

async fn files_of_pandas_and_psql_are_read(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let orders = "id,amount_minor,currency,ordered_at,by_subscriber\n\
                  1,100.0,EUR,2024-01-05 00:00:00,True\n\
                  2,250,EUR,2024-01-05 09:30:00,f\n\
                  3,-3.00,EUR,2024-01-05 09:30:00+00,1\n\
                  4,4,EUR,2024-01-05 09:30:00.5-03,0\n";
    import_from(&database.connection, folder(&[("orders.csv", orders)]).path()).await.unwrap();
    let by_subscriber = "CASE WHEN by_subscriber THEN ' yes ' ELSE ' no ' END";
    let at = match kind {
        Kind::Postgres => r#"to_char(ordered_at, 'YYYY-MM-DD"T"HH24:MI:SS')"#,
        Kind::Sqlite => "substr(ordered_at, 1, 19)",
    };
    let sql = format!("SELECT CAST(amount_minor AS text) || {by_subscriber} || {at} FROM orders ORDER BY id");
    let db = &database.connection;
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let rows: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    let expected = [
        "100 yes 2024-01-05T00:00:00",
        "250 no 2024-01-05T09:30:00",
        "-3 yes 2024-01-05T09:30:00",
        "4 no 2024-01-05T12:30:00",
    ];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn values_that_their_columns_do_not_mean_are_told() {
    let database = TestDatabase::empty(Kind::Sqlite).await;
    let files = [
        ("stages.csv", "id,name,position,probability_bp\n1,A,-1,10001\n"),
        ("exchange_rates.csv", "currency,quote_currency,valid_from,rate\nEURO,USD,2024-01-01,0\n"),
        ("proposals.csv", "opportunity_id,number,sent_at\no,0,2024-01-01\n"),
    ];
    let said = import_from(&database.connection, folder(&files).path()).await.unwrap_err().to_string();
    let expected = [
        r#"stages.csv:2: column "position", value "-1": not at least 0"#,
        r#"stages.csv:2: column "probability_bp", value "10001": not from 0 to 10000 basis points: 2500 is 25 %"#,
        r#"proposals.csv:2: column "number", value "0": not at least 1"#,
        r#"exchange_rates.csv:2: column "currency", value "EURO": not an ISO 4217 currency code, such as USD"#,
        r#"exchange_rates.csv:2: column "rate", value "0": not above 0"#,
    ];
    assert_eq!(said.lines().take(5).collect::<Vec<_>>(), expected);
}
