//! What operators see: metrics, probes, ids in logs, traces.

use crate::support::{
    Kind, TestDatabase, TestServer, connect, dates, http, on_every_database, query_of, sample, settings, stop,
};
use crm_kpi::clock::SystemClock;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{self, KpiQuery, QueryKpisRequest};
use crm_kpi::server;
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{TraceService, TraceServiceServer};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value;
use opentelemetry_proto::tonic::trace::v1::Span;
use std::collections::HashMap;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tonic::Request;
use tonic::transport::server::TcpIncoming;

on_every_database!(what_happens_is_counted);

/// A page of the listener of metrics: its status and its text.
async fn page(address: std::net::SocketAddr, path: &str) -> (u16, String) {
    let page = http::page(address, path, None).await;
    (page.status, page.text)
}

/// The samples of a scrape, by name and labels.
async fn scrape(address: std::net::SocketAddr) -> HashMap<String, f64> {
    let open_metrics = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
    let http::Page { status, format, text } = http::page(address, "/metrics", Some(open_metrics)).await;
    assert_eq!((status, format.as_str()), (200, "application/openmetrics-text; version=1.0.0; charset=utf-8"));
    assert!(text.ends_with("# EOF\n"), "{text}");
    let mut families = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().expect("a name");
        assert!(!families.contains(&name), "{name} is there twice");
        families.push(name);
    }
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let sample = |line: &str| {
        let (name, value) = line.rsplit_once(' ').expect("a name and a value");
        (name.to_owned(), value.parse().expect("a number"))
    };
    samples.map(sample).collect()
}

async fn what_happens_is_counted(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    let settings = crm_kpi::config::Settings { metrics: Some(([127, 0, 0, 1], 0).into()), ..settings(&database.url) };
    let running = server::start(&settings, Arc::new(SystemClock)).await.expect("a server");
    let address = running.metrics.expect("a listener of metrics");
    running.ready().await;
    let server = TestServer { database, channel: connect(&running).await, running };
    while page(address, "/readyz").await.0 != 200 {}
    assert_eq!(page(address, "/livez").await.0, 200);
    assert_eq!(page(address, "/nothing").await.0, 404);

    let http::Page { status, format, text } = http::page(address, "/metrics", None).await;
    assert_eq!((status, format.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
    assert!(text.contains("# TYPE grpc_server_started_total counter\n") && !text.contains("# EOF"), "{text}");
    assert!(text.contains("\ncrm_kpi_ready 1\n"), "{text}");

    let before = scrape(address).await;
    assert_eq!(before["crm_kpi_ready"], 1.0);
    for limit in ["queries", "connections", "request_bytes", "figures", "stall"] {
        assert_eq!(before[&format!("crm_kpi_refused_total{{limit=\"{limit}\"}}")], 0.0);
    }
    let answer = server.query(query_of(&["won_value"])).await;
    let known =
        QueryKpisRequest { query: Some(query_of(&["won_value"])), known_etag: answer.etag, ..Default::default() };
    assert!(server.client().query_kpis(known).await.unwrap().into_inner().not_modified);
    server.client().query_kpis(QueryKpisRequest::default()).await.unwrap_err();
    let stream = server.stream(query_of(&["won_value"]), 2).await;
    let messages = stream.batches.len() + 2;

    let after = scrape(address).await;
    let labels = |kind: &str, method: &str| {
        format!("grpc_type=\"{kind}\",grpc_service=\"crm.kpi.v1.KpiService\",grpc_method=\"{method}\"")
    };
    let query = labels("unary", "QueryKpis");
    let breakdown = labels("server_stream", "StreamRepBreakdown");
    for (name, expected) in [
        (format!("grpc_server_started_total{{{query}}}"), 3.0),
        (format!("grpc_server_handled_total{{{query},grpc_code=\"OK\"}}"), 2.0),
        (format!("grpc_server_handled_total{{{query},grpc_code=\"InvalidArgument\"}}"), 1.0),
        (format!("grpc_server_handling_seconds_count{{{query}}}"), 3.0),
        (format!("grpc_server_msg_sent_total{{{query}}}"), 2.0),
        (format!("grpc_server_handled_total{{{breakdown},grpc_code=\"OK\"}}"), 1.0),
        (format!("grpc_server_msg_sent_total{{{breakdown}}}"), messages as f64),
        ("crm_kpi_unchanged_answers_total".into(), 1.0),
        ("crm_kpi_queries_active".into(), 0.0),
        ("crm_kpi_queries_waiting".into(), 0.0),
        ("crm_kpi_connections".into(), 1.0),
        ("crm_kpi_pool_max_connections".into(), 10.0),
        ("crm_kpi_statements_stopped_total".into(), 0.0),
    ] {
        assert_eq!(after.get(&name), Some(&expected), "{name}");
    }
    assert!(after["crm_kpi_statements_total"] > before["crm_kpi_statements_total"]);
    assert!(after["crm_kpi_rows_read_total"] > before["crm_kpi_rows_read_total"]);
    assert!(after["crm_kpi_statement_seconds_count"] == after["crm_kpi_statements_total"]);
    assert!(stop(server.running, Duration::from_secs(10)).await);
}

/// Takes traces, as a collector does.
struct Collector(mpsc::UnboundedSender<Span>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<tonic::Response<ExportTraceServiceResponse>, tonic::Status> {
        let resources = request.into_inner().resource_spans;
        let spans = resources.into_iter().flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans);
        spans.for_each(|span| drop(self.0.send(span)));
        Ok(tonic::Response::new(ExportTraceServiceResponse::default()))
    }
}

/// The program itself: logs and traces are the whole process's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_known_by_its_ids_in_logs_and_traces() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let collector = listener.local_addr().unwrap();
    let (sender, mut spans) = mpsc::unbounded_channel();
    let serving = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(Collector(sender)))
        .serve_with_incoming(TcpIncoming::from(listener));
    let serving = tokio::spawn(serving);

    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_crm-kpi"))
        .args(["serve", "--database", &database.url, "--listen", "127.0.0.1:0", "--log-format", "json"])
        .args(["--set", &format!("telemetry.otlp_endpoint=http://{collector}")])
        .env_remove("RUST_LOG")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program");
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let ready = lines.next_line().await.unwrap().expect("a line");
    let endpoint = ready.split_whitespace().last().unwrap().to_owned();

    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let secret_filter = crate::support::any_of("rep", &["hush-hush"]);
    let query =
        KpiQuery { filters: vec![secret_filter], period: dates("2017-01-01", "2017-12-31"), ..query_of(&["win_rate"]) };
    let mut request = Request::new(QueryKpisRequest { query: Some(query), ..Default::default() });
    request.metadata_mut().insert("traceparent", format!("00-{trace}-00f067aa0ba902b7-01").parse().unwrap());
    request.metadata_mut().insert("x-request-id", "order-66".parse().unwrap());
    request.metadata_mut().insert("authorization", "Bearer open-sesame".parse().unwrap());
    request.metadata_mut().insert("x-forwarded-for", "203.0.113.7, 10.0.0.1".parse().unwrap());
    let mut client = KpiServiceClient::connect(endpoint).await.unwrap();
    let answer = client.query_kpis(request).await.unwrap();
    assert_eq!(answer.metadata().get("x-request-id").unwrap(), "order-66");
    let refused = client.query_kpis(QueryKpisRequest::default()).await.unwrap_err();
    assert_eq!(refused.metadata().get("x-request-id").unwrap().len(), 16);
    client.get_data_version(proto::GetDataVersionRequest {}).await.unwrap();

    let pid = i32::try_from(program.id().unwrap()).unwrap();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid.to_string()]).status().unwrap().success());
    let mut log = String::new();
    program.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
    assert!(program.wait().await.unwrap().success(), "{log}");
    serving.abort();

    let entries: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let answered =
        entries.iter().find(|entry| entry["span"]["request_id"] == "order-66").expect("an entry of the call");
    assert_eq!(answered["fields"]["message"], "answered");
    assert_eq!(answered["fields"]["code"], "OK");
    assert!(answered["fields"]["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{answered}");
    assert!(answered["fields"]["user_agent"].as_str().unwrap().starts_with("tonic/"), "{answered}");
    assert_eq!(answered["fields"]["forwarded_for"], "203.0.113.7, 10.0.0.1");
    assert_eq!(answered["span"]["trace_id"], trace);
    assert_eq!(answered["span"]["rpc"], "QueryKpis");
    assert_eq!(answered["span"]["caller"], "anybody");
    for secret in ["hush-hush", "open-sesame", "SELECT"] {
        assert!(!log.contains(secret), "{log}");
    }

    let mut found = Vec::new();
    while let Ok(span) = spans.try_recv() {
        found.push(span);
    }
    let in_trace = |span: &&Span| span.trace_id.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == trace;
    let call = found.iter().filter(in_trace).find(|span| span.name == "crm.kpi.v1.KpiService/QueryKpis");
    let call = call.unwrap_or_else(|| panic!("{found:?}"));
    assert_eq!(call.parent_span_id, [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
    let attribute = |name: &str| {
        let found = call.attributes.iter().find(|attribute| attribute.key == name);
        let value = found.and_then(|attribute| attribute.value.clone()).and_then(|value| value.value);
        match value {
            Some(any_value::Value::StringValue(text)) => text,
            Some(any_value::Value::IntValue(number)) => number.to_string(),
            other => panic!("{name}: {other:?}"),
        }
    };
    for (name, expected) in [
        ("rpc.system", "grpc"),
        ("rpc.service", "crm.kpi.v1.KpiService"),
        ("rpc.method", "QueryKpis"),
        ("rpc.grpc.status_code", "0"),
        ("server.address", "127.0.0.1"),
        ("client.address", "203.0.113.7"),
        ("network.peer.address", "127.0.0.1"),
        ("network.transport", "tcp"),
    ] {
        assert_eq!(attribute(name), expected, "{name}");
    }
    assert!(attribute("server.port").parse::<u16>().is_ok() && attribute("user_agent.original").starts_with("tonic/"));
    let scan = found.iter().filter(in_trace).find(|span| span.name == "scan").expect("a span of a scan");
    assert_eq!(scan.parent_span_id, call.span_id);
    let others: Vec<_> = found.iter().filter(|span| !in_trace(span)).map(|span| span.name.as_str()).collect();
    assert!(others.contains(&"crm.kpi.v1.KpiService/GetDataVersion"), "{others:?}");
}
