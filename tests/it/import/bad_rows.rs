//! Rows that cannot be loaded.

use super::{Case, DEALS, REPS_CSV, at, everything};
use crate::support::{Kind, on_every_database};
use crm_kpi::crm;
use crm_kpi::import::ImportError;
use sea_orm::EntityTrait;

on_every_database!(
    a_bad_row_keeps_everything_out,
    a_lenient_import_loads_the_good_rows,
    the_exit_status_says_what_was_loaded,
);

const BAD_DEALS: &str = "\
id,owner,status,amount,created,closed\n\
a,Ann,won,10.50,2023-01-01,2023-02-01\n\
b,Anne,won,1.005,2023-02-30,2023-02-01\n\
,Ann,open,1,2023-01-01,\n\
a,Bob,open,2,2023-01-01,\n\
c,Bob,won,\"1,00\",2023-01-01,2023-03-01\n\
d,Bob,maybe,1,2023-01-01,\n\
e,Bob,lost,1,2023-01-01,\n\
\n\
f,Bob,open,1,2023-01-01\n\
g,\"Bob\",\"open\",\"1,000\",2023-01-01,2023-12-31\n\
h,Bob,open,99999999999999999999,0203-01-01,\n";

const PROBLEMS: &[&str] = &[
    r#"deals.csv:10: 5 fields, but the header has 6"#,
    r#"deals.csv:3: column "owner", value "Anne": no row of reps has this name: did you mean "Ann"?"#,
    r#"deals.csv:3: column "amount", value "1.005": amount: too many decimals: USD has 2"#,
    r#"deals.csv:3: column "created", value "2023-02-30": created_at: not a date in the format iso"#,
    r#"deals.csv:4: column "id", value "": opportunities.id must be set"#,
    r#"deals.csv:5: column "id", value "a": the id of this row is that of deals.csv:2 already"#,
    r#"deals.csv:6: column "amount", value "1,00": amount: not a number: expected the form 1,234.50"#,
    r#"deals.csv:7: column "status", value "maybe": status: must be one of open, won, lost: the mapping can say which with `words`"#,
    r#"deals.csv:8: column "closed", value "": a deal that is lost needs closed_at"#,
    r#"deals.csv:12: column "amount", value "99999999999999999999": amount: the amount is too large"#,
    r#"deals.csv:12: column "created", value "0203-01-01": created_at: the year 203 is not between 1900 and 2200"#,
];

fn shown(bad: &crm_kpi::import::BadRows) -> Vec<String> {
    bad.shown.iter().map(ToString::to_string).collect()
}

async fn a_bad_row_keeps_everything_out(kind: Kind) {
    let mut case = Case::new(kind, DEALS, &[("reps.csv", REPS_CSV), ("deals.csv", BAD_DEALS)]).await;
    let error = case.import().await.unwrap_err();
    let ImportError::BadRows(bad) = &error else { panic!("{error}") };
    assert_eq!(shown(bad), PROBLEMS);
    assert_eq!((bad.rows, bad.problems), (8, 11));
    assert!(everything(case.db()).await.is_empty());

    case.shown_problems = 2;
    let text = case.import().await.unwrap_err().to_string();
    assert!(text.contains("\n… and 9 more\nbad rows: 8\nnothing was loaded"), "{text}");

    case.write("reps.csv", b"id,name\n1,Ann\n2,\xFFBob\n3,\n");
    let error = case.import().await.unwrap_err().to_string();
    assert!(error.starts_with("reps.csv:3: column \"name\", value \"\u{fffd}Bob\": not UTF-8"), "{error}");
}

async fn a_lenient_import_loads_the_good_rows(kind: Kind) {
    let mut case = Case::new(kind, DEALS, &[("reps.csv", REPS_CSV), ("deals.csv", BAD_DEALS)]).await;
    case.lenient = true;
    let summary = case.import().await.unwrap();
    assert_eq!(shown(&summary.bad), PROBLEMS);
    assert_eq!(summary.tables, [("reps", 2), ("opportunities", 2)]);
    let deals = crm::opportunities::Entity::find().all(case.db()).await.unwrap();
    let mut deals: Vec<_> = deals.iter().map(|deal| (deal.id.as_str(), deal.amount_minor, deal.closed_at)).collect();
    deals.sort();
    assert_eq!(deals, [("a", Some(1050), at("2023-02-01T00:00:00Z")), ("g", Some(100_000), None)]);

    case.write("reps.csv", "id,name\n1,Ann\n,Bob\n");
    case.write("deals.csv", "id,owner,status,amount,created,closed\na,Bob,open,,,\n");
    let problems = shown(&case.import().await.unwrap().bad);
    assert_eq!(
        problems,
        [r#"reps.csv:3: column "id", value "": reps.id must be set"#.to_owned(),],
        "Bob is in the database"
    );
}

async fn the_exit_status_says_what_was_loaded(kind: Kind) {
    let case = Case::new(kind, DEALS, &[("reps.csv", REPS_CSV), ("deals.csv", BAD_DEALS)]).await;
    let run = async |lenient: bool| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
        command.args(["import", "--database", &case.database.url, "--show", "1", "--mapping"]);
        command.arg(case.folder.path().join("mapping.toml")).arg(case.folder.path());
        command.args(lenient.then_some("--lenient"));
        let output = command.output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (status, message) = run(false).await;
    assert_eq!(status, Some(1), "{message}");
    assert!(message.contains("nothing was loaded"), "{message}");
    assert_eq!(crm::opportunities::Entity::find().all(case.db()).await.unwrap(), []);
    assert_eq!(run(true).await.0, Some(3));
    case.write("deals.csv", "id,owner,status,amount,created,closed\n");
    assert_eq!(run(true).await.0, Some(0));
}

#[tokio::test]
async fn rows_that_are_mentioned_twice_must_agree() {
    let mapping = "[[teams]]\nfile = \"teams.csv\"\ndistinct = true\ncolumns = { id = \"id\", name = \"name\" }\n";
    let case = Case::new(Kind::Sqlite, mapping, &[("teams.csv", "id,name\n1,A\n1,A\n,B\n1,C\n")]).await;
    let error = case.import().await.unwrap_err().to_string();
    assert!(
        error.starts_with(
            r#"teams.csv:5: column "id", value "1": the id of this row is that of teams.csv:2, but its name differs"#
        ),
        "{error}"
    );
    assert!(error.contains("bad rows: 1"), "{error}");
}

#[tokio::test]
async fn a_date_that_is_replaced_by_nothing_is_missing() {
    let mapping = DEALS.replace("\"closed\"", "{ column = \"closed\", replace = { \"0000-00-00\" = \"\" } }");
    let deals = "id,owner,status,amount,created,closed\na,Ann,won,1,,0000-00-00\nb,Ann,open,1,,0000-00-00\n";
    let case = Case::new(Kind::Sqlite, &mapping, &[("reps.csv", REPS_CSV), ("deals.csv", deals)]).await;
    let error = case.import().await.unwrap_err().to_string();
    let expected = r#"deals.csv:2: column "closed", value "0000-00-00": a deal that is won needs closed_at"#;
    assert!(error.starts_with(expected) && error.contains("bad rows: 1"), "{error}");
}

#[tokio::test]
async fn a_bad_row_that_others_name_is_reported_once_unless_the_others_would_be_loaded() {
    let reps = "id,name\n1,Ann\n,Cid\n";
    let deals = "id,owner,status,amount,created,closed\na,Cid,open,1,,\nb,Ann,open,1,,\n";
    let mut case = Case::new(Kind::Sqlite, DEALS, &[("reps.csv", reps), ("deals.csv", deals)]).await;
    let error = case.import().await.unwrap_err().to_string();
    assert!(error.starts_with("reps.csv:3: ") && error.contains("bad rows: 1"), "{error}");

    case.lenient = true;
    let summary = case.import().await.unwrap();
    let expected = r#"deals.csv:2: column "owner", value "Cid": the row of reps that this names is bad"#;
    assert_eq!(shown(&summary.bad)[1..], [expected]);
    assert_eq!(summary.rows("opportunities"), 1);
}

#[tokio::test]
async fn nothing_is_deleted_from_a_table_with_bad_rows() {
    let mapping = DEALS.replace("file = \"reps.csv\"", "file = \"reps.csv\"\nmissing = \"delete\"");
    let deals = "id,owner,status,amount,created,closed\n";
    let mut case = Case::new(Kind::Sqlite, &mapping, &[("reps.csv", REPS_CSV), ("deals.csv", deals)]).await;
    case.import().await.unwrap();
    case.lenient = true;
    case.write("reps.csv", "id,name\n1\n");
    let summary = case.import().await.unwrap();
    assert_eq!(summary.notes, ["reps has bad rows: what its files miss was not deleted"]);
    assert_eq!(everything(case.db()).await.len(), 2);
    case.write("reps.csv", "id,name\n1,Ann\n");
    case.import().await.unwrap();
    assert_eq!(everything(case.db()).await.len(), 1);
}
