//! Cells that nobody means.

use super::{Case, deals, orders};
use crate::support::{Kind, on_every_database};

on_every_database!(no_cell_ends_an_import_in_a_panic);

const MAPPING: &str = r#"
[defaults]
currency = "IRR"
time_zone = "Asia/Tehran"
date_formats = ["iso", "solar_hijri", "excel", "unix_milliseconds", "%d.%m.%Y %H:%M %Z", "%s"]
[[stages]]
file = "cells.csv"
[stages.columns]
id = { text = "{Id}" }
name = { text = "x{Cell}" }
position = { column = "Cell", round = true }
probability = { number = "{Cell} * {Cell} / {Cell}", round = true }
expected_days = { number = "round(default({Cell}, 1) / 3, 0)" }
[[opportunities]]
file = "cells.csv"
skip_when = [{ column = "Cell", above = 0, below = "1.5" }]
[opportunities.columns]
id = { text = "{Id}" }
status = { column = "Cell", words = { won = "۱", open = ["", "0"] }, otherwise = "lost" }
amount = { column = "Cell", scale = "millions", round = true }
created_at = { column = "Cell", add = ["{Cell} months", "{Cell} hours"], end_of = "quarter" }
closed_at = { column = "Cell", start_of = "year" }
[[orders]]
file = "cells.csv"
merge = true
delete_when = [{ column = "Cell", from = "2024-01-01", until = "2024-12-31" }]
[orders.columns]
id = { text = "one" }
amount = { number = "-{Cell} * 99999999999999999", take = "sum" }
ordered_at = { text = "2024-01-01", add = "{Cell} years" }
[[exchange_rates]]
file = "cells.csv"
columns = { currency = { text = "EUR" }, quote_currency = "Cell", valid_from = { column = "Cell", add = "{Cell} weeks" }, rate = "Cell" }
"#;

async fn no_cell_ends_an_import_in_a_panic(kind: Kind) {
    let long = "9".repeat(5_000);
    let cells = [
        "",
        "-",
        "+",
        ".",
        ",",
        "()",
        "(-1)",
        "1",
        "۱",
        "٪",
        "%",
        "1e999999999",
        "NaN",
        "inf",
        "-0",
        "0.00000000000000000000000000001",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "79228162514264337593543950335",
        "-79228162514264337593543950336",
        "1900-01-01",
        "2200-12-31",
        "9999-12-31T23:59:59Z",
        "10000-01-01",
        "0000-00-00",
        "2024-02-30T25:61:61Z",
        "-262143-01-01",
        "1402/12/30",
        "1402/13/41",
        "2999/12/30",
        "60",
        "2958465",
        "2958466",
        "253402300800000",
        "31.12.9999 23:59 Pacific/Kiritimati",
        "01.01.1900 00:00 EST",
        "\u{202e}\u{200f}",
        "🦀",
        "ﷺ",
        "a\u{301}",
        "2024-03-31 02:30",
        "{Cell}",
        "\\",
        "'",
        "=1+1",
        long.as_str(),
    ];
    // Every cell twice, so that lines are merged, and with its number, so that a problem can be found.
    let lines = (1..).zip(cells).map(|(id, cell)| format!("{id}a,\"{cell}\"\n{id}b,\"{cell}\"\n"));
    let mut case = Case::new(kind, MAPPING, &[("cells.csv", &format!("Id,Cell\n{}", lines.collect::<String>()))]).await;
    case.lenient = true;
    let summary = case.import().await.unwrap();
    assert!(summary.bad.rows > 60, "{summary}");
    assert_eq!(summary.rows("opportunities"), deals(&case).await.len());
    assert_eq!(summary.rows("orders"), orders(&case).await.len());
}
