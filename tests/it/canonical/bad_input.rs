//! Files that cannot be loaded.

use super::{everything, folder, import_from, import_with};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::import::ImportError;

on_every_database!(a_bad_cell_keeps_everything_out, a_lenient_import_loads_the_good_rows);

const COSTS: &str = "\
id,kind,amount_minor,currency,starts_at,ends_at,rep_id\n\
a,sales,100,USD,2024-03-01T00:00:00Z,,\n\
b,Sales,100,USD,2024-03-01T00:00:00Z,,\n\
c,sales,1.50,USD,01/03/2024,,\n\
,sales,9223372036854775808,USD,2024-03-01T00:00:00Z,soon,\n\
a,sales,1,USD,2024-03-01T00:00:00Z,,\n\
\n\
d,sales,1,,,\"\",\n\
e,sales,1,USD,2024-03-01T00:00:00Z\n\
\"f\ng\",sales,,USD,2024-03-01T00:00:00Z,,\n\
h,,1,USD,2024-03-01T00:00:00+01:00,,x\u{0}y\n";

const ACTIVITIES: &str = "\
id,kind,direction,prospecting,personalized,occurred_at\n\
a,call,inbound,yes,false,2024-03-01T00:00:00Z\n\
a,fax,inbound,true,,2024-03-01T00:00:00Z\n";

const BIG: &str = "not a whole number from -9223372036854775808 to 9223372036854775807, such as 120050";
const INSTANT: &str = "an instant of RFC 3339, such as 2024-03-01T09:30:00Z";

fn problems() -> Vec<String> {
    vec![
        r#"costs.csv:3: column "kind", value "Sales": not one of marketing, sales, retention, service"#.into(),
        format!(r#"costs.csv:4: column "amount_minor", value "1.50": {BIG}"#),
        format!(r#"costs.csv:4: column "starts_at", value "01/03/2024": not {INSTANT}"#),
        r#"costs.csv:5: column "id", value "": must be set; an empty text is written as """#.into(),
        format!(r#"costs.csv:5: column "amount_minor", value "9223372036854775808": {BIG}"#),
        format!(r#"costs.csv:5: column "ends_at", value "soon": not {INSTANT}"#),
        "costs.csv:6: the id of this row is that of costs.csv:2 already".into(),
        r#"costs.csv:8: column "currency", value "": must be set; an empty text is written as """#.into(),
        format!(r#"costs.csv:8: column "starts_at", value "": must be set: {INSTANT}"#),
        "costs.csv:9: 5 cells, but the header has 7".into(),
        format!(r#"costs.csv:10: column "amount_minor", value "": must be set: {}"#, &BIG[4..]),
        r#"costs.csv:12: column "kind", value "": must be set: one of marketing, sales, retention, service"#.into(),
        r#"costs.csv:12: column "rep_id", value "x\0y": holds a NUL character"#.into(),
        r#"activities.csv:2: column "prospecting", value "yes": not true or false"#.into(),
        r#"activities.csv:3: column "kind", value "fax": not one of call, email, meeting, message"#.into(),
        r#"activities.csv:3: column "personalized", value "": must be set: true or false"#.into(),
        "activities.csv:3: the id of this row is that of activities.csv:2 already".into(),
    ]
}

async fn a_bad_cell_keeps_everything_out(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let files = [("costs.csv", COSTS), ("activities.csv", ACTIVITIES), ("teams.csv", "id,name\n1,A\n")];
    let folder = folder(&files);
    let error = import_from(&database.connection, folder.path()).await.unwrap_err();
    let ImportError::BadRows(bad) = &error else { panic!("{error}") };
    let mut shown: Vec<_> = bad.shown.iter().map(ToString::to_string).collect();
    shown.sort_by_key(|problem| problem.starts_with("activities"));
    assert_eq!(shown, problems());
    assert_eq!((bad.problems, bad.rows), (17, 10));
    let advice = "nothing was loaded: correct the rows: a key must be there once. --lenient would load the first of the rows \
                  with the same key, and leave the others out";
    assert!(error.to_string().ends_with(advice), "{error}");
    assert_eq!(everything(&database.connection).await, [""; 0]);

    std::fs::write(
        folder.path().join("costs.csv"),
        b"id,kind,amount_minor,currency,starts_at\n\xE9,sales,1,USD,2024\n",
    )
    .unwrap();
    let error = import_from(&database.connection, folder.path()).await.unwrap_err().to_string();
    assert!(
        error.contains("costs.csv:2: column \"id\", value \"\u{fffd}\": not UTF-8: save the file as UTF-8"),
        "{error}"
    );
}

async fn a_lenient_import_loads_the_good_rows(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let folder = folder(&[("costs.csv", COSTS), ("teams.csv", "id,name\n1,A\n")]);
    let summary = import_with(&database.connection, folder.path(), true).await.unwrap();
    assert_eq!(summary.tables, [("teams", 1), ("costs", 1)]);
    assert_eq!(summary.bad.rows, 8);
    assert_eq!(everything(&database.connection).await.len(), 2);
}

/// What is said of files; the database is not reached.
async fn complaint(files: &[(&str, &str)]) -> String {
    let database = TestDatabase::empty(Kind::Sqlite).await;
    import_from(&database.connection, folder(files).path()).await.unwrap_err().to_string()
}

#[tokio::test]
async fn files_and_columns_that_are_not_known_are_told_at_once() {
    let files = [
        ("rep.csv", "id,name\n"),
        ("Teams.CSV", "id,name\n"),
        ("stages.csv", "id,nmae,position,probability_bp,id,\n"),
        ("orders.csv", ""),
        ("leads.csv", "id,status,created_at\n1,new,never\n"),
    ];
    let expected = [
        "Teams.CSV: is the file of no table: did you mean \"teams.csv\"?",
        "rep.csv: is the file of no table: did you mean \"reps.csv\"?",
        "stages.csv: unknown column \"nmae\" of stages: did you mean \"name\"?",
        "stages.csv: duplicate column \"id\"",
        "stages.csv: unknown column \"\" of stages: there are \"id\", \"name\", \"pipeline_id\", \"position\", \
         \"probability_bp\", \"expected_days\"",
        "stages.csv: column \"name\" is missing: every row of stages must have it",
        "orders.csv: is empty: its first line must name the columns",
        "nothing was loaded",
    ];
    assert_eq!(complaint(&files).await.lines().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn good_rows_can_be_loaded_alone_where_none_repeats() {
    let advice = "nothing was loaded: correct the rows, or load the good ones alone with --lenient";
    assert!(complaint(&[("teams.csv", "id,name\n1,\n2,A\n")]).await.ends_with(advice));
}

#[tokio::test]
async fn a_folder_without_files_is_told() {
    assert!(complaint(&[("notes.txt", "")]).await.ends_with("has no file of a table, such as reps.csv"));
    let database = TestDatabase::empty(Kind::Sqlite).await;
    let nowhere = tempfile::tempdir().unwrap().path().join("nowhere");
    let error = import_from(&database.connection, &nowhere).await.unwrap_err().to_string();
    assert!(error.starts_with("cannot read ") && error.contains("nowhere"), "{error}");
}

#[tokio::test]
async fn days_and_decimals_must_be_plain() {
    let targets = "id,kpi_id,first_date,last_date,value\n\
                   1,won_value,2024-01-01,2024-01-31T00:00:00Z,\"50,000\"\n\
                   2,win_rate,2024-01-01,,25%\n";
    let rates = "currency,quote_currency,valid_from,rate\n\
                 EUR,USD,01/02/2024,1.1\n\
                 EUR,USD,2024-02-01,1e0\n\
                 EUR,USD,2024-02-01,1.1\n";
    let complaint = complaint(&[("targets.csv", targets), ("exchange_rates.csv", rates)]).await;
    let decimal = "a plain decimal number, such as 50000.00";
    let expected = [
        r#"targets.csv:2: column "last_date", value "2024-01-31T00:00:00Z": not a day, such as 2024-03-01"#.to_owned(),
        format!(r#"targets.csv:2: column "value", value "50,000": not {decimal}"#),
        r#"targets.csv:3: column "last_date", value "": must be set: a day, such as 2024-03-01"#.into(),
        format!(r#"targets.csv:3: column "value", value "25%": not {decimal}"#),
        r#"exchange_rates.csv:2: column "valid_from", value "01/02/2024": not a day, such as 2024-03-01"#.into(),
        format!(r#"exchange_rates.csv:3: column "rate", value "1e0": not {decimal}"#),
        "exchange_rates.csv:4: the currency and quote_currency and valid_from of this row is that of \
         exchange_rates.csv:3 already"
            .into(),
    ];
    assert_eq!(complaint.lines().take(7).collect::<Vec<_>>(), expected);
}
