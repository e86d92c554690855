//! Requests that break the contract's rules: each gets a clear status that names the field and what to write.

use crate::support::{
    Kind, Refusal, TestDatabase, TestServer, any_of, dates, none_of, on_every_database, query_of, sample,
};
use crm_kpi::proto::hierarchy_rows::Rows;
use crm_kpi::proto::order_by::Key;
use crm_kpi::proto::{self, HierarchyLevel, HierarchyRows, KpiQuery, QueryKpisRequest};
use tonic::Code::{FailedPrecondition, InvalidArgument};

on_every_database!(
    every_rule_names_its_field,
    everything_wrong_is_told_at_once,
    very_many_violations_still_arrive,
    tokens_of_other_requests_are_refused,
    an_empty_database_answers,
    a_database_without_tables_says_what_to_run,
);

async fn refused(server: &TestServer, request: QueryKpisRequest) -> Refusal {
    Refusal::of(&server.client().query_kpis(request).await.unwrap_err())
}

fn good() -> KpiQuery {
    query_of(&["win_rate"])
}

fn relative(unit: proto::Grain, offset: i32, count: i32, to_date: bool) -> Option<proto::Period> {
    let period = proto::RelativePeriod { unit: unit.into(), offset, count, to_date };
    Some(proto::Period { kind: Some(proto::period::Kind::Relative(period)) })
}

fn zone(time_zone: &str) -> Option<proto::Calendar> {
    Some(proto::Calendar { time_zone: time_zone.into(), ..Default::default() })
}

fn order(key: Key) -> proto::OrderBy {
    proto::OrderBy { descending: false, key: Some(key) }
}

type Change = Box<dyn Fn(&mut KpiQuery)>;

fn case(change: impl Fn(&mut KpiQuery) + 'static) -> Change {
    Box::new(change)
}

/// A change of a query by team.
fn by_team(change: impl Fn(&mut KpiQuery) + 'static) -> Change {
    case(move |query| {
        query.group_by = ids(&["team"]);
        change(query);
    })
}

fn rows(rows: Rows) -> Option<HierarchyRows> {
    Some(HierarchyRows { rows: Some(rows) })
}

fn level(level: HierarchyLevel) -> Option<HierarchyRows> {
    rows(Rows::Level(level.into()))
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// A change that breaks one rule, the field that it breaks, and what is said about it.
fn cases() -> Vec<(Change, &'static str, &'static str)> {
    use proto::Grain;
    vec![
        (case(|q| q.kpi_ids.clear()), "query.kpi_ids", "1 to 200"),
        (case(|q| q.kpi_ids = ids(&["win_rat"])), "query.kpi_ids[0]", "did you mean \"win_rate\"?"),
        (case(|q| q.kpi_ids = ids(&["win_rate", ""])), "query.kpi_ids[1]", "is empty"),
        (case(|q| q.kpi_ids = ids(&["win_rate", "win_rate"])), "query.kpi_ids[1]", "duplicate KPI"),
        (case(|q| q.period = None), "query.period", "is required"),
        (case(|q| q.period = Some(proto::Period::default())), "query.period", "is required"),
        (case(|q| q.period = dates("2017-12-31", "2017-01-01")), "query.period.dates.last_date", "is after the last"),
        (case(|q| q.period = dates("2017-02-30", "2017-12-31")), "query.period.dates.first_date", "not a day"),
        (case(|q| q.period = dates("2017-1-1", "2017-12-31")), "query.period.dates.first_date", "YYYY-MM-DD"),
        (case(|q| q.period = dates("2017-01-01", "")), "query.period.dates.last_date", "is required"),
        (case(|q| q.period = dates("1899-12-31", "2017-01-01")), "query.period.dates.first_date", "1900-01-01"),
        (case(|q| q.period = relative(Grain::Unspecified, 0, 1, false)), "query.period.relative.unit", "GRAIN_DAY"),
        (case(|q| q.period = relative(Grain::Day, 10_001, 1, false)), "query.period.relative.offset", "-10000 to"),
        (case(|q| q.period = relative(Grain::Day, 0, -1, false)), "query.period.relative.count", "0 to 10000"),
        (case(|q| q.period = relative(Grain::Day, 5, 1, true)), "query.period.relative", "begins after today"),
        (case(|q| q.period = relative(Grain::Year, 9_000, 1, false)), "query.period.relative", "between 1900"),
        (case(|q| q.grain = 99), "query.grain", "unknown grain 99"),
        (
            case(|q| {
                q.grain = Grain::Day.into();
                q.period = dates("2000-01-01", "2020-01-01");
            }),
            "query.grain",
            "has 7306 buckets of that grain, and a query has at most 3700",
        ),
        (case(|q| q.calendar = zone("Berlin")), "query.calendar.time_zone", "did you mean \"Europe/Berlin\"?"),
        (case(|q| q.calendar = zone("Europe/Berln")), "query.calendar.time_zone", "did you mean \"Europe/Berlin\"?"),
        (
            case(|q| q.calendar = Some(proto::Calendar { week_start: 9, ..Default::default() })),
            "query.calendar.week_start",
            "unknown weekday 9",
        ),
        (
            case(|q| q.calendar = Some(proto::Calendar { fiscal_year_start_month: 13, ..Default::default() })),
            "query.calendar.fiscal_year_start_month",
            "1 to 12",
        ),
        (
            case(|q| q.calendar = Some(proto::Calendar { system: 7, ..Default::default() })),
            "query.calendar.system",
            "unknown calendar system 7",
        ),
        (
            case(|q| q.period = dates("1403-07-01", "2024-12-31")),
            "query.period.dates.first_date",
            "calendar.system CALENDAR_SYSTEM_SOLAR_HIJRI",
        ),
        (
            case(|q| {
                q.period = dates("1404-12-30", "1405-01-01");
                q.calendar =
                    Some(proto::Calendar { system: proto::CalendarSystem::SolarHijri.into(), ..Default::default() });
            }),
            "query.period.dates.first_date",
            "is not a day of the Solar Hijri calendar",
        ),
        (case(|q| q.compare_to = 9), "query.compare_to", "unknown comparison"),
        (
            case(|q| q.currency_code = "euro".into()),
            "query.currency_code",
            "unknown currency \"euro\": use a code of ISO 4217",
        ),
        (case(|q| q.include_standing = true), "query.include_standing", "needs a dimension in group_by"),
        (case(|q| q.filters = vec![any_of("segmnt", &["x"])]), "query.filters[0].dimension", "\"segment\""),
        (case(|q| q.filters = vec![any_of("segment", &[])]), "query.filters[0].any_of", "at least one id"),
        (
            case(|q| {
                let any_of = ids(&["a"]);
                q.filters = vec![proto::Filter { none_of: ids(&["b"]), ..none_of("segment", &[]) }];
                q.filters[0].any_of = any_of;
            }),
            "query.filters[0]",
            "both any_of and none_of",
        ),
        (
            case(|q| q.filters = vec![any_of("segment", &["a"]), none_of("segment", &["b"])]),
            "query.filters[1].dimension",
            "twice",
        ),
        (
            case(|q| q.filters = vec![any_of("churn_reason", &["x"])]),
            "query.filters[0].dimension",
            "it has account, country, currency, forecast_category, industry, loss_reason, pipeline",
        ),
        (case(|q| q.filters = vec![none_of("segment", &["a", "b\0"])]), "query.filters[0].none_of[1]", "U+0000"),
        (
            case(|q| {
                let values: Vec<_> = (0..10_000).map(|n| n.to_string()).collect();
                q.filters = vec![proto::Filter { dimension: "rep".into(), any_of: values, none_of: Vec::new() }];
            }),
            "query.filters",
            "has 10000 values, at most 1000",
        ),
        (case(|q| q.group_by = ids(&["rep", "tema"])), "query.group_by[1]", "did you mean \"team\"?"),
        (case(|q| q.group_by = ids(&["rep", "rep"])), "query.group_by[1]", "duplicate dimension"),
        (
            case(|q| q.group_by = ids(&["churn_reason"])),
            "query.group_by[0]",
            "not a dimension of win_rate: it has account",
        ),
        (
            case(|q| {
                q.kpi_ids = ids(&["win_rate", "order_count"]);
                q.group_by = ids(&["order_kind"]);
            }),
            "query.group_by[0]",
            "\"order_kind\" is not a dimension of win_rate: all KPIs of this query have account, country",
        ),
        (
            case(|q| q.group_by = ids(&["rep", "team", "segment", "region", "country", "account", "industry"])),
            "query.group_by",
            "at most 6",
        ),
        (case(|q| q.order_by = vec![proto::OrderBy::default()]), "query.order_by[0]", "kpi_id or dimension"),
        (
            case(|q| q.order_by = vec![order(Key::KpiId("won_value".into()))]),
            "query.order_by[0].kpi_id",
            "not in kpi_ids",
        ),
        (
            case(|q| q.order_by = vec![order(Key::Dimension("rep".into()))]),
            "query.order_by[0].dimension",
            "not in group_by",
        ),
        (
            case(|q| q.order_by = vec![order(Key::KpiId("win_rate".into())), order(Key::KpiId("win_rate".into()))]),
            "query.order_by[1]",
            "duplicate",
        ),
        (case(|q| q.include_empty = true), "query.include_empty", "exactly one dimension"),
        (case(|q| q.limit = -1), "query.limit", "negative"),
        (case(|q| q.compare_to = 99), "query.compare_to", "unknown comparison"),
        (case(|q| q.hierarchy = level(HierarchyLevel::Top)), "query.hierarchy", "needs \"team\" in group_by"),
        (by_team(|q| q.hierarchy = Some(HierarchyRows::default())), "query.hierarchy", "level or children_of"),
        (by_team(|q| q.hierarchy = level(HierarchyLevel::Unspecified)), "query.hierarchy.level", "is required"),
        (by_team(|q| q.hierarchy = rows(Rows::Level(9))), "query.hierarchy.level", "unknown level 9"),
        (by_team(|q| q.hierarchy = rows(Rows::ChildrenOf("".into()))), "query.hierarchy.children_of", "names no team"),
        (by_team(|q| q.hierarchy = rows(Rows::ChildrenOf("\0".into()))), "query.hierarchy.children_of", "U+0000"),
    ]
}

async fn every_rule_names_its_field(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    for (change, field, part) in cases() {
        let mut query = good();
        change(&mut query);
        let request = QueryKpisRequest { query: Some(query), ..Default::default() };
        refused(&server, request).await.must_be(InvalidArgument, "INVALID_REQUEST", &[(field, part)]);
    }
    let huge = QueryKpisRequest { query: Some(good()), page_size: 1_000_000, ..Default::default() };
    refused(&server, huge).await.must_be(InvalidArgument, "INVALID_REQUEST", &[("page_size", "expected 1 to 10000")]);
    let nothing = refused(&server, QueryKpisRequest::default()).await;
    nothing.must_be(InvalidArgument, "INVALID_REQUEST", &[("query", "is required")]);

    let values = proto::ListDimensionValuesRequest {
        dimension: "segmint".into(),
        search: "\0".into(),
        page_size: -1,
        page_token: String::new(),
    };
    let status = server.client().list_dimension_values(values).await.unwrap_err();
    Refusal::of(&status).must_be(
        InvalidArgument,
        "INVALID_REQUEST",
        &[("dimension", "\"segment\""), ("page_size", "1 to 10000"), ("search", "U+0000")],
    );

    let stream = proto::StreamRepBreakdownRequest {
        query: Some(KpiQuery { group_by: ids(&["team"]), include_empty: true, ..good() }),
        batch_rows: 10_001,
        ..Default::default()
    };
    Refusal::of(&server.stream_request(stream).await.unwrap_err()).must_be(
        InvalidArgument,
        "INVALID_REQUEST",
        &[("query.include_empty", "\"rep\" alone"), ("batch_rows", "1 to 10000")],
    );
    assert_eq!(server.query(good()).await.totals.len(), 1, "the server goes on");
}

async fn everything_wrong_is_told_at_once(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let bad = KpiQuery {
        kpi_ids: ids(&["win_rate", "revenue"]),
        period: dates("2017-13-01", "soon"),
        calendar: zone("Mars/Phobos"),
        filters: vec![any_of("segment", &[]), any_of("xyzzy", &["a"])],
        limit: -5,
        ..Default::default()
    };
    let good = QueryKpisRequest { query: Some(good()), ..Default::default() };
    let bad = QueryKpisRequest { query: Some(bad), page_size: -1, ..Default::default() };
    let batch = proto::BatchQueryKpisRequest { requests: vec![good, bad, QueryKpisRequest::default()] };
    let refusal = Refusal::of(&server.client().batch_query_kpis(batch).await.unwrap_err());
    refusal.must_be(
        InvalidArgument,
        "INVALID_REQUEST",
        &[
            ("requests[1].query.kpi_ids[1]", "unknown KPI"),
            ("requests[1].query.calendar.time_zone", "unknown time zone"),
            ("requests[1].query.period.dates.first_date", "not a day"),
            ("requests[1].query.period.dates.last_date", "YYYY-MM-DD"),
            ("requests[1].query.filters[0].any_of", "is empty"),
            ("requests[1].query.filters[1].dimension", "unknown dimension"),
            ("requests[1].query.limit", "negative"),
            ("requests[1].page_size", "1 to 10000"),
            ("requests[2].query", "is required"),
        ],
    );
    let none = server.client().batch_query_kpis(proto::BatchQueryKpisRequest::default()).await.unwrap_err();
    Refusal::of(&none).must_be(InvalidArgument, "INVALID_REQUEST", &[("requests", "1 to 50")]);
    let many = proto::BatchQueryKpisRequest { requests: vec![QueryKpisRequest::default(); 51] };
    let many = Refusal::of(&server.client().batch_query_kpis(many).await.unwrap_err());
    assert_eq!(many.violations[0].0, "requests");
}

/// Metadata beyond 8 KiB would be dropped on the way, with all that they say.
async fn very_many_violations_still_arrive(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let long = "ж".repeat(5_000);
    let query = KpiQuery { kpi_ids: vec![long; 250], ..good() };
    let refusal = refused(&server, QueryKpisRequest { query: Some(query), ..Default::default() }).await;
    assert_eq!((refusal.code, refusal.reason.as_str()), (InvalidArgument, "INVALID_REQUEST"));
    assert_eq!(refusal.violations[0].0, "query.kpi_ids");
    let (field, last) = refusal.violations.last().unwrap();
    assert!(field.starts_with("query.kpi_ids[") && last.contains("more violations"), "{field}: {last}");
}

async fn tokens_of_other_requests_are_refused(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    let server = TestServer::start(database).await;
    let query = KpiQuery { group_by: ids(&["rep"]), ..good() };
    let request = QueryKpisRequest { query: Some(query.clone()), page_size: 2, ..Default::default() };
    let page = server.client().query_kpis(request.clone()).await.unwrap().into_inner();
    let stream = server.stream(query.clone(), 2).await;

    let other = KpiQuery { limit: 8, ..query.clone() };
    for (query, page_token) in [
        (other.clone(), page.next_page_token.clone()),
        (query.clone(), stream.batches[0].resume_token.clone()),
        (query.clone(), "garbage".into()),
        (query.clone(), "e30".into()),
    ] {
        let request = QueryKpisRequest { query: Some(query), page_token, ..Default::default() };
        refused(&server, request).await.must_be(InvalidArgument, "INVALID_TOKEN", &[("page_token", "")]);
    }
    for (query, resume_token) in [(other, stream.batches[0].resume_token.clone()), (query, page.next_page_token)] {
        let request = proto::StreamRepBreakdownRequest { query: Some(query), resume_token, ..Default::default() };
        let refusal = Refusal::of(&server.stream_request(request).await.unwrap_err());
        refusal.must_be(InvalidArgument, "INVALID_TOKEN", &[("resume_token", "")]);
    }
    let values = proto::ListDimensionValuesRequest {
        dimension: "team".into(),
        page_token: stream.batches[0].resume_token.clone(),
        ..Default::default()
    };
    let refusal = Refusal::of(&server.client().list_dimension_values(values).await.unwrap_err());
    refusal.must_be(InvalidArgument, "INVALID_TOKEN", &[("page_token", "")]);
}

async fn an_empty_database_answers(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let query = KpiQuery { group_by: ids(&["rep"]), ..query_of(&["won_value", "win_rate"]) };
    let answer = server.query(query.clone()).await;
    assert!(answer.rows.is_empty());
    for value in &answer.totals[0].values {
        assert_eq!((value.value.as_deref(), value.null_reason()), (None, proto::NullReason::NoSource));
    }
    let stream = server.stream(query, 0).await;
    assert_eq!((stream.rows(), stream.totals()), (answer.rows, answer.totals));
    let values = proto::ListDimensionValuesRequest { dimension: "rep".into(), ..Default::default() };
    let values = server.client().list_dimension_values(values).await.unwrap().into_inner();
    assert!(values.values.is_empty() && values.next_page_token.is_empty());
}

async fn a_database_without_tables_says_what_to_run(kind: Kind) {
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    let mut client = server.client();
    let request = QueryKpisRequest { query: Some(good()), ..Default::default() };
    let values = proto::ListDimensionValuesRequest { dimension: "rep".into(), ..Default::default() };
    let stream = proto::StreamRepBreakdownRequest { query: Some(good()), ..Default::default() };
    let refusals = [
        client.query_kpis(request.clone()).await.unwrap_err(),
        client.batch_query_kpis(proto::BatchQueryKpisRequest { requests: vec![request] }).await.unwrap_err(),
        client.list_dimension_values(values).await.unwrap_err(),
        client.get_data_version(proto::GetDataVersionRequest {}).await.unwrap_err(),
        *server.stream_request(stream).await.unwrap_err(),
    ];
    for status in refusals {
        let refusal = Refusal::of(&status);
        refusal.must_be(FailedPrecondition, "SCHEMA_NOT_READY", &[]);
        assert!(refusal.message.contains("crm-kpi migrate up") && !refusal.retryable, "{refusal:?}");
    }
    let invalid = QueryKpisRequest { query: Some(query_of(&["xyzzy"])), ..Default::default() };
    refused(&server, invalid).await.must_be(InvalidArgument, "INVALID_REQUEST", &[("query.kpi_ids[0]", "unknown KPI")]);
    let catalogue = client.list_kpis(proto::ListKpisRequest::default()).await.unwrap().into_inner();
    assert!(!catalogue.kpis.is_empty());
}
