//! Several lines that make one row.

use super::{Case, complaints, orders};
use crate::import::at;
use crate::support::{Kind, on_every_database};

on_every_database!(lines_of_an_order_are_one_order, lines_that_disagree_are_told, a_record_with_a_bad_line_is_left_out);

const MAPPING: &str = r#"
[defaults]
currency = "EUR"
[[orders]]
file = "lines.csv"
merge = true
[orders.columns]
id = "Order"
account_id = "Customer"
product_id = { column = "Article", take = "first" }
rep_id = { column = "Rep", take = "last" }
amount = { number = "{Quantity} * {Price}", take = "sum" }
ordered_at = { column = "Day", take = "min" }
"#;

const LINES: &str = "\
Order,Customer,Article,Rep,Quantity,Price,Day\n\
o1,x,a,ann,2,10.50,2024-01-02\n\
o2,y,b,,1,5,2024-01-05\n\
o1,x,b,bob,1,4,2024-01-01\n\
o1,x,c,,3,0.25,2024-01-03\n";

async fn lines_of_an_order_are_one_order(kind: Kind) {
    let case = Case::new(kind, MAPPING, &[("lines.csv", LINES)]).await;
    let summary = case.import().await.unwrap();
    assert_eq!(summary.rows("orders"), 2);
    let orders = orders(&case).await;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    // 2 × 10.50 + 1 × 4 + 3 × 0.25 = 25.75.
    let first = &orders[0];
    assert_eq!((first.amount_minor, text(&first.product_id), text(&first.rep_id)), (2575, "a".into(), "bob".into()));
    assert_eq!((Some(first.ordered_at), text(&first.account_id)), (at("2024-01-01T00:00:00Z"), "x".into()));
    assert_eq!((orders[1].amount_minor, text(&orders[1].rep_id)), (500, String::new()));

    let products = r#"
[[stages]]
file = "stages.csv"
merge = true
[stages.columns]
id = "id"
name = "name"
position = { column = "id", take = "count" }
probability = { column = "p", take = "max" }
expected_days = { column = "days", take = "sum" }
"#;
    let case =
        Case::new(kind, products, &[("stages.csv", "id,name,p,days\n1,A,10,3\n1,A,30.5,\n1,A,,4\n2,B,1,\n")]).await;
    case.import().await.unwrap();
    use sea_orm::EntityTrait;
    let mut stages = crm_kpi::crm::stages::Entity::find().all(case.db()).await.unwrap();
    stages.sort_by(|one, next| one.id.cmp(&next.id));
    let stages: Vec<_> = stages.iter().map(|row| (row.position, row.probability_bp, row.expected_days)).collect();
    assert_eq!(stages, [(3, 3050, Some(7)), (1, 100, None)]);
}

async fn lines_that_disagree_are_told(kind: Kind) {
    let case = Case::new(kind, MAPPING, &[("lines.csv", &LINES.replace("o1,x,c", "o1,z,c"))]).await;
    assert_eq!(
        complaints(&case).await,
        [
            r#"lines.csv:5: column "Order", value "o1": the id of this row is that of lines.csv:2, but its account_id differs: `take` can say which of them counts"#
        ]
    );
    case.write(
        "lines.csv",
        "Order,Customer,Article,Rep,Quantity,Price,Day\no1,x,a,,,,2024-01-01\no1,x,a,,,,2024-01-01\n",
    );
    assert_eq!(complaints(&case).await, ["lines.csv:2: orders.amount must be set"]);
    case.write("lines.csv", "Order,Customer,Article,Rep,Quantity,Price,Day\n,x,a,,1,1,2024-01-01\n");
    assert_eq!(complaints(&case).await, [r#"lines.csv:2: column "Order", value "": orders.id must be set"#]);
    let huge = "Order,Customer,Article,Rep,Quantity,Price,Day\no1,x,a,,1,92233720368547758,2024-01-01\no1,x,a,,1,92233720368547758,2024-01-01\n";
    case.write("lines.csv", huge);
    assert_eq!(complaints(&case).await, [r#"lines.csv:3: column "Order", value "o1": amount: the sum is too large"#]);
    for (from, to, expected) in [
        (
            "merge = true",
            "",
            "orders[1].columns.amount.take: has no effect where every line makes a row: set `merge = true`",
        ),
        ("merge = true", "merge = true\ndistinct = true", "orders[1]: `merge` and `distinct` cannot be used together"),
        ("take = \"last\"", "take = \"sum\"", "orders[1].columns.rep_id.take: rep_id cannot be counted like this"),
        (
            "take = \"min\"",
            "take = \"sum\"",
            "orders[1].columns.ordered_at.take: ordered_at cannot be counted like this",
        ),
        (
            "\"Order\"",
            "{ column = \"Order\", take = \"last\" }",
            "orders[1].columns.id.take: the lines of a row have the same key",
        ),
    ] {
        case.write("mapping.toml", MAPPING.replace(from, to));
        let said = complaints(&case).await;
        assert!(said.iter().any(|line| line.starts_with(expected)), "{said:?}");
    }
}

async fn a_record_with_a_bad_line_is_left_out(kind: Kind) {
    for lines in [LINES.replace("o1,x,c,,3", "o1,x,c,,three"), LINES.replace("o1,x,a,ann,2", "o1,x,a,ann,two")] {
        let mut case = Case::new(kind, MAPPING, &[("lines.csv", &lines)]).await;
        case.lenient = true;
        let summary = case.import().await.unwrap();
        assert_eq!((summary.bad.rows, summary.rows("orders")), (1, 1));
        assert_eq!(orders(&case).await.iter().map(|order| order.id.as_str()).collect::<Vec<_>>(), ["o2"]);
    }
}
