//! Valid requests of every RPC.

use crate::support::{any_of, dates, query_of};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::order_by::Key;
use crm_kpi::proto::period::Kind;
use crm_kpi::proto::stream_rep_breakdown_response::Frame;
use crm_kpi::proto::{self, KpiQuery};
use prost::Message;
use tonic::transport::Channel;

/// A method and a request of it.
#[derive(Clone, Debug)]
pub struct Sample {
    pub method: &'static str,
    pub bytes: Vec<u8>,
}

fn sample(method: &'static str, request: &impl Message) -> Sample {
    Sample { method, bytes: request.encode_to_vec() }
}

/// A year that has rows, and a quarter of it.
pub type Periods = [(&'static str, &'static str); 2];

fn queries([year, quarter]: Periods) -> Vec<KpiQuery> {
    let query_of = |kpis: &[&str]| KpiQuery { period: dates(year.0, year.1), ..query_of(kpis) };
    let by_value = proto::OrderBy { descending: true, key: Some(Key::KpiId("won_value".into())) };
    let by_rep = proto::OrderBy { descending: false, key: Some(Key::Dimension("rep".into())) };
    let base = KpiQuery { group_by: vec!["rep".into()], ..query_of(&["won_value", "win_rate"]) };
    let this_quarter = proto::RelativePeriod { unit: proto::Grain::Quarter.into(), offset: 0, count: 2, to_date: true };
    let jalali = proto::Calendar {
        time_zone: "Asia/Tehran".into(),
        system: proto::CalendarSystem::SolarHijri.into(),
        week_start: proto::Weekday::Saturday.into(),
        fiscal_year_start_month: 4,
    };
    let none_of =
        proto::Filter { dimension: "segment".into(), none_of: vec!["smb".into(), String::new()], ..Default::default() };
    vec![
        base.clone(),
        KpiQuery { order_by: vec![by_value, by_rep], limit: 3, include_standing: true, ..base.clone() },
        KpiQuery { filters: vec![any_of("rep", &["rep-1", "rep-2", ""]), none_of], ..base.clone() },
        KpiQuery {
            period: Some(proto::Period { kind: Some(Kind::Relative(this_quarter)) }),
            grain: proto::Grain::Month.into(),
            calendar: Some(jalali),
            compare_to: proto::Comparison::PreviousYear.into(),
            language_code: "fa".into(),
            ..query_of(&["open_opportunities", "order_count"])
        },
        KpiQuery {
            grain: proto::Grain::Week.into(),
            include_targets: true,
            include_empty: true,
            currency_code: "USD".into(),
            period: dates(quarter.0, quarter.1),
            ..base
        },
    ]
}

/// Requests with tokens and an etag that a server gave, and others.
pub async fn samples(client: KpiServiceClient<Channel>) -> Vec<Sample> {
    samples_of(client, [("2017-01-01", "2017-12-31"), ("2017-10-01", "2017-12-31")]).await
}

/// The same, about other times.
pub async fn samples_of(mut client: KpiServiceClient<Channel>, periods: Periods) -> Vec<Sample> {
    let mut samples = vec![
        sample(
            "ListKpis",
            &proto::ListKpisRequest { search: "win".into(), language_code: "fa-IR".into(), available_only: true },
        ),
        sample("GetDataVersion", &proto::GetDataVersionRequest {}),
    ];
    let mut values = proto::ListDimensionValuesRequest {
        dimension: "rep".into(),
        search: "rep".into(),
        page_size: 2,
        ..Default::default()
    };
    samples.push(sample("ListDimensionValues", &values));
    values.page_token =
        client.list_dimension_values(values.clone()).await.expect("values").into_inner().next_page_token;
    assert!(!values.page_token.is_empty());
    samples.push(sample("ListDimensionValues", &values));

    let mut batch = proto::BatchQueryKpisRequest::default();
    for query in queries(periods) {
        let validate_only = proto::QueryKpisRequest { query: Some(query), validate_only: true, ..Default::default() };
        client.query_kpis(validate_only.clone()).await.expect("a valid query");
        let request = proto::QueryKpisRequest { page_size: 2, validate_only: false, ..validate_only.clone() };
        samples.extend([sample("QueryKpis", &validate_only), sample("QueryKpis", &request)]);
        batch.requests.push(validate_only);
    }
    let mut page =
        proto::QueryKpisRequest { query: queries(periods).into_iter().next(), page_size: 2, ..Default::default() };
    let answer = client.query_kpis(page.clone()).await.expect("a page").into_inner();
    let known = proto::QueryKpisRequest { known_etag: answer.etag, ..page.clone() };
    page.page_token = answer.next_page_token;
    samples.extend([sample("QueryKpis", &known), sample("QueryKpis", &page)]);
    client.batch_query_kpis(batch.clone()).await.expect("a valid batch");
    samples.push(sample("BatchQueryKpis", &batch));

    let mut breakdown = proto::StreamRepBreakdownRequest {
        query: queries(periods).into_iter().next(),
        batch_rows: 2,
        ..Default::default()
    };
    samples.push(sample("StreamRepBreakdown", &breakdown));
    let mut stream = client.stream_rep_breakdown(breakdown.clone()).await.expect("a stream").into_inner();
    while let Some(message) = stream.message().await.expect("a message") {
        if let Some(Frame::Batch(batch)) = message.frame {
            breakdown.resume_token = batch.resume_token;
        }
    }
    assert!(!breakdown.resume_token.is_empty());
    samples.push(sample("StreamRepBreakdown", &breakdown));
    let quality = proto::CheckDataQualityRequest {
        rule_ids: vec!["no_such_rule".into()],
        rep_ids: vec!["rep-1".into(), String::new()],
        team_ids: vec!["east".into()],
        minimum_severity: proto::Severity::Error.into(),
        max_records_per_rule: 3,
    };
    samples.push(sample("CheckDataQuality", &quality));
    samples
}
