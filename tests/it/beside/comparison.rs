use super::{lines, or_dash, order, over, solar_hijri};
use crate::support::{Kind, TestDatabase, TestServer, on_every_database};
use crm_kpi::proto::{Comparison, Grain, KpiQuery, KpiValue, Period, RelativePeriod, ResultHeader, period};

on_every_database!(
    months_of_a_quarter_meet_those_of_the_one_before,
    a_leap_day_has_nothing_to_be_compared_with,
    a_period_to_date_meets_the_same_stretch,
    persian_months_meet_persian_months,
    ratios_and_stocks_are_compared_exactly,
    groups_of_the_earlier_period_have_rows,
);

/// Value, compared value, change and relative change.
fn compared(value: &KpiValue) -> String {
    let parts = [&value.value, &value.compared_value, &value.change, &value.change_ratio];
    parts.map(or_dash).join("|")
}

fn dates_of(header: &Option<ResultHeader>) -> (String, Vec<String>) {
    let compared = header.as_ref().unwrap().compared.as_ref().unwrap();
    let buckets = compared.buckets.iter().map(|b| format!("{} {} {}", b.label, b.first_date, b.last_date));
    (format!("{} {}", compared.first_date, compared.last_date), buckets.collect())
}

fn ask(mut query: KpiQuery, grain: Grain, comparison: Comparison) -> KpiQuery {
    query.grain = grain.into();
    query.compare_to = comparison.into();
    query
}

async fn months_of_a_quarter_meet_those_of_the_one_before(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    // The last and first milliseconds of what is compared: 31 January 2024 is in it, 31 December 2023 is not.
    order(db, ("1", "r"), 99_00, "USD", "2023-12-31T23:59:59.999").await;
    order(db, ("2", "r"), 10_00, "USD", "2024-01-01T00:00:00").await;
    order(db, ("3", "r"), 30_00, "USD", "2024-01-31T23:59:59.999").await;
    order(db, ("4", "r"), 5_00, "USD", "2024-04-30T12:00:00").await;
    order(db, ("5", "r"), 7_00, "USD", "2024-05-31T12:00:00").await;
    let query = ask(over(&["total_sales"], "2024-04-01", "2024-06-30"), Grain::Month, Comparison::PreviousPeriod);
    let answer = server.query(query).await;
    let months = ["2024-01 2024-01-01 2024-01-31", "2024-02 2024-02-01 2024-02-29", "2024-03 2024-03-01 2024-03-31"];
    assert_eq!(dates_of(&answer.header), ("2024-01-01 2024-03-31".into(), months.map(String::from).to_vec()));
    let expected = [
        "0 5.00|40.00|-35.00|-0.875000",
        "1 7.00|0.00|7.00|-",
        "2 0.00|0.00|0.00|-",
        "-1 12.00|40.00|-28.00|-0.700000",
    ];
    assert_eq!(lines(&answer.totals, compared), expected);
    assert_eq!(lines(&answer.rows, compared), expected[..3]);
}

async fn a_leap_day_has_nothing_to_be_compared_with(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    for (id, at) in [("1", "2023-02-28T12:00:00"), ("2", "2024-02-29T12:00:00"), ("3", "2025-02-28T12:00:00")] {
        order(db, (id, "r"), 100, "USD", at).await;
    }
    let year = |first, last, grain| ask(over(&["order_count"], first, last), grain, Comparison::PreviousYear);
    let days = server.query(year("2024-02-28", "2024-03-01", Grain::Day)).await;
    assert_eq!(lines(&days.totals, compared), ["0 0|1|-1|-1.000000", "1 1|-|-|-", "2 0|0|0|-", "-1 1|1|0|0.000000"]);
    let february = server.query(year("2025-02-01", "2025-02-28", Grain::Unspecified)).await;
    assert_eq!(dates_of(&february.header).0, "2024-02-01 2024-02-29");
    assert_eq!(lines(&february.totals, compared), ["0 1|1|0|0.000000"]);
    let alone = server.query(year("2024-02-29", "2024-02-29", Grain::Unspecified)).await;
    assert_eq!(dates_of(&alone.header), (" ".into(), vec!["  ".into()]));
    assert_eq!(lines(&alone.totals, compared), ["0 1|-|-|-"]);
}

async fn a_period_to_date_meets_the_same_stretch(kind: Kind) {
    // In Tehran it is the 30th already.
    let server = TestServer::start_at(TestDatabase::migrated(kind).await, "2024-03-29T21:00:00Z").await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 100, "USD", "2024-02-29T12:00:00").await;
    order(db, ("2", "r"), 100, "USD", "2024-03-01T12:00:00").await;
    let relative = RelativePeriod { unit: Grain::Month.into(), offset: 0, count: 1, to_date: true };
    let mut query = over(&["order_count"], "", "");
    query.period = Some(Period { kind: Some(period::Kind::Relative(relative)) });
    query.compare_to = Comparison::PreviousPeriod.into();
    let answer = server.query(query.clone()).await;
    let header = answer.header.as_ref().unwrap();
    assert_eq!((header.first_date.as_str(), header.last_date.as_str()), ("2024-03-01", "2024-03-29"));
    assert_eq!(dates_of(&answer.header).0, "2024-02-01 2024-02-29");
    assert_eq!(lines(&answer.totals, compared), ["0 1|1|0|0.000000"]);
    query.calendar = Some(crm_kpi::proto::Calendar { time_zone: "Asia/Tehran".into(), ..Default::default() });
    let answer = server.query(query).await;
    assert_eq!(answer.header.as_ref().unwrap().last_date, "2024-03-30");
    // 30 March has no counterpart in February: the stretch ends with the month.
    assert_eq!(dates_of(&answer.header).0, "2024-02-01 2024-02-29");
}

/// Nowruz 1403 was on 20 March 2024, and 1 Farvardin began at 20:30 UTC of the 19th in Tehran; 1 Ordibehesht on 20 April.
async fn persian_months_meet_persian_months(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 100, "USD", "2024-03-19T20:29:59.999").await;
    order(db, ("2", "r"), 200, "USD", "2024-03-19T20:30:00").await;
    order(db, ("3", "r"), 400, "USD", "2024-04-19T20:29:59.999").await;
    order(db, ("4", "r"), 800, "USD", "2024-04-19T20:30:00").await;
    let query = over(&["total_sales"], "1403-01-01", "1403-02-31");
    let query = KpiQuery { calendar: solar_hijri("Asia/Tehran"), ..query };
    let answer = server.query(ask(query, Grain::Month, Comparison::PreviousPeriod)).await;
    let header = answer.header.as_ref().unwrap();
    let buckets: Vec<_> = header.buckets.iter().map(|b| [&b.label, &b.first_date, &b.last_date]).collect();
    assert_eq!(buckets, [["1403-01", "2024-03-20", "2024-04-19"], ["1403-02", "2024-04-20", "2024-05-20"]]);
    let before = ["1402-11 2024-01-21 2024-02-19", "1402-12 2024-02-20 2024-03-19"];
    assert_eq!(dates_of(&answer.header), ("2024-01-21 2024-03-19".into(), before.map(String::from).to_vec()));
    let expected = ["0 6.00|0.00|6.00|-", "1 8.00|1.00|7.00|7.000000", "-1 14.00|1.00|13.00|13.000000"];
    assert_eq!(lines(&answer.totals, compared), expected);
}

/// 1 won of 3 against 1 of 4: the change is a twelfth, a third of a quarter. Both are rounded once.
async fn ratios_and_stocks_are_compared_exactly(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    let deals = [
        ("1", "won", "2024-01-05"),
        ("2", "lost", "2024-01-06"),
        ("3", "lost", "2024-01-07"),
        ("4", "lost", "2024-01-08"),
        ("5", "won", "2024-02-05"),
        ("6", "lost", "2024-02-06"),
        ("7", "lost", "2024-02-07"),
    ];
    for (id, status, closed) in deals {
        let columns = "id, rep_id, status, amount_minor, currency, created_at, closed_at";
        let values =
            format!("'{id}', 'r', '{status}', 100, 'USD', '2023-12-01T00:00:00+00:00', '{closed}T00:00:00+00:00'");
        super::run(db, &format!("INSERT INTO opportunities ({columns}) VALUES ({values})")).await;
    }
    let kpis = ["win_rate", "open_opportunities"];
    let query = ask(over(&kpis, "2024-02-01", "2024-02-29"), Grain::Unspecified, Comparison::PreviousPeriod);
    let answer = server.query(query).await;
    assert_eq!(lines(&answer.totals, compared), ["0 0.333333|0.250000|0.083333|0.333333 0|3|-3|-1.000000"]);
}

async fn groups_of_the_earlier_period_have_rows(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "gone"), 300, "USD", "2024-01-05T00:00:00").await;
    order(db, ("2", "new"), 500, "USD", "2024-02-05T00:00:00").await;
    let query = over(&["total_sales", "average_sale_value"], "2024-02-01", "2024-02-29");
    let query = KpiQuery { group_by: vec!["rep".into()], ..query };
    let query = ask(query, Grain::Unspecified, Comparison::PreviousPeriod);
    let expected = ["0 gone 0.00|3.00|-3.00|-1.000000 -|3.00|-|-", "0 new 5.00|0.00|5.00|- 5.00|-|-|-"];
    let answer = server.query(query.clone()).await;
    assert_eq!(lines(&answer.rows, compared), expected);
    assert_eq!(lines(&server.stream(query, 1).await.rows(), compared), expected);
}
