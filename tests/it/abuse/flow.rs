//! Callers that read nothing, open too much, and give up again.

use super::raw::{connect, framed, head, over, path, read};
use super::{PATIENCE, Target, held, question, until};
use crate::support::{Kind, TestDatabase, bulk, dates, query_of, sample};
use bytes::Bytes;
use crm_kpi::config::Limits;
use crm_kpi::proto::{KpiQuery, QueryKpisRequest, StreamRepBreakdownRequest};
use h2::Reason;
use h2::client::{Builder, ResponseFuture, SendRequest};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Answers of more than any buffer on their way holds.
async fn with_long_answers(change: impl FnOnce(&mut Limits)) -> Target {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    bulk::reps_with_a_win_a_month(&database, 2000).await;
    sample::lengthen_team_names(&database.connection).await;
    Target::on(database, "2024-12-31T12:00:00Z", change).await
}

fn long() -> KpiQuery {
    let group_by = vec!["rep".into(), "team".into()];
    KpiQuery { period: dates("2024-01-01", "2024-12-31"), group_by, ..query_of(&["won_value"]) }
}

fn long_stream() -> Bytes {
    framed(&StreamRepBreakdownRequest { query: Some(long()), batch_rows: 50, ..Default::default() })
}

fn long_page() -> Bytes {
    framed(&QueryKpisRequest { query: Some(long()), ..Default::default() })
}

async fn begin(sender: &SendRequest<Bytes>, target: &Target, method: &str, body: Bytes) -> ResponseFuture {
    let mut ready = sender.clone().ready().await.unwrap();
    let (answer, mut stream) = ready.send_request(head(target.address, &path(method)), false).unwrap();
    stream.send_data(body, true).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_a_stream_loses_it() {
    let target = with_long_answers(|limits| {
        (limits.stall, limits.queries, limits.waiting) = (Duration::from_millis(700), 1, 0);
    })
    .await;
    // As little as is allowed, and nothing at all.
    for (number, window) in [65_535, 0].into_iter().enumerate() {
        let mut builder = Builder::new();
        builder.initial_window_size(window);
        let stream = TcpStream::connect(target.address).await.unwrap();
        let (sender, driving) = over(stream, &builder).await;
        let answer = begin(&sender, &target, "StreamRepBreakdown", long_stream()).await;
        let response = timeout(PATIENCE, answer).await.expect("in time").unwrap();
        assert_eq!(target.ask().await.unwrap_err().code(), tonic::Code::ResourceExhausted, "its place is taken");
        let began = Instant::now();
        until("the place is free", async || held::counts(target.metrics).await.is_at_rest()).await;
        println!("window {window}: free {:?} after the head", began.elapsed());
        target.serves().await;
        assert_eq!(held::refused(target.metrics, "stall").await, (number + 1) as f64);
        if window > 0 {
            let (_, mut body) = response.into_parts();
            while let Some(data) = timeout(PATIENCE, body.data()).await.expect("in time") {
                let length = data.unwrap().len();
                body.flow_control().release_capacity(length).unwrap();
            }
            let trailers = body.trailers().await.unwrap().expect("trailers");
            assert_eq!(trailers["grpc-status"], "8", "{trailers:?}");
        }
        drop(sender);
        driving.abort();
        let _ = driving.await;
    }
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_an_answer_holds_no_memory_for_it() {
    let target = with_long_answers(|limits| limits.stall = Duration::from_millis(500)).await;
    let mut builder = Builder::new();
    builder.initial_window_size(0);
    let stream = TcpStream::connect(target.address).await.unwrap();
    let (sender, driving) = over(stream, &builder).await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        let answer = begin(&sender, &target, "QueryKpis", long_page()).await;
        answers.push(timeout(PATIENCE, answer).await.expect("in time").unwrap());
    }
    until("they are given up", async || held::refused(target.metrics, "stall").await == 3.0).await;
    drop((sender, answers));
    driving.abort();
    let _ = driving.await;
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_calls_than_a_connection_may_have_are_refused_one_by_one() {
    let target = Target::start(|limits| limits.calls_per_connection = 10).await;
    let mut builder = Builder::new();
    builder.initial_max_send_streams(300);
    let stream = TcpStream::connect(target.address).await.unwrap();
    let (sender, connection) = builder.handshake::<_, Bytes>(stream).await.unwrap();
    // All of them are written before the server's settings are read.
    let mut answers = Vec::new();
    let mut sender = sender;
    for _ in 0..200 {
        let (answer, mut stream) = sender.send_request(head(target.address, &path("QueryKpis")), false).unwrap();
        stream.send_data(framed(&question()), true).unwrap();
        answers.push(answer);
    }
    let driving = tokio::spawn(async move {
        let _ = connection.await;
    });
    let (mut answered, mut refused, mut closed) = (0, 0, 0);
    for answer in answers {
        match timeout(PATIENCE, read(answer)).await.expect("in time") {
            Ok(answer) => {
                assert_eq!(answer.code, Some(0));
                answered += 1;
            }
            Err(error) if error.reason() == Some(Reason::REFUSED_STREAM) => refused += 1,
            Err(_) => closed += 1,
        }
    }
    println!("of 200 at once: {answered} answered, {refused} refused, {closed} closed with their connection");
    assert!(answered >= 10 && answered + refused + closed == 200);
    drop(sender);
    driving.await.unwrap();
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_are_opened_and_given_up_cost_nobody_else() {
    const CALLS: usize = 10_000;
    let target = Target::start(|_| {}).await;
    let began = Instant::now();
    let (mut given_up, mut connections) = (0, 0);
    while given_up < CALLS {
        let (sender, driving) = connect(target.address).await;
        connections += 1;
        // Until the server has enough of it.
        while let Ok(mut ready) = sender.clone().ready().await {
            let request = head(target.address, &path("QueryKpis"));
            let Ok((answer, mut stream)) = ready.send_request(request, false) else { break };
            given_up += 1;
            let _ = stream.send_data(framed(&question()), true);
            if given_up % 3 == 0 {
                tokio::task::yield_now().await;
            }
            stream.send_reset(Reason::CANCEL);
            drop(answer);
            if given_up.is_multiple_of(1000) {
                target.serves().await;
            }
            if given_up == CALLS {
                break;
            }
        }
        driving.abort();
        let _ = driving.await;
    }
    println!("{CALLS} calls given up over {connections} connections in {:?}", began.elapsed());
    target.holds_nothing().await;
}
