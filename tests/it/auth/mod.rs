//! Who may call, and what they see: over the wire.

mod jwt;
pub mod key_set;
mod scopes;
mod settings;
mod static_tokens;
mod url;

use crate::support::{Kind, NOW, Refusal, TestDatabase, TestServer, connect, settings};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::Settings;
use crm_kpi::proto::ListKpisRequest;
use crm_kpi::server;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tonic::{Code, Request};

/// How often files are looked at.
const RELOAD: Duration = Duration::from_millis(5);

/// Serves a database with settings that differ from the defaults.
pub async fn serve(database: TestDatabase, change: impl FnOnce(&mut Settings)) -> TestServer {
    let mut settings = settings(&database.url);
    settings.reload = RELOAD;
    change(&mut settings);
    let clock = Arc::new(FixedClock(NOW.parse().expect("an instant")));
    let running = server::start(&settings, clock).await.expect("a server");
    let channel = connect(&running).await;
    TestServer { database, running, channel }
}

/// A server without tables: what it answers to here needs none.
async fn gate(change: impl FnOnce(&mut Settings)) -> TestServer {
    serve(TestDatabase::empty(Kind::Sqlite).await, change).await
}

/// A request that brings along a token.
fn with<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().expect("a header"));
    request
}

/// Calls with a token.
async fn call(server: &TestServer, token: &str) -> Result<(), Refusal> {
    let answer = server.client().list_kpis(with(token, ListKpisRequest::default())).await;
    answer.map(drop).map_err(|status| {
        assert!(!status.message().contains(token), "{status:?}");
        Refusal::of(&status)
    })
}

/// Checks that a call with a token is refused, with a reason that has a part.
async fn refused(server: &TestServer, token: &str, part: &str) {
    let refusal = call(server, token).await.expect_err(part);
    refusal.must_be(Code::Unauthenticated, "UNAUTHENTICATED", &[]);
    assert!(refusal.message.contains(part) && !refusal.retryable, "{part:?} is not in {refusal:?}");
}

/// Goes on until something is so.
async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let by = Instant::now() + Duration::from_secs(30);
    while !is_so().await {
        assert!(Instant::now() < by, "{what}");
    }
}
