//! Dates and times as programs write them.

use super::{Case, complaints, deals};
use crate::import::at;
use crate::support::{Kind, on_every_database};

on_every_database!(dates_are_read_as_programs_write_them, dates_are_shifted, bad_dates_are_told);

fn mapping(options: &str) -> String {
    format!(
        "[[opportunities]]\nfile = \"deals.csv\"\n[opportunities.columns]\nid = \"id\"\nstatus = {{ text = \"open\" }}\n\
         created_at = {{ column = \"at\", {options} }}\n"
    )
}

/// The instants that lines `id,at` with these cells are read as.
async fn read(kind: Kind, options: &str, cells: &[&str]) -> Vec<String> {
    let lines = (1..).zip(cells).map(|(number, cell)| format!("{number:02};{cell}\n"));
    let file = format!("id;at\n{}", lines.collect::<String>());
    let mapping = format!("[defaults]\ndelimiter = \";\"\n{}", mapping(options));
    let case = Case::new(kind, &mapping, &[("deals.csv", &file)]).await;
    case.import().await.unwrap();
    let read = deals(&case).await.into_iter().map(|deal| {
        let at = deal.created_at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        at.unwrap_or_default()
    });
    read.collect()
}

async fn dates_are_read_as_programs_write_them(kind: Kind) {
    let iso = [
        "2024-01-22T16:14:25.000+0000",
        "2024-01-22 16:14:25 UTC",
        "2024-01-22 16:14:25.5 GMT",
        "2024-01-22T16:14Z",
        "2024-01-22T17:14",
        "۲۰۲۴-۰۱-۲۲",
    ];
    assert_eq!(
        read(kind, "precision = \"instant\", time_zone = \"Europe/Berlin\"", &iso).await,
        [
            "2024-01-22T16:14:25Z",
            "2024-01-22T16:14:25Z",
            "2024-01-22T16:14:25.500Z",
            "2024-01-22T16:14:00Z",
            "2024-01-22T16:14:00Z",
            "2024-01-21T23:00:00Z",
        ]
    );
    let zones =
        ["22.01.2024 16:14 UTC", "22.01.2024 17:14 CET", "22.01.2024 11:14 EST", "22.01.2024 19:44 Asia/Tehran"];
    let at = "2024-01-22T16:14:00Z";
    assert_eq!(read(kind, "date_formats = [\"%d.%m.%Y %H:%M %Z\"]", &zones).await, [at; 4]);
    let mut excel = read(
        kind,
        "date_formats = [\"excel\"], precision = \"instant\", time_zone = \"Europe/Berlin\"",
        &["45352", "45352,75"],
    )
    .await;
    excel.extend(read(kind, "date_formats = [\"excel_1904\"]", &["43890.5"]).await);
    assert_eq!(excel, ["2024-02-29T23:00:00Z", "2024-03-01T17:00:00Z", "2024-03-01T12:00:00Z"]);
    let persian = read(
        kind,
        "date_formats = [\"solar_hijri\", \"solar_hijri %d.%m.%Y\"], precision = \"instant\", time_zone = \"Asia/Tehran\"",
        &["۱۴۰۲/۱۲/۱۱", "1402-12-11 15:30", "١١.١٢.١٤٠٢", "1403/12/30"],
    );
    assert_eq!(
        persian.await,
        ["2024-02-29T20:30:00Z", "2024-03-01T12:00:00Z", "2024-02-29T20:30:00Z", "2025-03-19T20:30:00Z"]
    );
}

async fn dates_are_shifted(kind: Kind) {
    let berlin = "precision = \"instant\", time_zone = \"Europe/Berlin\"";
    assert_eq!(
        read(kind, &format!("{berlin}, end_of = \"day\""), &["2024-03-31"]).await,
        ["2024-03-31T21:59:59.999999Z"]
    );
    let end_of_month = "precision = \"instant\", end_of = \"month\"";
    assert_eq!(read(kind, end_of_month, &["2024-02-10", ""]).await, ["2024-02-29T23:59:59.999999Z", ""]);
    // A day stays a day, whatever the time zone.
    let last_day = "time_zone = \"Europe/Berlin\", end_of = \"month\"";
    assert_eq!(read(kind, last_day, &["2024-02-10"]).await, ["2024-02-29T00:00:00Z"]);
    assert_eq!(read(kind, "add = \"1 day\"", &["2024-02-29"]).await, ["2024-03-01T00:00:00Z"]);
    let mapping = mapping("add = [\"{term} months\", \"-1 day\"], end_of = \"day\", precision = \"instant\"");
    let file = "id,at,term\n1,2024-01-31,1\n2,2024-01-31,12\n3,2024-01-31,\n4,,6\n5,2024-03-31,-1\n";
    let case = Case::new(kind, &mapping, &[("deals.csv", file)]).await;
    case.import().await.unwrap();
    let ends: Vec<_> = deals(&case).await.iter().map(|deal| deal.created_at).collect();
    let end = |day: &str| at(&format!("{day}T23:59:59.999999Z"));
    assert_eq!(ends, [end("2024-02-28"), end("2025-01-30"), None, None, end("2024-02-28")]);
}

async fn bad_dates_are_told(kind: Kind) {
    let file = "id,at,term\n1,2024-02-30,1\n2,1402-12-11,1\n3,2024-01-31,x\n4,2024-01-31,1.5\n5,2024-01-01,999999\n";
    let case = Case::new(kind, &mapping("add = \"{term} months\""), &[("deals.csv", file)]).await;
    assert_eq!(
        complaints(&case).await,
        [
            r#"deals.csv:2: column "at", value "2024-02-30": created_at: not a date in the format iso"#,
            r#"deals.csv:3: column "at", value "1402-12-11": created_at: the year 1402 is not between 1900 and 2200: dates of the Solar Hijri calendar are read with the format solar_hijri"#,
            r#"deals.csv:4: column "term", value "x": created_at: not a number: expected the form 1,234.50"#,
            r#"deals.csv:5: column "term", value "1.5": created_at: not a whole number"#,
            r#"deals.csv:6: column "at", value "2024-01-01": created_at: the duration is too long"#,
        ]
    );
    for (options, expected) in [
        ("date_formats = [\"%Y-%m-%dT%H:%M:%SZ\"]", "created_at.date_formats: \"%Y-%m-%dT%H:%M:%SZ\" skips the zone"),
        ("add = \"{terms} months\"", "created_at.add: deals.csv has no column \"terms\": did you mean \"term\"?"),
        ("add = \"a year\"", "created_at.add: \"a year\" is not a duration: use one such as \"12 months\""),
        ("add = \"1 moon\"", "created_at.add: \"1 moon\" is not a duration"),
        ("start_of = \"day\", end_of = \"day\"", "created_at: `start_of` and `end_of` cannot be used together"),
    ] {
        case.write("mapping.toml", mapping(options));
        let said = complaints(&case).await;
        assert!(said.len() == 1 && said[0].starts_with(&format!("opportunities[1].columns.{expected}")), "{said:?}");
    }
    let zone = mapping("date_formats = [\"%Y-%m-%d %H:%M %Z\"]");
    case.write("mapping.toml", zone);
    case.write("deals.csv", "id,at,term\n1,2024-01-01 10:00 IST,\n2,2024-01-01 10:00 Berln,\n");
    let said = complaints(&case).await;
    assert!(
        said[0].contains("the time zone IST has several meanings") && said[1].contains("unknown time zone \"Berln\""),
        "{said:?}"
    );
}
