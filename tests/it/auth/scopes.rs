//! What a token shows is what a filter by its teams or reps shows to somebody who sees everything.

use super::{serve, with};
use crate::support::{Kind, Refusal, TestDatabase, TestServer, any_of, on_every_database, query_of, sample};
use crm_kpi::proto::check_data_quality_response::Frame as Checked;
use crm_kpi::proto::stream_rep_breakdown_response::Frame;
use crm_kpi::proto::{
    self, Filter, KpiQuery, QueryKpisRequest, QueryKpisResponse, ResultRow, StreamRepBreakdownRequest,
};
use crm_kpi::server::auth::hash;
use sea_orm::ConnectionTrait;
use std::fs;
use tonic::Code;

on_every_database!(
    a_scope_reaches_queries_batches_and_streams,
    a_scope_reaches_the_values_of_dimensions,
    a_scope_reaches_the_quality_of_data,
    what_one_token_was_given_does_not_serve_another,
);

/// A server with tokens "all", "east" and "two", the latter for two reps.
async fn server(kind: Kind) -> TestServer {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.toml");
    let entry =
        |token: &str, scope: &str| format!("[[token]]\nname = \"{token}\"\nsha256 = \"{}\"\n{scope}\n", hash(token));
    let entries = [
        entry("all", "everything = true"),
        entry("east", "teams = ['east']"),
        entry("two", "reps = ['rep-2', 'rep-1']"),
    ];
    fs::write(&path, entries.concat()).unwrap();
    serve(database, |settings| settings.auth.tokens = Some(path)).await
}

/// The tokens that do not show everything, and the filters that keep the same.
fn scopes() -> [(&'static str, Filter); 2] {
    [("east", any_of("team", &["east"])), ("two", any_of("rep", &["rep-1", "rep-2"]))]
}

fn queries() -> Vec<KpiQuery> {
    let base = query_of(&["won_value", "win_rate", "total_sales"]);
    let by = |keys: &[&str]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
    vec![
        base.clone(),
        KpiQuery { grain: proto::Grain::Month.into(), group_by: by(&["rep"]), ..base.clone() },
        KpiQuery { group_by: by(&["segment"]), ..base.clone() },
        KpiQuery { group_by: by(&["team", "region"]), limit: 1, ..base },
    ]
}

fn filtered(query: &KpiQuery, filter: &Filter) -> KpiQuery {
    KpiQuery { filters: vec![filter.clone()], ..query.clone() }
}

fn request(query: KpiQuery) -> QueryKpisRequest {
    QueryKpisRequest { query: Some(query), ..Default::default() }
}

async fn ask(server: &TestServer, token: &str, request: QueryKpisRequest) -> QueryKpisResponse {
    server.client().query_kpis(with(token, request)).await.unwrap().into_inner()
}

fn figures(answer: &QueryKpisResponse) -> (&[ResultRow], &[ResultRow]) {
    (&answer.rows, &answer.totals)
}

async fn stream(server: &TestServer, token: &str, query: KpiQuery) -> (Vec<ResultRow>, Vec<ResultRow>) {
    let request = StreamRepBreakdownRequest { query: Some(query), batch_rows: 2, ..Default::default() };
    let mut stream = server.client().stream_rep_breakdown(with(token, request)).await.unwrap().into_inner();
    let (mut rows, mut totals) = (Vec::new(), Vec::new());
    while let Some(message) = stream.message().await.unwrap() {
        match message.frame.unwrap() {
            Frame::Header(_) => {}
            Frame::Batch(batch) => rows.extend(batch.rows),
            Frame::Summary(summary) => totals = summary.totals,
        }
    }
    (rows, totals)
}

async fn a_scope_reaches_queries_batches_and_streams(kind: Kind) {
    let server = server(kind).await;
    for (token, filter) in scopes() {
        let mut seen = Vec::new();
        for query in queries() {
            let within = ask(&server, token, request(query.clone())).await;
            let kept = ask(&server, "all", request(filtered(&query, &filter))).await;
            let whole = ask(&server, "all", request(query.clone())).await;
            assert_eq!(figures(&within), figures(&kept), "{token} {query:?}");
            assert_ne!(within.totals, whole.totals, "{token} {query:?}");
            assert_ne!(within.etag, whole.etag, "{token} {query:?}");
            seen.push(within);
        }
        let batch = proto::BatchQueryKpisRequest { requests: queries().into_iter().map(request).collect() };
        let batch = server.client().batch_query_kpis(with(token, batch)).await.unwrap().into_inner();
        assert_eq!(batch.responses, seen, "{token}");

        let query = KpiQuery { grain: proto::Grain::Quarter.into(), ..query_of(&["won_value", "win_rate"]) };
        let within = stream(&server, token, query.clone()).await;
        assert!(!within.0.is_empty());
        assert_eq!(within, stream(&server, "all", filtered(&query, &filter)).await, "{token}");
    }
}

async fn a_scope_reaches_the_values_of_dimensions(kind: Kind) {
    let server = server(kind).await;
    let values = async |token: &str, dimension: &str| {
        let request = proto::ListDimensionValuesRequest { dimension: dimension.into(), ..Default::default() };
        let values = server.client().list_dimension_values(with(token, request)).await.unwrap().into_inner().values;
        values.into_iter().map(|value| value.id).collect::<Vec<_>>()
    };
    assert_eq!(values("all", "rep").await.len(), sample::REPS);
    assert_eq!(values("east", "rep").await, ["rep-2", "rep-4", "rep-6", "rep-8"]);
    assert_eq!(values("two", "rep").await, ["rep-1", "rep-2"]);
    assert_eq!(values("all", "team").await, ["east", "west"]);
    assert_eq!(values("east", "team").await, ["east"]);
}

/// Everything that a check tells, without the rules themselves.
async fn check(server: &TestServer, token: &str, request: proto::CheckDataQualityRequest) -> Vec<Checked> {
    let mut stream = server.client().check_data_quality(with(token, request)).await.unwrap().into_inner();
    let mut frames = Vec::new();
    while let Some(message) = stream.message().await.unwrap() {
        frames.extend(message.frame.filter(|frame| !matches!(frame, Checked::Header(_))));
    }
    frames
}

async fn a_scope_reaches_the_quality_of_data(kind: Kind) {
    let server = server(kind).await;
    let faults = "UPDATE opportunities SET amount_minor = 0, account_id = NULL";
    server.database.connection.execute_unprepared(faults).await.unwrap();
    let whole = check(&server, "all", proto::CheckDataQualityRequest::default()).await;
    let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let asked = [
        ("east", proto::CheckDataQualityRequest { team_ids: ids(&["east"]), ..Default::default() }),
        ("two", proto::CheckDataQualityRequest { rep_ids: ids(&["rep-1", "rep-2"]), ..Default::default() }),
    ];
    for (token, request) in asked {
        let within = check(&server, token, proto::CheckDataQualityRequest::default()).await;
        assert!(within.iter().any(|frame| matches!(frame, Checked::Batch(_))), "{token}");
        assert_eq!(within, check(&server, "all", request).await, "{token}");
        assert_ne!(within, whole, "{token}");
    }
}

async fn what_one_token_was_given_does_not_serve_another(kind: Kind) {
    let server = server(kind).await;
    let by_rep = KpiQuery { group_by: vec!["rep".into()], ..query_of(&["won_value"]) };
    let first = QueryKpisRequest { page_size: 1, ..request(by_rep) };
    let pages = [("all", "east"), ("east", "two"), ("two", "all")];
    for (own, other) in pages {
        let answer = ask(&server, own, first.clone()).await;
        assert!(!answer.next_page_token.is_empty());
        let next = QueryKpisRequest { page_token: answer.next_page_token, ..first.clone() };
        assert_eq!(ask(&server, own, next.clone()).await.rows.len(), 1);
        let refusal = Refusal::of(&server.client().query_kpis(with(other, next)).await.unwrap_err());
        refusal.must_be(Code::InvalidArgument, "INVALID_TOKEN", &[("page_token", "another request")]);

        let known = QueryKpisRequest { known_etag: answer.etag, ..first.clone() };
        assert!(ask(&server, own, known.clone()).await.not_modified);
        assert!(!ask(&server, other, known).await.not_modified);

        let request =
            StreamRepBreakdownRequest { query: Some(query_of(&["won_value"])), batch_rows: 1, ..Default::default() };
        let mut stream = server.client().stream_rep_breakdown(with(own, request.clone())).await.unwrap().into_inner();
        let mut resume_token = String::new();
        while let Some(message) = stream.message().await.unwrap() {
            if let (Some(Frame::Batch(batch)), true) = (message.frame, resume_token.is_empty()) {
                resume_token = batch.resume_token;
            }
        }
        let resumed = StreamRepBreakdownRequest { resume_token, ..request };
        assert!(server.client().stream_rep_breakdown(with(own, resumed.clone())).await.is_ok());
        let refusal = Refusal::of(&server.client().stream_rep_breakdown(with(other, resumed)).await.unwrap_err());
        refusal.must_be(Code::InvalidArgument, "INVALID_TOKEN", &[("resume_token", "another request")]);
    }
}
