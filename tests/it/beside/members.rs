//! Targets by a member of a dimension: of a product, of a segment.

use super::targets::{QUARTER, aimed, ask};
use super::{lines, run};
use crate::support::{Kind, TestDatabase, TestServer, any_of, on_every_database};
use crm_kpi::proto::{Grain, KpiQuery};

on_every_database!(targets_are_for_members);

/// Orders of 30, 30 and 40; the company's target of 200 for everything and 120 for p, and those of reps for p: a's 60, b's 40.
async fn targets_are_for_members(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    run(db, "INSERT INTO teams (id, name) VALUES ('t', 'T')").await;
    run(db, "INSERT INTO reps (id, name, team_id) VALUES ('a', 'A', 't'), ('b', 'B', 't')").await;
    let columns = "id, rep_id, product_id, account_id, kind, amount_minor, currency, ordered_at, by_subscriber";
    for (id, rep, product, minor) in [("1", "a", "p", 30_00), ("2", "b", "p", 30_00), ("3", "b", "q", 40_00)] {
        let values =
            format!("'{id}', '{rep}', '{product}', 'x', 'new', {minor}, 'USD', '2024-01-10T00:00:00+00:00', false");
        run(db, &format!("INSERT INTO orders ({columns}) VALUES ({values})")).await;
    }
    let columns = "id, kpi_id, rep_id, team_id, dimension, member, first_date, last_date, value, currency";
    for (id, rep, team, member, value) in [
        ("1", "NULL", "NULL", "NULL, NULL", 200),
        ("2", "NULL", "NULL", "'product', 'p'", 120),
        ("3", "'a'", "NULL", "'product', 'p'", 60),
        ("4", "'b'", "NULL", "'product', 'p'", 40),
        ("5", "NULL", "'t'", "'product', 'p'", 80),
        ("6", "NULL", "NULL", "'segment', NULL", 50),
        ("7", "'b'", "NULL", "'', NULL", 35),
    ] {
        let days = QUARTER.map(|day| format!("'{day}'")).join(", ");
        let values = format!("'{id}', 'total_sales', {rep}, {team}, {member}, {days}, '{value}', 'USD'");
        run(db, &format!("INSERT INTO targets ({columns}) VALUES ({values})")).await;
    }
    let ask = |by: &[&str]| ask(&["total_sales"], QUARTER, Grain::Unspecified, by);
    let of = |by: &[&str], dimension: &str, ids: &[&str]| {
        let filters = vec![any_of(dimension, ids)];
        KpiQuery { filters, ..ask(by) }
    };
    let all = "0 100.00|200.00|0.500000|35.00|2.857143";
    let of_p = "60.00|120.00|0.500000|100.00|0.600000";
    let p = format!("0 p {of_p}");
    let in_p = format!("0 {of_p}");
    let team = "60.00|80.00|0.750000|100.00|0.600000";
    for (query, rows, total) in [
        (ask(&["product"]), vec![p.as_str(), "0 q 40.00|-|-|-|-"], all),
        (of(&["product"], "product", &["p"]), vec![&p], in_p.as_str()),
        (of(&["product"], "product", &["p", "q"]), vec![&p, "0 q 40.00|-|-|-|-"], "0 100.00|-|-|-|-"),
        (of(&[], "product", &["p"]), vec![&in_p], &in_p),
        (of(&["rep"], "product", &["p"]), vec!["0 a 30.00|60.00|0.500000|-|-", "0 b 30.00|40.00|0.750000|-|-"], &in_p),
        (
            ask(&["rep", "product"]),
            vec!["0 a p 30.00|60.00|0.500000|-|-", "0 b p 30.00|40.00|0.750000|-|-", "0 b q 40.00|-|-|-|-"],
            all,
        ),
        (ask(&["product", "team"]), vec![&format!("0 p t {team}"), "0 q t 40.00|-|-|-|-"], all),
        (of(&["product"], "rep", &["a"]), vec!["0 p 30.00|60.00|0.500000|60.00|0.500000"], "0 30.00|-|-|-|-"),
        (
            of(&["product"], "team", &["t"]),
            vec![&format!("0 p {team}"), "0 q 40.00|-|-|-|-"],
            "0 100.00|-|-|35.00|2.857143",
        ),
        // What has no segment.
        (ask(&["segment"]), vec!["0  100.00|50.00|2.000000|-|-"], all),
        (ask(&["rep"]), vec!["0 a 30.00|-|-|-|-", "0 b 70.00|35.00|2.000000|-|-"], all),
    ] {
        let answer = server.query(query.clone()).await;
        assert_eq!(lines(&answer.rows, aimed), rows, "{query:?}");
        assert_eq!(lines(&answer.totals, aimed), [total], "{query:?}");
        if query.group_by.first().is_some_and(|by| by == "rep") {
            let streamed = server.stream(query, 2).await;
            assert_eq!((streamed.rows(), streamed.totals()), (answer.rows, answer.totals));
        }
    }
}
