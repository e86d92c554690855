//! The service is replaced while it is asked: who tries again on UNAVAILABLE sees right answers only.

use super::program::{Program, message};
use super::{PATIENCE, question, until};
use crate::support::{Kind, TestDatabase, on_every_database, sample, settings, stop};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::Settings;
use crm_kpi::proto::QueryKpisResponse;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::server;
use h2::Reason;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Code, Status};

on_every_database!(a_restart_under_load_gives_no_wrong_answer);

const CALLERS: usize = 12;
const RESTARTS: usize = 3;

/// What callers have seen.
#[derive(Default)]
struct Seen {
    stop: AtomicBool,
    right: AtomicUsize,
    again: AtomicUsize,
}

/// An answer, tried for until there is one.
async fn ask(client: &mut KpiServiceClient<Channel>, seen: &Seen) -> Result<QueryKpisResponse, Status> {
    let began = Instant::now();
    loop {
        match client.query_kpis(question()).await {
            Err(status) if may_try_again(&status) && began.elapsed() < PATIENCE => {
                seen.again.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            outcome => return outcome.map(tonic::Response::into_inner),
        }
    }
}

/// UNAVAILABLE; or the call was never sent: where the server has just said that it takes no more on this connection, tonic
/// calls that INTERNAL or CANCELLED.
fn may_try_again(status: &Status) -> bool {
    let mut causes = std::iter::successors(std::error::Error::source(status), |cause| cause.source());
    let goes_away =
        |cause: &h2::Error| cause.is_go_away() && cause.is_remote() && cause.reason() == Some(Reason::NO_ERROR);
    let not_sent = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref().is_some_and(goes_away) || cause.downcast_ref().is_some_and(hyper::Error::is_canceled)
    };
    status.code() == Code::Unavailable || causes.any(not_sent)
}

async fn start(settings: &Settings) -> server::Running {
    let clock = Arc::new(FixedClock(crate::support::NOW.parse().unwrap()));
    let running = server::start(settings, clock).await.expect("a server");
    running.ready().await;
    running
}

async fn a_restart_under_load_gives_no_wrong_answer(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    sample::fill(&database.connection).await;
    let mut settings = settings(&database.url);
    let mut running = start(&settings).await;
    settings.listen = running.address;
    let address: SocketAddr = running.address;
    let channel = || Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    let seen = Arc::new(Seen::default());
    let expected = ask(&mut KpiServiceClient::new(channel()), &seen).await.unwrap();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (mut client, seen, expected) = (KpiServiceClient::new(channel()), seen.clone(), expected.clone());
            tokio::spawn(async move {
                while !seen.stop.load(Ordering::Relaxed) {
                    let answer = ask(&mut client, &seen).await.expect("an answer, or UNAVAILABLE");
                    assert_eq!((answer.rows, answer.totals), (expected.rows.clone(), expected.totals.clone()));
                    seen.right.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for _ in 0..RESTARTS {
        let enough = seen.right.load(Ordering::Relaxed) + 5 * CALLERS;
        until("callers are answered", async || {
            assert!(!callers.iter().any(tokio::task::JoinHandle::is_finished), "a caller saw something else");
            seen.right.load(Ordering::Relaxed) >= enough
        })
        .await;
        assert!(stop(running, Duration::from_secs(10)).await, "calls under way are answered");
        running = start(&settings).await;
    }
    let enough = seen.right.load(Ordering::Relaxed) + 5 * CALLERS;
    until("callers are answered again", async || seen.right.load(Ordering::Relaxed) >= enough).await;
    seen.stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.expect("right answers only");
    }
    println!("{kind:?}: {:?} answers, {:?} tries more, {RESTARTS} restarts", seen.right, seen.again);
    assert!(stop(running, Duration::from_secs(10)).await);
}

/// Files run out with callers who say nothing: the database still gets its own, and there is a line about it.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_open_files_are_told_and_kept_for_the_database() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let mut command = tokio::process::Command::new("sh");
    command.args(["-c", "ulimit -n 256 && exec \"$@\"", "sh", env!("CARGO_BIN_EXE_crm-kpi")]);
    let program = Program::run(command, &database.url, "warn", &["limits.handshake=1s"]).await;
    let told = |program: &Program| program.log().iter().any(|entry| message(entry).contains("limits.connections"));
    until("the limit is told", async || told(&program)).await;

    let endpoint = Channel::from_shared(format!("http://{}", program.address)).unwrap();
    let mut friend = KpiServiceClient::new(endpoint.connect().await.unwrap());
    let mut silent = Vec::new();
    for _ in 0..400 {
        silent.push(TcpStream::connect(program.address).await.unwrap());
    }
    for _ in 0..20 {
        friend.query_kpis(question()).await.expect("an answer beside them");
    }
    for mut stream in silent {
        let read = timeout(PATIENCE, stream.read(&mut [0])).await.expect("it is closed in its turn");
        assert!(matches!(read, Ok(0) | Err(_)));
    }
    let mut late = KpiServiceClient::new(endpoint.connect().await.unwrap());
    late.query_kpis(question()).await.expect("an answer after them");
    drop((friend, late));
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success() && !log.iter().any(|entry| entry["level"] == "ERROR"), "{log:?}");
}
