//! Files that begin and end with more than their rows.

use super::{Case, complaints, deals};
use crate::support::{Kind, on_every_database};

on_every_database!(the_header_is_found_and_the_total_left_out, a_file_fills_two_tables);

const REPORT: &str = "\
sep=;\r\n\
Deals of the \"North\";;\r\n\
printed;2024-05-02;by Ann\r\n\
\r\n\
Deal ID;Amount;State\r\n\
d-1;1.200,50;won\r\n\
;;\r\n\
d-2;800,00;open\r\n\
Grand total;2.000,50;\r\n\
Confidential\r\n";

const MAPPING: &str = r#"
[defaults]
currency = "EUR"
[files."deals.csv"]
header = ["Deal ID", "Amount"]
footer = ["grand total"]
decimal_point = ","
[[opportunities]]
file = "deals.csv"
[opportunities.columns]
id = "Deal ID"
amount = "Amount"
status = { column = "State", otherwise = "open" }
"#;

async fn the_header_is_found_and_the_total_left_out(kind: Kind) {
    let mut case = Case::new(kind, MAPPING, &[("deals.csv", REPORT)]).await;
    case.import().await.unwrap();
    let found = async |case: &Case| -> Vec<_> {
        deals(case).await.iter().map(|deal| (deal.id.clone(), deal.amount_minor.unwrap())).collect()
    };
    assert_eq!(found(&case).await, [("d-1".to_owned(), 120_050), ("d-2".to_owned(), 80_000)]);

    case.lenient = true;
    case.write("mapping.toml", MAPPING.replace("header = [\"Deal ID\", \"Amount\"]", "skip_lines = 3"));
    case.write("deals.csv", REPORT.replace("800,00", "900,00").replace("footer", ""));
    case.import().await.unwrap();
    assert_eq!(found(&case).await[1].1, 90_000, "the same rows, counted");

    case.lenient = false;
    case.write("mapping.toml", MAPPING.replace("footer = [\"grand total\"]\n", ""));
    let said = complaints(&case).await;
    assert_eq!(
        said,
        [
            "deals.csv:10: 1 fields, but the header has 3",
            "deals.csv:9: column \"State\", value \"\": opportunities.status must be set"
        ],
        "the total is a deal, as far as anybody knows"
    );
    case.write("mapping.toml", MAPPING.replace("\"Deal ID\", \"Amount\"", "\"Deal\""));
    let said = complaints(&case).await;
    assert_eq!(said, ["opportunities[1].file: no line of deals.csv has all of the columns in `header`: Deal"]);
    case.write("mapping.toml", MAPPING.replace("\"grand total\"", "\" - \""));
    assert!(complaints(&case).await[0].starts_with("files.\"deals.csv\".footer: must have letters"));
}

/// Lines of type order and renewal in one file, and one line of it that makes rows of two tables.
async fn a_file_fills_two_tables(kind: Kind) {
    let mapping = r#"
[defaults]
currency = "EUR"
[[opportunities]]
file = "book.csv"
when = [{ column = "Type", any_of = ["deal"] }]
columns = { id = "Key", status = { text = "won" }, amount = "Amount", closed_at = "Day" }
[[orders]]
file = "book.csv"
skip_when = [{ column = "Type", any_of = ["visit"] }, { column = "Amount", empty = true }]
[orders.columns]
id = "Key"
kind = { column = "Type", words = { new = "deal", renewal = ["renewal", "prolongation"] } }
amount = "Amount"
ordered_at = "Day"
"#;
    let book =
        "Type,Key,Amount,Day\ndeal,1,10,2024-01-01\nRenewal,2,20,2024-01-02\nvisit,3,,2024-01-03\ndeal,4,,2024-01-04\n";
    let case = Case::new(kind, mapping, &[("book.csv", book)]).await;
    case.import().await.unwrap();
    let deals: Vec<_> = deals(&case).await.into_iter().map(|deal| (deal.id, deal.amount_minor)).collect();
    assert_eq!(deals, [("1".into(), Some(1000)), ("4".into(), None)]);
    let orders = super::orders(&case).await;
    let orders: Vec<_> = orders.iter().map(|row| (row.id.as_str(), format!("{:?}", row.kind.unwrap()))).collect();
    assert_eq!(orders, [("1", "New".to_owned()), ("2", "Renewal".to_owned())]);
}
