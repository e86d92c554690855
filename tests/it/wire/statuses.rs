//! Errors as they travel: small enough for proxies, and escaped as the protocol says.

use crate::abuse::raw::{connect, framed, head, path};
use crate::support::{Kind, Refusal, TestDatabase, TestServer, on_every_database, query_of};
use crm_kpi::proto::{KpiQuery, QueryKpisRequest};
use http::HeaderMap;
use prost::Message;

on_every_database!(a_status_fits_what_proxies_allow, only_what_must_be_is_escaped);

/// nginx has a buffer of this size for the head of an answer.
const BUFFER: usize = 4096;

/// The head of the answer to a request that is refused.
async fn refused(server: &TestServer, request: &QueryKpisRequest) -> HeaderMap {
    let (sender, _driving) = connect(server.running.address).await;
    let mut sender = sender.ready().await.unwrap();
    let mut head = head(server.running.address, &path("QueryKpis"));
    head.headers_mut().insert("x-request-id", "r".repeat(128).parse().unwrap());
    let (answer, mut stream) = sender.send_request(head, false).unwrap();
    stream.send_data(framed(request), true).unwrap();
    let answer = answer.await.unwrap();
    assert!(answer.headers().contains_key("grpc-status"), "{answer:?}");
    answer.into_parts().0.headers
}

/// Bytes of a head, as RFC 9113 (10.5.1) counts them.
fn size(headers: &HeaderMap) -> usize {
    let fields = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32);
    ":status".len() + "200".len() + 32 + fields.sum::<usize>()
}

async fn a_status_fits_what_proxies_allow(kind: Kind) {
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    let ids = |count: usize, id: &dyn Fn(usize) -> String| KpiQuery {
        kpi_ids: (0..count).map(id).collect(),
        ..query_of(&[])
    };
    let chinese =
        |n: usize| format!("{n:02}{}", "客户终身价值与获客成本之比".repeat(7).chars().take(82).collect::<String>());
    assert_eq!(chinese(7).chars().count(), 84);
    let cases: [(&str, usize, KpiQuery); 5] = [
        ("unknown ids", 40, ids(40, &|n| format!("no_such_kpi_{n}"))),
        ("ids of 84 Chinese characters", 30, ids(30, &chinese)),
        ("as many as there can be", 200, ids(200, &|n| format!("{n}%%%%%%%%%%%%"))),
        ("what escapes threefold", 31, ids(31, &|n| format!("{n:02}{}", "\u{1f600}".repeat(84)))),
        ("only one", 1, ids(1, &|_| "客".repeat(20_000))),
    ];
    for (what, count, query) in cases {
        let request = QueryKpisRequest { query: Some(query), ..Default::default() };
        let headers = refused(&server, &request).await;
        assert!(size(&headers) < BUFFER, "{what}: {} bytes", size(&headers));
        let status = server.client().query_kpis(request).await.unwrap_err();
        let raw = percent_encoding::percent_decode(headers["grpc-message"].as_bytes()).decode_utf8().unwrap();
        assert_eq!(status.message(), raw, "{what}");
        let refusal = Refusal::of(&status);
        assert_eq!(refusal.reason, "INVALID_REQUEST", "{what}");
        let (last, shown) = refusal.violations.split_last().unwrap();
        let left_out: usize = match last.1.strip_prefix("and ").and_then(|text| text.split_once(' ')) {
            Some((number, "more violations from here on")) => number.parse().unwrap(),
            _ => 1,
        };
        assert_eq!(shown.len() + left_out, count, "{what}: {refusal:#?}");
        let enough = if count > 1 { 6 } else { 0 };
        assert!(shown.len() >= enough, "{what}: only {} are shown", shown.len());
        assert!(shown.first().is_none_or(|(field, _)| field == "query.kpi_ids[0]"), "{what}");
        println!("{what}: {} of {count} in {} bytes", refusal.violations.len(), size(&headers));
        // The details hold the same status once more, whole.
        let inner = tonic_types::pb::Status::decode(status.details()).unwrap();
        assert_eq!((inner.code, inner.message.as_str()), (3, status.message()));
        let said = status.message();
        assert!(count == 1 || said.contains("; and ") && said.ends_with(" more"), "{what}: {said}");
    }
}

async fn only_what_must_be_is_escaped(kind: Kind) {
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    let request = QueryKpisRequest { query: Some(query_of(&["win_rat", "100%#<{`é"])), ..Default::default() };
    let headers = refused(&server, &request).await;
    let message = headers["grpc-message"].to_str().unwrap();
    assert!(message.contains("did you mean \"win_rate\"? ListKpis lists them all"), "{message}");
    assert!(message.contains("unknown KPI \"100%25#<{`%C3%A9\""), "{message}");
}
