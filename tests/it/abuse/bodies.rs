//! Heads and bodies that no client of ours would send.

use super::raw::{Answer, call, connect, framed, framed_bytes, head, path};
use super::{PATIENCE, Target, held, question};
use bytes::Bytes;
use h2::client::SendRequest;
use http::{HeaderValue, Request};
use tokio::time::timeout;

async fn ask(sender: &SendRequest<Bytes>, request: Request<()>, body: impl Into<Bytes>) -> Answer {
    timeout(PATIENCE, call(sender, request, body.into())).await.expect("in time").expect("an answer")
}

fn with(mut request: Request<()>, header: &'static str, value: &str) -> Request<()> {
    request.headers_mut().insert(header, HeaderValue::from_str(value).unwrap());
    request
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_call_is_refused() {
    let target = Target::start(|_| {}).await;
    let (sender, driving) = connect(target.address).await;
    let own = || head(target.address, &path("QueryKpis"));
    let good = framed(&question());
    assert_eq!(ask(&sender, own(), good.clone()).await.code, Some(0));

    for kind in ["text/plain", "application/json", "application/x-www-form-urlencoded", ""] {
        let answer = ask(&sender, with(own(), "content-type", kind), good.clone()).await;
        assert_eq!((answer.http, answer.code), (415, None), "{kind:?}");
    }
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "BREW"] {
        let mut request = own();
        *request.method_mut() = method.parse().unwrap();
        assert_eq!(ask(&sender, request, good.clone()).await.http, 405, "{method}");
    }
    for unknown in
        ["/", "/x", "/crm.kpi.v1.KpiService", "/crm.kpi.v1.KpiService/", "/crm.kpi.v1.KpiService/Drop", "/a/b/c"]
    {
        let answer = ask(&sender, head(target.address, unknown), good.clone()).await;
        assert_eq!(answer.code, Some(12), "{unknown}: {answer:?}");
    }
    // Nobody said that it is compressed, or with what we know.
    let compressed = Bytes::from_static(b"\x01\0\0\0\x04\x1f\x8b\x08\x00");
    let answer = ask(&sender, own(), compressed.clone()).await;
    assert_eq!((answer.code, answer.has_details), (Some(13), false), "{answer:?}");
    for (encoding, code) in [("deflate", 12), ("snappy", 12), ("", 12), ("gzip", 3), ("zstd", 3)] {
        let answer = ask(&sender, with(own(), "grpc-encoding", encoding), compressed.clone()).await;
        assert_eq!(answer.code, Some(code), "{encoding}: {answer:?}");
    }
    for (body, code) in [
        (&b""[..], 13),
        (b"\0", 13),
        (b"\0\0\0\0\x05\x01", 13),
        (b"\x02\0\0\0\0", 13),
        (b"\0\0\0\0\x02\x0a\x7f", 13),
        (b"\0\0\0\0\0", 3),
    ] {
        let answer = ask(&sender, own(), Bytes::from_static(body)).await;
        assert_eq!(answer.code, Some(code), "{body:?}: {answer:?}");
    }
    for wrong in ["", "1", "1s", "-1S", "999999999S", "S"] {
        let answer = ask(&sender, with(own(), "grpc-timeout", wrong), good.clone()).await;
        assert_eq!((answer.code, answer.has_details), (Some(3), true), "{wrong:?}: {answer:?}");
    }
    drop(sender);
    driving.await.unwrap();
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_too_large_is_refused_before_it_is_there() {
    let target = Target::start(|limits| limits.request_bytes = 100_000).await;
    let (sender, driving) = connect(target.address).await;
    let own = || head(target.address, &path("QueryKpis"));
    let too_large = |answer: &Answer| assert_eq!((answer.code, answer.has_details), (Some(8), true), "{answer:?}");
    // Promised only: nothing behind it ever comes.
    let mut ready = sender.clone().ready().await.unwrap();
    let (answer, mut stream) = ready.send_request(own(), false).unwrap();
    for byte in b"\0\xff\xff\xff\xff" {
        stream.send_data(Bytes::copy_from_slice(&[*byte]), false).unwrap();
    }
    too_large(&timeout(PATIENCE, super::raw::read(answer)).await.expect("in time").unwrap());
    drop((stream, ready));
    too_large(&ask(&sender, own(), framed_bytes(&vec![0; 100_001])).await);
    // A length that is no gRPC message's, of a body that is short.
    let long = with(own(), "content-length", "4294967296");
    let outcome = timeout(PATIENCE, call(&sender, long, framed(&question()))).await.expect("in time");
    assert!(outcome.is_err() || outcome.is_ok_and(|answer| answer.code != Some(0)));
    // A second message in a unary call, as large as can be.
    let twice = [&framed(&question())[..], b"\0\xff\xff\xff\xff"].concat();
    let answer = ask(&sender, own(), twice).await;
    assert!(matches!(answer.code, Some(0 | 8 | 11 | 13)), "{answer:?}");
    println!("a second message: {answer:?}");
    assert_eq!(held::refused(target.metrics, "request_bytes").await, 2.0);
    drop(sender);
    driving.await.unwrap();
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_that_are_too_large_or_too_many_cost_nobody_else() {
    let target = Target::start(|_| {}).await;
    let good = framed(&question());
    for (headers, bytes) in [(1, 64 * 1024), (1000, 100), (4, 15_000)] {
        let (sender, driving) = connect(target.address).await;
        let mut request = head(target.address, &path("QueryKpis"));
        for number in 0..headers {
            let name: http::HeaderName = format!("x-long-{number}").parse().unwrap();
            request.headers_mut().insert(name, HeaderValue::from_str(&"y".repeat(bytes)).unwrap());
        }
        let outcome = timeout(PATIENCE, call(&sender, request, good.clone())).await.expect("in time");
        let refused = outcome.as_ref().map_or(true, |answer| answer.http == 431);
        assert!(refused, "{headers} headers of {bytes} bytes: {outcome:?}");
        target.serves().await;
        drop(sender);
        driving.await.unwrap();
    }
    let (sender, driving) = connect(target.address).await;
    let token = with(head(target.address, &path("QueryKpis")), "authorization", &"t".repeat(20_000));
    assert_eq!(ask(&sender, token, good).await.code, Some(0), "a long token fits");
    drop(sender);
    driving.await.unwrap();
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_callers_make_up_do_not_multiply_what_is_counted() {
    let target = Target::start(|_| {}).await;
    let (sender, driving) = connect(target.address).await;
    let made_up = |number: usize| [format!("/made.up.Service{number}/Method"), path(&format!("Method{number}"))];
    for name in made_up(0) {
        ask(&sender, head(target.address, &name), Bytes::new()).await;
    }
    let before = held::scrape(target.metrics).await.len();
    for name in (1..500).flat_map(made_up) {
        let request = with(head(target.address, &name), "x-request-id", &name);
        assert_eq!(ask(&sender, request, Bytes::new()).await.code, Some(12));
    }
    assert_eq!(held::scrape(target.metrics).await.len(), before);
    drop(sender);
    driving.await.unwrap();
    target.holds_nothing().await;
}
