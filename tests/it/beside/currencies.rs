use super::{lines, order, over, rate, run, total, value};
use crate::support::{Kind, Refusal, TestDatabase, TestServer, any_of, on_every_database};
use crm_kpi::proto::{Calendar, Grain, KpiQuery, KpiValue, MissingRate, NullReason, QueryKpisRequest};
use rust_decimal::Decimal;

on_every_database!(
    amounts_have_the_decimals_of_their_currency,
    an_event_is_converted_with_the_rate_of_its_day,
    a_day_is_one_of_the_callers_zone,
    a_stock_is_converted_at_the_end_of_its_bucket,
    accounts_move_in_all_their_currencies,
    a_cost_is_converted_day_by_day,
    rates_are_found_in_either_direction_and_by_way_of_a_third,
    parts_that_are_converted_add_up_to_the_last_digit,
    a_missing_rate_is_named,
    one_wrong_code_blanks_only_what_it_is_in,
    the_earliest_day_without_a_rate_is_told,
    what_is_not_shown_needs_no_rate,
    amounts_in_their_own_currency_have_no_ranks,
    sums_beyond_2_to_the_53_are_exact,
    a_sum_beyond_64_bits_is_an_error,
);

fn into(currency: &str, query: KpiQuery) -> KpiQuery {
    KpiQuery { currency_code: currency.into(), ..query }
}

async fn refused(server: &TestServer, query: KpiQuery) -> Refusal {
    let request = QueryKpisRequest { query: Some(query), ..Default::default() };
    Refusal::of(&server.client().query_kpis(request).await.unwrap_err())
}

/// 0.1 + 0.2 dollars, 1 yen, 0.001 dinars: in floating point the first is 0.30000000000000004.
async fn amounts_have_the_decimals_of_their_currency(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    for (id, minor, currency) in [("1", 10, "USD"), ("2", 20, "USD"), ("3", 3, "JPY"), ("4", 1, "KWD"), ("5", 7, "IRR")]
    {
        order(db, (id, "r"), minor, currency, "2024-01-10T00:00:00").await;
    }
    let query = over(&["total_sales"], "2024-01-01", "2024-01-31");
    let own = KpiQuery { group_by: vec!["currency".into()], ..query.clone() };
    let answer = server.query(own.clone()).await;
    assert_eq!(lines(&answer.rows, value), ["0 IRR 0.07", "0 JPY 3", "0 KWD 0.001", "0 USD 0.30"]);
    assert_eq!(lines(&answer.totals, value), ["0 -"]);
    for (of, into, each) in [("JPY", "USD", "0.005"), ("KWD", "USD", "3.2505"), ("IRR", "USD", "0.00002")] {
        rate(db, (of, into), "2024-01-01", each).await;
    }
    // 0.30 + 0.015 + 0.0032505 + 0.0000014 dollars: rounded once.
    assert_eq!(total(&server, query.clone()).await, ["0.32"]);
    let in_yen = server.query(into("JPY", own)).await;
    // 0.0000014, 3, 0.0032505 and 0.30 dollars at 200 yen each.
    assert_eq!(lines(&in_yen.rows, value), ["0 IRR 0", "0 JPY 3", "0 KWD 1", "0 USD 60"]);
    assert_eq!(lines(&in_yen.totals, value), ["0 64"]);
    assert_eq!(in_yen.header.unwrap().columns[0].currency_code, "JPY");
    assert_eq!(total(&server, into("KWD", query)).await, ["0.098"]);
}

async fn an_event_is_converted_with_the_rate_of_its_day(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    for (day, each) in [("2024-01-01", "1.1"), ("2024-01-15", "1.2"), ("2024-02-15", "1.3")] {
        rate(db, ("EUR", "USD"), day, each).await;
    }
    let orders = [
        ("1", "EUR", "2024-01-14T23:59:59.999"),
        ("2", "EUR", "2024-01-15T00:00:00"),
        ("3", "EUR", "2024-02-29T23:59:59.999"),
        ("4", "USD", "2024-02-29T00:00:00"),
        ("5", "EUR", "2024-01-31T23:59:59.999"),
        ("6", "EUR", "2024-02-01T00:00:00"),
    ];
    for (id, currency, at) in orders {
        order(db, (id, "r"), 10_00, currency, at).await;
    }
    run(db, "UPDATE orders SET kind = 'new'").await;
    let kpis = ["total_sales", "order_count", "average_sale_value", "upsell_rate"];
    let query = KpiQuery { grain: Grain::Month.into(), ..over(&kpis, "2024-01-01", "2024-02-29") };
    let answer = server.query(query.clone()).await;
    let expected = ["0 35.00 3 11.67 0.000000", "1 35.00 3 11.67 0.000000", "-1 70.00 6 11.67 0.000000"];
    assert_eq!(lines(&answer.totals, value), expected);
    let by_rep = KpiQuery { group_by: vec!["rep".into()], ..query };
    assert_eq!(
        lines(&server.query(by_rep.clone()).await.rows, value),
        ["0 r 35.00 3 11.67 0.000000", "1 r 35.00 3 11.67 0.000000"]
    );
    let streamed = server.stream(by_rep.clone(), 1).await;
    assert_eq!(lines(&streamed.totals(), value), expected);
    // Filtered by one currency it is answered in that; by one and asked for another it is converted.
    let euros =
        KpiQuery { filters: vec![any_of("currency", &["EUR"])], ..over(&["total_sales"], "2024-01-01", "2024-02-29") };
    assert_eq!(total(&server, euros.clone()).await, ["50.00"]);
    assert_eq!(total(&server, into("USD", euros)).await, ["60.00"]);
}

/// 20:00 UTC of 14 January is 01:45 of the 15th in Kathmandu.
async fn a_day_is_one_of_the_callers_zone(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    rate(db, ("EUR", "USD"), "2024-01-01", "1.1").await;
    rate(db, ("EUR", "USD"), "2024-01-15", "1.2").await;
    order(db, ("1", "r"), 10_00, "EUR", "2024-01-14T20:00:00").await;
    let mut query = over(&["total_sales"], "2024-01-01", "2024-01-31");
    assert_eq!(total(&server, query.clone()).await, ["11.00"]);
    query.calendar = Some(Calendar { time_zone: "Asia/Kathmandu".into(), ..Default::default() });
    assert_eq!(total(&server, query).await, ["12.00"]);
}

/// 100 euros a month from December on, 50 more from 20 January: worth 150 x 1.2 at the end of January and 150 x 1.3 at that
/// of February. What is new in January counts with the rate of its day.
async fn a_stock_is_converted_at_the_end_of_its_bucket(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    for (day, each) in [("2023-12-01", "1.1"), ("2024-01-31", "1.2"), ("2024-02-01", "9"), ("2024-02-29", "1.3")] {
        rate(db, ("EUR", "USD"), day, each).await;
    }
    let columns = "id, account_id, monthly_amount_minor, currency, started_at";
    let values = "'s', 'a', 15000, 'EUR', '2023-12-05T00:00:00+00:00'";
    run(db, &format!("INSERT INTO subscriptions ({columns}) VALUES ({values})")).await;
    let columns = "subscription_id, number, rep_id, kind, change_minor, currency, moved_at";
    for values in [
        "'s', 1, 'r', 'new', 10000, 'EUR', '2023-12-05T00:00:00+00:00'",
        "'s', 2, 'r', 'expansion', 5000, 'EUR', '2024-01-20T00:00:00+00:00'",
    ] {
        run(db, &format!("INSERT INTO mrr_movements ({columns}) VALUES ({values})")).await;
    }
    let kpis = ["mrr", "expansion_mrr"];
    let query = KpiQuery { grain: Grain::Month.into(), ..over(&kpis, "2023-11-01", "2024-02-29") };
    let expected = ["0 0.00 0.00", "1 110.00 0.00", "2 180.00 55.00", "3 195.00 0.00", "-1 195.00 55.00"];
    assert_eq!(lines(&server.query(query).await.totals, value), expected);
}

/// Account a has 100 euros at 1 dollar each, and changes them for 120 dollars on 10 February, when they are 110 dollars: 10 more.
/// Account b keeps 50 euros all the time, which is no movement, though they are 60 dollars at the end. At the rate of the end a
/// had 120 at the start and has 120; b has 60: nobody has lost anything. In March a gives up 30 of 120.
async fn accounts_move_in_all_their_currencies(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    for (day, each) in [("2024-01-01", "1"), ("2024-02-10", "1.1"), ("2024-02-29", "1.2")] {
        rate(db, ("EUR", "USD"), day, each).await;
    }
    for (id, account) in [("s1", "a"), ("s2", "a"), ("s3", "b")] {
        let columns = "id, account_id, monthly_amount_minor, currency, started_at";
        let values = format!("'{id}', '{account}', 15000, 'EUR', '2023-12-05T00:00:00+00:00'");
        run(db, &format!("INSERT INTO subscriptions ({columns}) VALUES ({values})")).await;
    }
    let columns = "subscription_id, number, kind, change_minor, currency, moved_at";
    for values in [
        "'s1', 1, 'new', 10000, 'EUR', '2024-01-05T00:00:00+00:00'",
        "'s1', 2, 'churn', -10000, 'EUR', '2024-02-10T08:00:00+00:00'",
        "'s2', 1, 'new', 12000, 'USD', '2024-02-10T18:00:00+00:00'",
        "'s2', 2, 'contraction', -3000, 'USD', '2024-03-05T00:00:00+00:00'",
        "'s3', 1, 'new', 5000, 'EUR', '2024-01-20T00:00:00+00:00'",
    ] {
        run(db, &format!("INSERT INTO mrr_movements ({columns}) VALUES ({values})")).await;
    }
    let kpis = ["mrr", "new_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr", "net_new_mrr"];
    let query = KpiQuery { grain: Grain::Month.into(), ..over(&kpis, "2024-01-01", "2024-03-31") };
    let expected = [
        "0 150.00 150.00 0.00 0.00 0.00 150.00",
        "1 180.00 0.00 10.00 0.00 0.00 10.00",
        "2 150.00 0.00 0.00 30.00 0.00 -30.00",
        "-1 150.00 150.00 10.00 30.00 0.00 130.00",
    ];
    assert_eq!(lines(&server.query(query).await.totals, value), expected);
    let kpis = ["gross_revenue_retention", "net_revenue_retention"];
    let query = KpiQuery { grain: Grain::Month.into(), ..over(&kpis, "2024-02-01", "2024-03-31") };
    let answer = server.query(query.clone()).await;
    let parts = |value: &KpiValue| format!("{}/{}", value.numerator(), value.denominator());
    let expected = ["0 180/180 180/180", "1 150/180 150/180", "-1 150/180 150/180"];
    assert_eq!(lines(&answer.totals, parts), expected);
    let by_account = KpiQuery { group_by: vec!["account".into()], ..query };
    let expected = ["0 a 120/120 120/120", "0 b 60/60 60/60", "1 a 90/120 90/120", "1 b 60/60 60/60"];
    let answer = server.query(by_account).await;
    let mut rows = lines(&answer.rows, parts);
    rows.sort();
    assert_eq!(rows, expected);
}

/// 310 euros for January, 10 a day: 10 days at 1, then 21 days at 2 dollars.
async fn a_cost_is_converted_day_by_day(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    rate(db, ("EUR", "USD"), "2024-01-01", "1").await;
    rate(db, ("EUR", "USD"), "2024-01-11", "2").await;
    order(db, ("1", "r"), 10_000, "USD", "2024-01-10T00:00:00").await;
    let columns = "id, kind, amount_minor, currency, starts_at, ends_at";
    let values = "'c', 'service', 31000, 'EUR', '2024-01-01T00:00:00+00:00', '2024-02-01T00:00:00+00:00'";
    run(db, &format!("INSERT INTO costs ({columns}) VALUES ({values})")).await;
    let ask = |first: &str, last: &str| over(&["service_cost_per_interaction"], first, last);
    let columns = "id, opened_at, resolved_at";
    let values = "'k', '2024-01-05T00:00:00+00:00', '2024-01-20T00:00:00+00:00'";
    run(db, &format!("INSERT INTO service_cases ({columns}) VALUES ({values})")).await;
    assert_eq!(total(&server, ask("2024-01-01", "2024-01-31")).await, ["520.00"]);
    assert_eq!(total(&server, ask("2024-01-20", "2024-01-20")).await, ["20.00"]);
}

async fn rates_are_found_in_either_direction_and_by_way_of_a_third(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 10_000, "GBP", "2024-01-10T00:00:00").await;
    let query = over(&["total_sales"], "2024-01-01", "2024-01-31");
    // As the European Central Bank publishes them: what one euro is worth.
    rate(db, ("EUR", "GBP"), "2024-01-01", "0.8").await;
    rate(db, ("EUR", "USD"), "2024-01-01", "1.2").await;
    assert_eq!(total(&server, query.clone()).await, ["150.00"]);
    assert_eq!(total(&server, into("EUR", query.clone())).await, ["125.00"]);
    rate(db, ("USD", "GBP"), "2024-01-09", "0.5").await;
    assert_eq!(total(&server, query.clone()).await, ["200.00"]);
    rate(db, ("GBP", "USD"), "2024-01-10", "1.75").await;
    assert_eq!(total(&server, query).await, ["175.00"]);
}

/// Into euros from dollars, of which 1.0834 are worth one: no decimal says what one is worth. Whether it is the sum of a
/// hundred reps' sales or one figure, each dollar is worth 0.923020121838656083 euros. Of 1 + 2 + … + 100 cents, 50.50
/// dollars, that is 46.6125161528521321915.
async fn parts_that_are_converted_add_up_to_the_last_digit(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    rate(db, ("EUR", "USD"), "2024-01-01", "1.0834").await;
    for cents in 1..=100 {
        let (id, rep) = (cents.to_string(), format!("r{cents}"));
        order(db, (&id, &rep), cents, "USD", &format!("2024-01-{:02}T00:00:00", 1 + cents % 28)).await;
    }
    let query = into("EUR", over(&["average_sale_value"], "2024-01-01", "2024-01-31"));
    let numerator = |value: &KpiValue| value.numerator.clone().expect("a numerator").parse::<Decimal>().unwrap();
    let expected: Decimal = "46.6125161528521321915".parse().unwrap();
    let whole = server.query(query.clone()).await.totals;
    assert_eq!(numerator(&whole[0].values[0]), expected);
    let weeks = server.query(KpiQuery { grain: Grain::Week.into(), ..query.clone() }).await.totals;
    let (weeks, whole): (Vec<_>, Vec<_>) = weeks.iter().partition(|row| row.bucket >= 0);
    assert_eq!(weeks.iter().map(|row| numerator(&row.values[0])).sum::<Decimal>(), expected);
    assert_eq!(numerator(&whole[0].values[0]), expected);
    let by_rep = server.query(KpiQuery { group_by: vec!["rep".into()], ..query.clone() }).await;
    assert_eq!(by_rep.rows.iter().map(|row| numerator(&row.values[0])).sum::<Decimal>(), expected);
    let streamed = server.stream(query, 7).await;
    assert_eq!((streamed.rows(), streamed.totals()), (by_rep.rows, by_rep.totals));
}

async fn a_missing_rate_is_named(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 100, "JPY", "2024-01-20T00:00:00").await;
    order(db, ("2", "r"), 100, "EUR", "2024-01-09T00:00:00").await;
    order(db, ("3", "r"), 100, "EUR", "2024-01-12T00:00:00").await;
    let query = || KpiQuery { require_rates: true, ..over(&["total_sales"], "2024-01-01", "2024-01-31") };
    let named = async |currency: &str, day: &str| {
        let answered = server.query(KpiQuery { require_rates: false, ..query() }).await;
        let value = &answered.totals[0].values[0];
        assert_eq!((value.null_reason(), value.value.is_none()), (NullReason::MissingRate, true));
        let missing = MissingRate { currency_code: currency.into(), date: day.into() };
        assert_eq!(value.missing_rate, Some(missing));
        let refusal = refused(&server, query()).await;
        refusal.must_be(tonic::Code::FailedPrecondition, "MISSING_EXCHANGE_RATE", &[]);
        assert!(refusal.message.contains(&format!("from {currency} to USD on {day}")), "{}", refusal.message);
        let streamed = crm_kpi::proto::StreamRepBreakdownRequest { query: Some(query()), ..Default::default() };
        let refusal = Refusal::of(&server.stream_request(streamed).await.unwrap_err());
        assert!(refusal.message.contains(&format!("from {currency} to USD on {day}")), "{}", refusal.message);
    };
    named("EUR", "2024-01-09").await;
    rate(db, ("EUR", "USD"), "2024-01-10", "1.1").await;
    named("EUR", "2024-01-09").await;
    rate(db, ("EUR", "USD"), "2024-01-09", "1.1").await;
    named("JPY", "2024-01-20").await;
    // What has no amounts needs no rate, and neither do counts, other days, or rows in their own currency.
    assert_eq!(total(&server, over(&["order_count"], "2024-01-01", "2024-01-31")).await, ["3"]);
    assert_eq!(total(&server, over(&["total_sales"], "2024-01-01", "2024-01-19")).await, ["2.20"]);
    let own = KpiQuery { group_by: vec!["currency".into()], ..query() };
    assert_eq!(lines(&server.query(own).await.rows, value), ["0 EUR 2.00", "0 JPY 100"]);
}

/// 2^53 + 1 cents, which no double holds; and rates that carry as many digits.
async fn sums_beyond_2_to_the_53_are_exact(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 9_007_199_254_740_992, "USD", "2024-01-10T00:00:00").await;
    order(db, ("2", "r"), 1, "USD", "2024-01-10T00:00:00").await;
    let query = over(&["total_sales"], "2024-01-01", "2024-01-31");
    assert_eq!(total(&server, query.clone()).await, ["90071992547409.93"]);
    order(db, ("3", "r"), i64::MAX - 9_007_199_254_740_993, "USD", "2024-01-10T00:00:00").await;
    assert_eq!(total(&server, query.clone()).await, ["92233720368547758.07"]);
    rate(db, ("USD", "EUR"), "2024-01-01", "0.5").await;
    assert_eq!(total(&server, into("EUR", query)).await, ["46116860184273879.04"]);
}

async fn a_sum_beyond_64_bits_is_an_error(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), i64::MAX, "USD", "2024-01-10T00:00:00").await;
    order(db, ("2", "r"), 1, "USD", "2024-01-10T00:00:00").await;
    let query = over(&["total_sales"], "2024-01-01", "2024-01-31");
    let refusal = refused(&server, query).await;
    refusal.must_be(tonic::Code::OutOfRange, "NUMERIC_OVERFLOW", &[]);
}

/// The rate of the day before the period is needed for what grew within it, and for nothing else. A code that is none of ISO
/// 4217 matters to amounts only.
async fn what_is_not_shown_needs_no_rate(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    let columns = "subscription_id, number, rep_id, kind, change_minor, currency, moved_at";
    let values = "'s', 1, 'r', 'new', 10000, 'EUR', '2023-12-05T00:00:00+00:00'";
    run(db, &format!("INSERT INTO mrr_movements ({columns}) VALUES ({values})")).await;
    rate(db, ("EUR", "USD"), "2024-01-01", "1.5").await;
    let query = |kpi: &str| over(&[kpi], "2024-01-01", "2024-01-31");
    assert_eq!(total(&server, query("mrr")).await, ["150.00"]);
    // What there was at the start is told with the rate of the end, too.
    assert_eq!(total(&server, query("net_revenue_retention")).await, ["1.000000"]);
    let strict = KpiQuery { require_rates: true, ..over(&["mrr"], "2023-12-01", "2023-12-31") };
    let refusal = refused(&server, strict).await;
    assert!(refusal.message.contains("from EUR to USD on 2023-12-31"), "{}", refusal.message);
    // Each amount needs the rate of its own day; without an amount no rate is needed.
    let december = over(&["mrr", "new_mrr", "expansion_mrr"], "2023-12-01", "2023-12-31");
    let december = server.query(december).await;
    assert_eq!(lines(&december.totals, missing_or_value), ["0 EUR@2023-12-31 EUR@2023-12-05 0.00"]);

    // A code in other letters is that currency, though a group of its own.
    order(db, ("1", "r"), 100, "eur", "2024-01-10T00:00:00").await;
    let by_currency = |kpi: &str| KpiQuery { group_by: vec!["currency".into()], ..query(kpi) };
    assert_eq!(lines(&server.query(by_currency("order_count")).await.rows, value), ["0 eur 1"]);
    assert_eq!(lines(&server.query(by_currency("total_sales")).await.rows, value), ["0 eur 1.00"]);
    assert_eq!(total(&server, query("total_sales")).await, ["1.50"]);
}

/// The value, or the currency and day of the rate that is missing.
fn missing_or_value(value: &KpiValue) -> String {
    match &value.missing_rate {
        Some(missing) => format!("{}@{}", missing.currency_code, missing.date),
        None => value.value.clone().unwrap_or_default(),
    }
}

/// Orders of 1.00 in January by ann and in February by bob, who also has one with a code that no currency has; 3.4528 LTL, which are
/// withdrawn, are 1 EUR: 34.53 LTL are 10.00 EUR.
async fn one_wrong_code_blanks_only_what_it_is_in(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "ann"), 100, "USD", "2024-01-10T00:00:00").await;
    order(db, ("2", "bob"), 100, "USD", "2024-02-10T00:00:00").await;
    order(db, ("3", "bob"), 100, "XQQ", "2024-02-11T00:00:00").await;
    let query = KpiQuery {
        group_by: vec!["rep".into()],
        grain: Grain::Month.into(),
        ..over(&["total_sales", "order_count"], "2024-01-01", "2024-02-29")
    };
    let answer = server.query(query.clone()).await;
    assert_eq!(
        lines(&answer.rows, missing_or_value),
        ["0 ann 1.00 1", "1 ann 0.00 0", "0 bob 0.00 0", "1 bob XQQ@2024-02-11 2"]
    );
    assert_eq!(lines(&answer.totals, missing_or_value), ["0 1.00 1", "1 XQQ@2024-02-11 2", "-1 XQQ@2024-02-11 3"]);
    let streamed = server.stream(query, 7).await;
    assert_eq!((streamed.rows(), streamed.totals()), (answer.rows, answer.totals));

    run(db, "DELETE FROM orders").await;
    order(db, ("1", "ann"), 3453, "LTL", "2024-01-10T00:00:00").await;
    rate(db, ("EUR", "LTL"), "2015-01-01", "3.4528").await;
    let query = over(&["total_sales"], "2024-01-01", "2024-01-31");
    assert_eq!(total(&server, into("EUR", query)).await, ["10.00"]);
}

/// What is won lacks the rate of 20 January, and what is lost, in the denominator only, that of the 5th.
async fn the_earliest_day_without_a_rate_is_told(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let deals =
        "('1', 'won', 100, 'EUR', '2024-01-20T00:00:00+00:00'), ('2', 'lost', 100, 'JPY', '2024-01-05T00:00:00+00:00')";
    let insert = "INSERT INTO opportunities (id, status, amount_minor, currency, closed_at) VALUES";
    run(&server.database.connection, &format!("{insert} {deals}")).await;
    let query = over(&["win_rate_by_value", "won_value"], "2024-01-01", "2024-01-31");
    let answer = server.query(query).await;
    assert_eq!(lines(&answer.totals, missing_or_value), ["0 JPY@2024-01-05 EUR@2024-01-20"]);
}

/// 1,000 yen are not more than 7 dollars.
async fn amounts_in_their_own_currency_have_no_ranks(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    order(db, ("1", "r"), 1000, "JPY", "2024-01-10T00:00:00").await;
    order(db, ("2", "r"), 700, "USD", "2024-01-10T00:00:00").await;
    let key = crm_kpi::proto::order_by::Key::KpiId("total_sales".into());
    let query = KpiQuery {
        group_by: vec!["currency".into()],
        order_by: vec![crm_kpi::proto::OrderBy { key: Some(key), descending: true }],
        include_standing: true,
        ..over(&["total_sales", "order_count"], "2024-01-01", "2024-01-31")
    };
    let answer = server.query(query.clone()).await;
    for row in &answer.rows {
        assert_eq!((row.rank, row.ranked, row.values[0].standing.is_none()), (0, 0, true), "{row:?}");
        assert_eq!(row.values[1].standing.as_ref().unwrap().ranked, 2);
    }
    rate(db, ("USD", "JPY"), "2024-01-01", "150").await;
    let answer = server.query(into("USD", query)).await;
    assert_eq!(lines(&answer.rows, value), ["0 USD 7.00 1", "0 JPY 6.67 1"]);
    assert_eq!(answer.rows.iter().map(|row| (row.rank, row.ranked)).collect::<Vec<_>>(), [(1, 2), (2, 2)]);
}
