use super::{lines, or_dash, order, over, rate, run};
use crate::engine::question;
use crate::support::{Kind, Refusal, TestDatabase, TestServer, any_of, on_every_database, pool};
use crm_kpi::catalog::Dimension;
use crm_kpi::engine::{Attainment, Engine, Filter, Question, Row, Test};
use crm_kpi::proto::{Grain, KpiQuery, KpiValue, NullReason, QueryKpisRequest};
use crm_kpi::scope::Scope;
use sea_orm::DatabaseConnection;

on_every_database!(
    targets_of_flows_add_up_over_the_buckets_they_cover,
    targets_of_ratios_and_stocks_are_the_last_in_the_bucket,
    team_and_company_targets_stand_beside_the_sum_of_their_reps,
    where_lower_is_better_less_is_more,
    targets_are_converted,
    a_scope_shows_no_targets_of_others,
    bad_text_in_the_tables_is_reported,
);

pub async fn target(db: &DatabaseConnection, id: &str, kpi: &str, owner: (&str, &str), days: [&str; 2], value: &str) {
    let text = |text: &str| if text.is_empty() { "NULL".to_owned() } else { format!("'{text}'") };
    let (rep, team) = (text(owner.0), text(owner.1));
    let (amount, currency) = value.split_once(' ').unwrap_or((value, ""));
    let [first, last] = days;
    let values = format!("'{id}', '{kpi}', {rep}, {team}, '{first}', '{last}', '{amount}', {}", text(currency));
    let columns = "id, kpi_id, rep_id, team_id, first_date, last_date, value, currency";
    run(db, &format!("INSERT INTO targets ({columns}) VALUES ({values})")).await;
}

/// Value, target and attainment, the reps' targets and attainment.
pub fn aimed(value: &KpiValue) -> String {
    let parts = [&value.value, &value.target, &value.attainment, &value.reps_target, &value.reps_attainment];
    parts.map(or_dash).join("|")
}

pub fn ask(kpis: &[&str], days: [&str; 2], grain: Grain, by: &[&str]) -> KpiQuery {
    let group_by = by.iter().map(|id| (*id).to_owned()).collect();
    KpiQuery { grain: grain.into(), include_targets: true, group_by, ..over(kpis, days[0], days[1]) }
}

pub const QUARTER: [&str; 2] = ["2024-01-01", "2024-03-31"];

/// January and February have targets of their own, March lacks its last day, and the quarter has one beside: it counts for
/// the quarter, which the months cover only in part; not for any month.
async fn targets_of_flows_add_up_over_the_buckets_they_cover(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 50_00, "USD", "2024-01-10T00:00:00").await;
    let rep = ("r", "");
    target(db, "1", "total_sales", rep, ["2024-01-01", "2024-01-15"], "40 USD").await;
    target(db, "2", "total_sales", rep, ["2024-01-16", "2024-01-31"], "60.50 USD").await;
    target(db, "3", "total_sales", rep, ["2024-02-01", "2024-02-29"], "0 USD").await;
    target(db, "4", "total_sales", rep, ["2024-03-01", "2024-03-30"], "80 USD").await;
    let months = ask(&["total_sales"], QUARTER, Grain::Month, &["rep"]);
    let expected = ["0 r 50.00|100.50|0.497512|-|-", "1 r 0.00|0.00|-|-|-", "2 r 0.00|-|-|-|-"];
    assert_eq!(lines(&server.query(months.clone()).await.rows, aimed), expected);
    let quarter = ask(&["total_sales"], QUARTER, Grain::Unspecified, &["rep"]);
    assert_eq!(lines(&server.query(quarter.clone()).await.rows, aimed), ["0 r 50.00|-|-|-|-"]);
    target(db, "5", "total_sales", rep, QUARTER, "250 USD").await;
    assert_eq!(lines(&server.query(quarter.clone()).await.rows, aimed), ["0 r 50.00|250.00|0.200000|-|-"]);
    assert_eq!(lines(&server.query(months.clone()).await.rows, aimed), expected);
    // With the day that March lacks there are two ways to make the quarter up: the one target counts, not both.
    target(db, "6", "total_sales", rep, ["2024-03-31", "2024-03-31"], "10 USD").await;
    assert_eq!(lines(&server.query(quarter).await.rows, aimed), ["0 r 50.00|250.00|0.200000|-|-"]);
    let answer = server.query(months.clone()).await;
    assert_eq!(lines(&answer.rows, aimed)[2], "2 r 0.00|90.00|0.000000|-|-");
    let total = "-1 50.00|-|-|250.00|0.200000";
    assert_eq!(lines(&answer.totals, aimed)[3], total);
    // Another joins in February: that counts in the sum of the quarter, though not as a target of hers for it.
    target(db, "7", "total_sales", ("s", ""), ["2024-02-01", "2024-02-29"], "30 USD").await;
    let total = lines(&server.query(months.clone()).await.totals, aimed);
    assert_eq!(total[1..], ["1 0.00|-|-|30.00|0.000000", "2 0.00|-|-|90.00|0.000000", "-1 50.00|-|-|280.00|0.178571"]);
    let answer = server.query(months.clone()).await;
    let streamed = server.stream(months, 2).await;
    assert_eq!((streamed.rows(), streamed.totals()), (answer.rows, answer.totals));
}

async fn targets_of_ratios_and_stocks_are_the_last_in_the_bucket(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 50_00, "USD", "2024-01-10T00:00:00").await;
    let rep = ("r", "");
    target(db, "1", "average_sale_value", rep, ["2024-01-01", "2024-02-10"], "40 USD").await;
    target(db, "2", "average_sale_value", rep, ["2024-02-11", "2024-04-30"], "60 USD").await;
    target(db, "3", "order_count", rep, ["2024-01-01", "2024-12-31"], "60").await;
    let kpis = ["average_sale_value", "order_count"];
    let months = ask(&kpis, ["2023-12-01", "2024-03-31"], Grain::Month, &["rep"]);
    let expected = [
        "0 r -|-|-|-|- 0|-|-|-|-",
        "1 r 50.00|40.00|1.250000|-|- 1|-|-|-|-",
        "2 r -|60.00|-|-|- 0|-|-|-|-",
        "3 r -|60.00|-|-|- 0|-|-|-|-",
    ];
    let answer = server.query(months).await;
    assert_eq!(lines(&answer.rows, aimed), expected);
    // The first month has none, so that the whole is covered in part only; averages of reps never add up.
    assert_eq!(lines(&answer.totals, aimed)[4], "-1 50.00|-|-|-|- 1|-|-|-|-");
    let quarter = ask(&kpis, QUARTER, Grain::Unspecified, &["rep"]);
    assert_eq!(lines(&server.query(quarter).await.rows, aimed), ["0 r 50.00|60.00|0.833333|-|- 1|-|-|-|-"]);
}

async fn team_and_company_targets_stand_beside_the_sum_of_their_reps(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    run(db, "INSERT INTO teams (id, name, parent_id) VALUES ('top', 'Top', NULL), ('sub', 'Sub', 'top')").await;
    run(db, "INSERT INTO reps (id, name, team_id) VALUES ('a', 'A', 'sub'), ('b', 'B', 'top'), ('c', 'C', NULL)").await;
    for (id, rep) in [("1", "a"), ("2", "b"), ("3", "c")] {
        order(db, (id, rep), 30_00, "USD", "2024-01-10T00:00:00").await;
        target(db, id, "total_sales", (rep, ""), QUARTER, "100 USD").await;
    }
    target(db, "t", "total_sales", ("", "top"), QUARTER, "240 USD").await;
    target(db, "c", "total_sales", ("", ""), QUARTER, "400 USD").await;
    let company = "0 90.00|400.00|0.225000|300.00|0.300000";
    let ask = |by: &[&str]| ask(&["total_sales"], QUARTER, Grain::Unspecified, by);
    for (by, rows) in [
        (vec![], vec![company]),
        (
            vec!["rep"],
            vec!["0 a 30.00|100.00|0.300000|-|-", "0 b 30.00|100.00|0.300000|-|-", "0 c 30.00|100.00|0.300000|-|-"],
        ),
        (
            vec!["team"],
            vec![
                "0  30.00|-|-|100.00|0.300000",
                "0 sub 30.00|-|-|100.00|0.300000",
                "0 top 60.00|240.00|0.250000|200.00|0.300000",
            ],
        ),
        (vec!["segment"], vec!["0  90.00|-|-|-|-"]),
    ] {
        let answer = server.query(ask(&by)).await;
        assert_eq!(lines(&answer.rows, aimed), rows, "{by:?}");
        assert_eq!(lines(&answer.totals, aimed), [company], "{by:?}");
    }
    // A ratio does not add up over reps: the one rep's own target stands in the total nevertheless.
    target(db, "w", "win_rate", ("a", ""), QUARTER, "0.25").await;
    let ratio = KpiQuery { kpi_ids: vec!["win_rate".into()], filters: vec![any_of("rep", &["a"])], ..ask(&[]) };
    assert_eq!(lines(&server.query(ratio).await.totals, aimed), ["0 -|0.250000|-|-|-"]);
    let filtered = |dimension: &str, ids: &[&str]| KpiQuery { filters: vec![any_of(dimension, ids)], ..ask(&[]) };
    for (query, row) in [
        (filtered("team", &["top"]), "0 60.00|240.00|0.250000|200.00|0.300000"),
        (filtered("team", &["sub"]), "0 30.00|-|-|100.00|0.300000"),
        (filtered("rep", &["a"]), "0 30.00|100.00|0.300000|100.00|0.300000"),
        (filtered("rep", &["a", "c"]), "0 60.00|-|-|200.00|0.300000"),
        // What reps aim at is for all that they sell.
        (filtered("segment", &[""]), "0 90.00|-|-|-|-"),
    ] {
        assert_eq!(lines(&server.query(query.clone()).await.totals, aimed), [row], "{:?}", query.filters);
    }
}

/// A target of 100 euros for January, told in dollars at the rate of 1 January; a stock's at that of the bucket's last day.
/// Ten lost deals at most, please: 12 are 80 %, 10 are 100 %, 8 are 120 %, and none at all 200 %.
async fn where_lower_is_better_less_is_more(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    let months = ["01", "02", "03", "04"];
    for (month, lost) in months.into_iter().zip([12, 10, 8, 0]) {
        let (first, last) = (format!("2024-{month}-01"), format!("2024-{month}-28"));
        target(db, month, "opportunities_lost", ("", ""), [&first, &last], "10").await;
        for deal in 0..lost {
            let at = format!("'2024-{month}-10T00:00:00+00:00'");
            let values = format!("'{month}-{deal}', 'r', 'lost', {at}, {at}");
            run(
                db,
                &format!("INSERT INTO opportunities (id, rep_id, status, created_at, closed_at) VALUES ({values})"),
            )
            .await;
        }
    }
    let mut answers = Vec::new();
    for month in months {
        let (first, last) = (format!("2024-{month}-01"), format!("2024-{month}-28"));
        let answer = server.query(ask(&["opportunities_lost"], [&first, &last], Grain::Unspecified, &[])).await;
        answers.extend(lines(&answer.totals, aimed));
    }
    assert_eq!(
        answers,
        ["0 12|10|0.800000|-|-", "0 10|10|1.000000|-|-", "0 8|10|1.200000|-|-", "0 0|10|2.000000|-|-",]
    );
}

async fn targets_are_converted(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 55_00, "USD", "2024-01-10T00:00:00").await;
    target(db, "1", "total_sales", ("r", ""), ["2024-01-01", "2024-01-31"], "100 EUR").await;
    target(db, "2", "pipeline_value", ("r", ""), ["2024-01-01", "2024-01-31"], "100 EUR").await;
    let lost = "INSERT INTO opportunities (id, status, amount_minor, currency, created_at, closed_at) \
                VALUES ('d', 'lost', 100, 'USD', '2020-01-01T00:00:00+00:00', '2020-01-02T00:00:00+00:00')";
    run(db, lost).await;
    let query = ask(&["total_sales", "pipeline_value"], ["2024-01-01", "2024-01-31"], Grain::Unspecified, &["rep"]);
    let strict = KpiQuery { require_rates: true, ..query.clone() };
    let request = QueryKpisRequest { query: Some(strict), ..Default::default() };
    let refusal = Refusal::of(&server.client().query_kpis(request).await.unwrap_err());
    refusal.must_be(tonic::Code::FailedPrecondition, "MISSING_EXCHANGE_RATE", &[]);
    // Otherwise the values are there. A target needs the rate of its first day, or of the day that it is in force on.
    let no_target = |value: &KpiValue| {
        let missing = value.missing_rate.clone().unwrap_or_default();
        assert_eq!((value.target_null_reason(), &value.target), (NullReason::MissingRate, &None));
        format!("{} {}@{}", value.value.clone().unwrap_or_default(), missing.currency_code, missing.date)
    };
    let rows = server.query(query.clone()).await.rows;
    assert_eq!(lines(&rows, no_target), ["0 r 55.00 EUR@2024-01-01 0.00 EUR@2024-01-31"]);
    rate(db, ("EUR", "USD"), "2023-12-30", "1.1").await;
    rate(db, ("EUR", "USD"), "2024-01-02", "1.2").await;
    let expected = ["0 r 55.00|110.00|0.500000|-|- 0.00|120.00|0.000000|-|-"];
    assert_eq!(lines(&server.query(query).await.rows, aimed), expected);
}

/// A caller who sees one team sees its target and those of its reps: neither the team's above nor the company's, whose values
/// are shown in part only.
async fn a_scope_shows_no_targets_of_others(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    run(db, "INSERT INTO teams (id, name, parent_id) VALUES ('top', 'Top', NULL), ('sub', 'Sub', 'top')").await;
    run(db, "INSERT INTO reps (id, name, team_id) VALUES ('a', 'A', 'sub'), ('b', 'B', 'top')").await;
    for (id, rep) in [("1", "a"), ("2", "b")] {
        order(db, (id, rep), 30_00, "USD", "2024-01-10T00:00:00").await;
        target(db, id, "total_sales", (rep, ""), QUARTER, "100 USD").await;
    }
    for (id, team, value) in [("t", "top", "240 USD"), ("s", "sub", "120 USD"), ("c", "", "400 USD")] {
        target(db, id, "total_sales", ("", team), QUARTER, value).await;
    }
    let asked = async |scope: Scope, by: Option<Dimension>, filters: Vec<Filter>| {
        let group_by: Vec<Dimension> = by.into_iter().collect();
        let question = question(&["total_sales"], QUARTER, None, &group_by);
        let question = Question { scope, filters, include_targets: true, ..question };
        let answer = Engine::new(pool(db)).answer(&[question]).await.unwrap().remove(0);
        let line = |row: &Row| {
            let context = row.values[0].context.clone().unwrap_or_default();
            let target = |target: Option<&Attainment>| target.map_or("-".into(), |t| t.target.to_string());
            let keys: Vec<_> = row.keys.iter().map(|key| key.id.clone()).collect();
            let own = target(context.target.as_ref().and_then(|target| target.as_ref().ok()));
            format!("{} {own} {}", keys.join(" "), target(context.reps_target.as_ref()))
        };
        answer.rows.iter().chain(&answer.totals).map(line).collect::<Vec<_>>()
    };
    let shown = async |scope: Scope, by: Option<Dimension>| asked(scope, by, Vec::new()).await;
    let sub = || Scope::Teams(vec!["sub".into()]);
    assert_eq!(shown(sub(), None).await, [" 120.00 100.00", " 120.00 100.00"]);
    assert_eq!(shown(sub(), Some(Dimension::Team)).await, ["sub 120.00 100.00", " 120.00 100.00"]);
    assert_eq!(shown(sub(), Some(Dimension::Rep)).await, ["a 100.00 -", " 120.00 100.00"]);
    let only = |id: &str| vec![Filter { dimension: Dimension::Team, test: Test::AnyOf(vec![id.into()]) }];
    assert_eq!(asked(sub(), None, only("sub")).await, [" 120.00 100.00", " 120.00 100.00"]);
    assert_eq!(asked(sub(), None, only("top")).await, [" - -", " - -"]);
    let top = || Scope::teams(["top", "", "top"]);
    assert_eq!(asked(top(), None, only("sub")).await, [" 120.00 100.00", " 120.00 100.00"]);
    assert_eq!(
        shown(Scope::Teams(vec!["top".into(), String::new()]), None).await,
        [" 240.00 200.00", " 240.00 200.00"]
    );
    let rep = || Scope::Reps(vec!["b".into()]);
    assert_eq!(shown(rep(), Some(Dimension::Team)).await, ["top - 100.00", " 100.00 100.00"]);
    assert_eq!(shown(rep(), Some(Dimension::Rep)).await, ["b 100.00 -", " 100.00 100.00"]);
    let two = Scope::Reps(vec!["a".into(), "b".into()]);
    assert_eq!(shown(two, None).await, [" - 200.00", " - 200.00"]);
}

/// The tables may be views: what is no decimal there is an error of the data, and nobody's zero.
async fn bad_text_in_the_tables_is_reported(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 55_00, "EUR", "2024-01-10T00:00:00").await;
    let refused = async |rates: &str| {
        let query = ask(&["total_sales"], QUARTER, Grain::Unspecified, &["rep"]);
        let request = QueryKpisRequest { query: Some(query), ..Default::default() };
        let refusal = Refusal::of(&server.client().query_kpis(request).await.unwrap_err());
        refusal.must_be(tonic::Code::Internal, "BAD_STORED_DATA", &[]);
        run(db, rates).await;
    };
    rate(db, ("EUR", "USD"), "2024-01-01", "1,1").await;
    refused("UPDATE exchange_rates SET rate = '0'").await;
    refused("UPDATE exchange_rates SET rate = '-1'").await;
    refused("UPDATE exchange_rates SET rate = '1.1'").await;
    target(db, "1", "total_sales", ("r", ""), QUARTER, "many USD").await;
    refused("DELETE FROM targets").await;
    let query = ask(&["total_sales"], QUARTER, Grain::Unspecified, &["rep"]);
    assert_eq!(lines(&server.query(query).await.rows, aimed), ["0 r 60.50|-|-|-|-"]);
}
