//! Every table and every column can be filled by a mapping.

use super::Case;
use crate::support::{Kind, on_every_database};
use crm_kpi::crm::{self, Column, Semantic, Table};
use sea_orm::{ConnectionTrait, Statement};
use std::fmt::Write;

on_every_database!(
    every_column_can_be_filled,
    children_are_counted_by_time_and_replaced_together,
    rows_may_look_up_tables_that_come_later,
);

/// What is always worked out from other rows.
const WORKED_OUT: [(&str, &str); 2] = [("accounts", "customer_since"), ("orders", "customer_order_number")];

fn columns(table: &'static Table) -> impl Iterator<Item = &'static Column> {
    table.columns.iter().filter(|column| !WORKED_OUT.contains(&(table.name, column.name)))
}

/// What is written in a file for a column, and what a database holds then, as text.
fn cell(table: &str, column: &Column, kind: Kind) -> (String, String) {
    let same = |text: &str| (text.to_owned(), text.to_owned());
    match (&column.kind, column.semantic) {
        (_, Semantic::Currency) => same(if column.name == "quote_currency" { "USD" } else { "EUR" }),
        (_, Semantic::Money) => ("\"1,234.56\"".into(), "123456".into()),
        (_, Semantic::BasisPoints) => ("12.5 %".into(), "1250".into()),
        (_, Semantic::Kpi) => same("total_sales"),
        (crm::Kind::Text, _) if (table, column.name) == ("targets", "dimension") => same("segment"),
        (crm::Kind::Text, _) => same(&format!("the {} of {table}", column.name)),
        (crm::Kind::Word(words), _) => same(words.last().unwrap()),
        (crm::Kind::Integer | crm::Kind::BigInteger, _) => same("7"),
        (crm::Kind::Decimal, _) => same("1.25"),
        (crm::Kind::Flag, _) => ("yes".into(), if kind == Kind::Postgres { "true" } else { "1" }.into()),
        (crm::Kind::Day, _) => same("2024-03-05"),
        (crm::Kind::Instant, _) => {
            let stored = match kind {
                Kind::Postgres => "2024-03-05 10:20:30+00",
                Kind::Sqlite => "2024-03-05T10:20:30+00:00",
            };
            ("2024-03-05 10:20:30".into(), stored.into())
        }
    }
}

async fn every_column_can_be_filled(kind: Kind) {
    let case = Case::new(kind, "", &[]).await;
    let mut mapping = String::new();
    for table in crm::tables() {
        let name = table.name;
        writeln!(mapping, "[[{name}]]\nfile = \"{name}.csv\"\n[{name}.columns]").unwrap();
        let (mut header, mut line) = (Vec::new(), Vec::new());
        for column in columns(table) {
            writeln!(mapping, "{} = \"C {}\"", column.field(), column.name).unwrap();
            header.push(format!("C {}", column.name));
            line.push(cell(name, column, kind).0);
        }
        case.write(&format!("{name}.csv"), format!("{}\n{}\n", header.join(","), line.join(",")));
    }
    case.write("mapping.toml", mapping);
    let summary = case.import().await.unwrap();
    assert_eq!(summary.tables.len(), 33);
    for table in crm::tables() {
        assert_eq!(summary.rows(table.name), 1, "{}", table.name);
        let expected: Vec<_> = columns(table).map(|column| Some(cell(table.name, column, kind).1)).collect();
        assert_eq!(stored(&case, table).await, [expected], "{}", table.name);
    }
}

/// What a table holds, as text, in the order of its columns.
async fn stored(case: &Case, table: &'static Table) -> Vec<Vec<Option<String>>> {
    let casts: Vec<_> = columns(table).map(|column| format!("CAST({} AS text)", column.name)).collect();
    let sql = format!("SELECT {} FROM {} ORDER BY 1, 2", casts.join(", "), table.name);
    let rows = case.db().query_all_raw(Statement::from_string(case.db().get_database_backend(), sql)).await.unwrap();
    let cells =
        |row: &sea_orm::QueryResult| (0..casts.len()).map(|place| row.try_get_by_index(place).unwrap()).collect();
    rows.iter().map(cells).collect()
}

async fn children_are_counted_by_time_and_replaced_together(kind: Kind) {
    let mapping = r#"
[[lead_stages]]
file = "history.csv"
columns = { lead_id = "Lead", status = "Status", entered_at = "From" }
"#;
    let history = "Lead,Status,From\na,qualified,2024-03-03\na,new,2024-03-01\na,contacted,2024-03-02\nb,new,\n";
    let case = Case::new(kind, mapping, &[("history.csv", history)]).await;
    case.import().await.unwrap();
    let table = crm::table("lead_stages").unwrap();
    let stays = async || {
        let rows = stored(&case, table).await;
        let short = |row: Vec<Option<String>>| row[..3].iter().flatten().cloned().collect::<Vec<_>>().join(" ");
        rows.into_iter().map(short).collect::<Vec<_>>()
    };
    assert_eq!(stays().await, ["a 1 new", "a 2 contacted", "a 3 qualified", "b 1 new"]);
    case.write("history.csv", "Lead,Status,From\na,qualified,2024-03-03\n");
    case.import().await.unwrap();
    assert_eq!(stays().await, ["a 1 qualified", "b 1 new"]);
}

/// Orders stand before campaigns in the schema, and campaigns name the orders' rep.
async fn rows_may_look_up_tables_that_come_later(kind: Kind) {
    let mapping = r#"
[defaults]
currency = "USD"
[[orders]]
file = "orders.csv"
columns = { id = "Id", amount = "Amount", ordered_at = "On", campaign_id = { column = "Campaign", lookup = "campaigns" } }
[[campaigns]]
file = "campaigns.csv"
columns = { id = "Id", name = "Name", starts_at = "On" }
"#;
    let files = [
        ("orders.csv", "Id,Amount,On,Campaign\n1,5,2024-03-01,Spring\n"),
        ("campaigns.csv", "Id,Name,On\nc-1,Spring,2024-01-01\n"),
    ];
    let case = Case::new(kind, mapping, &files).await;
    case.import().await.unwrap();
    let orders = stored(&case, crm::table("orders").unwrap()).await;
    assert!(orders[0].contains(&Some("c-1".into())), "{orders:?}");
}

#[tokio::test]
async fn what_is_always_worked_out_is_told() {
    let mapping = "[[accounts]]\nfile = \"a.csv\"\ncolumns = { id = \"id\", name = \"id\", customer_since = \"id\" }\n\
                   [[orders]]\nfile = \"a.csv\"\n\
                   columns = { id = \"id\", amount_minor = \"id\", ordered_at = \"id\", customer_order_number = \"id\" }\n";
    let case = Case::new(Kind::Sqlite, mapping, &[("a.csv", "id\n")]).await;
    let said = case.import().await.unwrap_err().to_string();
    for expected in [
        "accounts[1].columns.customer_since: is always computed from the start of the account's first tenure: leave it out",
        "orders[1].columns.customer_order_number: is always computed from the times of the account's orders: leave it out",
        "orders[1].columns.amount_minor: is written as the field \"amount\"",
        "orders[1]: orders need amount: say which column holds it",
        "orders[1]: the currency of orders is unknown",
    ] {
        assert!(said.contains(expected), "{said}\n---\nlacks: {expected}");
    }
}

#[tokio::test]
async fn lines_of_one_record_are_not_advised_to_be_left_out() {
    let mapping = "[[teams]]\nfile = \"teams.csv\"\ncolumns = { id = \"id\", name = \"name\" }\n";
    let case = Case::new(Kind::Sqlite, mapping, &[("teams.csv", "id,name\n1,A\n1,B\n")]).await;
    let said = case.import().await.unwrap_err().to_string();
    assert!(said.contains("the id of this row is that of teams.csv:2 already"), "{said}");
    assert!(said.contains("write merge = true in its section"), "{said}");
    assert!(said.contains("--lenient would load the first of the lines with the same key"), "{said}");
    case.write("teams.csv", "id,name\n1,A\n2,\n");
    let said = case.import().await.unwrap_err().to_string();
    assert!(said.ends_with("correct the rows, or load the good ones alone with --lenient"), "{said}");
}
