//! Numbers as they are written around the world, and worked out from columns.

use super::{Case, complaints, deals, orders};
use crate::support::{Kind, on_every_database};

on_every_database!(
    numbers_are_read_as_countries_write_them,
    amounts_are_worked_out_from_columns,
    calculations_that_fail_are_told,
);

async fn numbers_are_read_as_countries_write_them(kind: Kind) {
    let mapping = r#"
[defaults]
delimiter = ";"
currency = "IRR"
[files."de.csv"]
decimal_point = ","
currency = "EUR"
[files."ch.csv"]
group_separator = "'"
currency = "CHF"
[files."in.csv"]
currency = "INR"
"#;
    let section = |file: &str| {
        format!(
            "[[opportunities]]\nfile = \"{file}.csv\"\n\
             columns = {{ id = \"id\", status = {{ text = \"open\" }}, amount = {{ column = \"amount\" }} }}\n"
        )
    };
    let files = ["de", "ch", "in", "ir"];
    let mapping = format!("{mapping}{}", files.map(section).concat());
    let case = Case::new(
        kind,
        &mapping,
        &[
            ("de.csv", "id;amount\nde-1;1.234,50 €\nde-2;-12,5\nde-3;1.234,50-\n"),
            ("ch.csv", "id;amount\nch-1;1'234'567.50\nch-2;CHF 1’234\n"),
            ("in.csv", "id;amount\nin-1;₹1,23,45,678.90\nin-2;12,345\n"),
            ("ir.csv", "id;amount\nir-1;۱٬۲۳۴٬۵۶۷٫۵\nir-2;\u{200e}−٧٥٠\nir-3;1,000\n"),
        ],
    )
    .await;
    case.import().await.unwrap();
    let amounts: Vec<_> = deals(&case).await.into_iter().map(|deal| (deal.id, deal.amount_minor.unwrap())).collect();
    let amounts: Vec<_> = amounts.iter().map(|(id, amount)| (id.as_str(), *amount)).collect();
    assert_eq!(
        amounts,
        [
            ("ch-1", 123_456_750),
            ("ch-2", 123_400),
            ("de-1", 123_450),
            ("de-2", -1250),
            ("de-3", -123_450),
            ("in-1", 1_234_567_890),
            ("in-2", 1_234_500),
            ("ir-1", 123_456_750),
            ("ir-2", -75_000),
            ("ir-3", 100_000),
        ]
    );
}

const ORDERS: &str = r#"
[defaults]
currency = "EUR"
[[orders]]
file = "lines.csv"
[orders.columns]
id = "Line"
ordered_at = "Day"
amount = { number = "{Quantity} * {Unit price} * (1 - default({Discount}, 0))", round = true }
"#;

async fn amounts_are_worked_out_from_columns(kind: Kind) {
    // 3 × 12.50 × 0.9 = 33.75; 1 × 0.333 × 1 = 0.333; 7 × 1,000 × 0.875 = 6,125; 0.5 × 0.05 = 0.025.
    let lines = "Line,Day,Quantity,Unit price,Discount\n1,2024-01-01,3,€12.50,10 %\n2,2024-01-01,1,0.333,\n\
                 3,2024-01-01,7,\"1,000\",0.125\n4,2024-01-01,0.5,0.05,0\n";
    let case = Case::new(kind, ORDERS, &[("lines.csv", lines)]).await;
    case.import().await.unwrap();
    let amounts: Vec<_> = orders(&case).await.iter().map(|order| order.amount_minor).collect();
    assert_eq!(amounts, [3375, 33, 612_500, 2], "half to even");

    let mapping =
        ORDERS.replace("round = true", "scale = \"thousands\"").replace("* (1 - default({Discount}, 0))", "/ 8");
    let case =
        Case::new(kind, &mapping, &[("lines.csv", "Line,Day,Quantity,Unit price,Discount\n1,2024-01-01,1,1,\n")]).await;
    case.import().await.unwrap();
    assert_eq!(orders(&case).await[0].amount_minor, 12_500, "0.125 thousands");

    let bands = r#"
[[accounts]]
file = "a.csv"
columns = { id = "id", name = "id", segment = { number = "{staff} + default({agents}, 0)", bands = [{ below = 10, text = "small" }, { text = "large" }] } }
"#;
    let case = Case::new(kind, bands, &[("a.csv", "id,staff,agents\n1,4,5\n2,4,6\n3,,7\n")]).await;
    case.import().await.unwrap();
    use sea_orm::EntityTrait;
    let accounts = crm_kpi::crm::accounts::Entity::find().all(case.db()).await.unwrap();
    let mut segments: Vec<_> = accounts.iter().map(|row| (row.id.as_str(), row.segment.as_deref())).collect();
    segments.sort_unstable();
    assert_eq!(
        segments,
        [("1", Some("small")), ("2", Some("large")), ("3", None)],
        "nothing where all that counts is empty"
    );
}

async fn calculations_that_fail_are_told(kind: Kind) {
    let mapping = ORDERS.replace("* (1 - default({Discount}, 0))", "/ {Discount}").replace(", round = true", "");
    let lines = "Line,Day,Quantity,Unit price,Discount\n1,2024-01-01,3,,1\n2,2024-01-01,3,2,0\n3,2024-01-01,1,1,3\n\
                 4,2024-01-01,many,2,1\n5,2024-01-01,,,\n6,2024-01-01,99999999999999999999,99999999999999999999,1\n";
    let case = Case::new(kind, &mapping, &[("lines.csv", lines)]).await;
    assert_eq!(
        complaints(&case).await,
        [
            r#"lines.csv:2: column "Unit price", value "": amount: is empty: where that means a number, write default({…}, 0) in the mapping"#,
            r#"lines.csv:3: value "3 * 2 / 0": amount: divides by 0"#,
            r#"lines.csv:4: value "1 * 1 / 3": amount: comes to about 0.333333: wrap it in round(…, 2), or set round = true for money"#,
            r#"lines.csv:5: column "Quantity", value "many": amount: not a number: expected the form 1,234.50"#,
            r#"lines.csv:6: value "": orders.amount must be set"#,
            r#"lines.csv:7: value "99999999999999999999 * 99999999999999999999 / 1": amount: the number is too large"#,
        ]
    );
    for (from, to, expected) in [
        (
            "{Quantity} *",
            "{Quantty} *",
            "amount.number: lines.csv has no column \"Quantty\": did you mean \"Quantity\"?",
        ),
        ("{Quantity} *", "{Quantity} **", "amount.number: has \"* {Unit price}"),
        ("ordered_at = \"Day\"", "ordered_at = { number = \"{Quantity}\" }", "ordered_at.number: produces a number"),
        ("number =", "text = \"x\", number =", "amount: must have one of `column`, `text` and `number`"),
    ] {
        case.write("mapping.toml", ORDERS.replace(from, to));
        let said = complaints(&case).await;
        assert!(said.len() == 1 && said[0].starts_with(&format!("orders[1].columns.{expected}")), "{said:?}");
    }
}
