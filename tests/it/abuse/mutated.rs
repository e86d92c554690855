//! Very many requests that once were valid: each is answered with a status that it may have, and nothing is left behind.
//!
//! What a status may be: OK; INVALID_ARGUMENT; RESOURCE_EXHAUSTED, where there are too many or it asks for too much; ABORTED,
//! with a token of other data; FAILED_PRECONDITION, for a currency without rates; OUT_OF_RANGE, for numbers too large;
//! INTERNAL is what gRPC has for bytes that are no message, or not one message:
//! these texts are tonic's, and such a status has none of our details.

use super::mutation::{frame, mutate, nudge};
use super::program::{Program, message};
use super::raw::{self, Answer, connect, head, path};
use super::samples::{Sample, samples};
use super::{PATIENCE, Target, held, until};
use crate::support::{Kind, TestDatabase, sample};
use bytes::Bytes;
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use futures::StreamExt;
use h2::client::SendRequest;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use tokio::time::timeout;
use tonic::Code;
use tonic::transport::Channel;

pub const SEED: u64 = 20_261_122;

/// Requests to the program; the first of them warm it up. The others of 200,000 do without the wire, which costs most of
/// the time.
pub const REQUESTS: u64 = 20_000;
const WARM_UP: u64 = 8_000;

/// Those to a server whose tasks can be counted.
const COUNTED: u64 = 3_000;

/// Kilobytes by which the program may grow after it is warm.
const GROWTH_KIB: u64 = 32 * 1024;

/// Requests of one connection, and how many are under way on it.
const CONNECTIONS: u64 = 4;
const AT_ONCE: usize = 16;

/// What tonic says of bytes that are no message.
const UNDECODABLE: [&str; 4] = [
    "failed to decode Protobuf message",
    "protocol error: received message with",
    "Unexpected EOF decoding stream",
    "Missing request message",
];

/// Whether it is one of the statuses above.
pub fn is_expected(answer: &Answer) -> bool {
    let Some(code) = answer.code else { return false };
    match Code::from(code) {
        Code::Ok => answer.http == 200,
        Code::InvalidArgument | Code::ResourceExhausted | Code::Aborted | Code::FailedPrecondition => {
            answer.has_details
        }
        Code::OutOfRange => true,
        Code::Internal => {
            let text = percent_decoded(&answer.message);
            !answer.has_details && UNDECODABLE.iter().any(|known| text.starts_with(known))
        }
        _ => false,
    }
}

/// The text of a status, which travels with escapes.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let escaped = behind.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match escaped.filter(|_| first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The request of a number.
pub fn request(samples: &[Sample], number: u64) -> (&'static str, Bytes) {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED.wrapping_add(number));
    let sample = &samples[rng.random_range(0..samples.len())];
    let other = &samples[rng.random_range(0..samples.len())];
    // As requests of the others, too: most messages have the same beginning.
    let method = if rng.random_range(0..10) == 0 { other.method } else { sample.method };
    let message = match rng.random_range(0..2) {
        0 => mutate(&mut rng, &sample.bytes, &other.bytes),
        _ => nudge(&mut rng, &sample.bytes),
    };
    (method, frame(&mut rng, &message))
}

/// Sends the requests of these numbers, and returns how often each status came.
async fn send(address: SocketAddr, samples: &Arc<Vec<Sample>>, numbers: std::ops::Range<u64>) -> BTreeMap<i32, u64> {
    let senders = (0..CONNECTIONS).map(|connection| {
        let (samples, numbers) = (samples.clone(), numbers.clone());
        tokio::spawn(async move {
            let (sender, driving) = connect(address).await;
            let mine = numbers.filter(|number| number % CONNECTIONS == connection);
            let answers = futures::stream::iter(mine)
                .map(|number| one(&sender, address, &samples, number))
                .buffer_unordered(AT_ONCE);
            let codes = answers
                .fold(BTreeMap::new(), async |mut codes, code| {
                    *codes.entry(code).or_insert(0) += 1;
                    codes
                })
                .await;
            drop(sender);
            driving.await.expect("the connection");
            codes
        })
    });
    let mut all = BTreeMap::new();
    for codes in futures::future::join_all(senders).await {
        for (code, count) in codes.expect("answers") {
            *all.entry(code).or_insert(0) += count;
        }
    }
    all
}

async fn one(sender: &SendRequest<Bytes>, address: SocketAddr, samples: &[Sample], number: u64) -> i32 {
    let (method, body) = request(samples, number);
    let answer = timeout(PATIENCE, raw::call(sender, head(address, &path(method)), body.clone())).await;
    let Ok(Ok(answer)) = answer else { panic!("seed {SEED} + {number}: {method} {body:?}: {answer:?}") };
    assert!(is_expected(&answer), "seed {SEED} + {number}: {method} {body:?}: {answer:?}");
    answer.code.expect("a status")
}

/// The program, whose memory and log are nobody else's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_requests_are_answered_and_leave_no_memory_behind() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    sample::fill(&database.connection).await;
    let settings =
        ["limits.queries=2", "limits.waiting=2", "limits.queue=20ms", "limits.figures=5000", "limits.buckets=40"];
    let program = Program::start(&database.url, "error", &settings).await;
    let channel = Channel::from_shared(format!("http://{}", program.address)).unwrap().connect().await.unwrap();
    let samples = Arc::new(samples(KpiServiceClient::new(channel)).await);
    let at_rest = async || {
        let counts = held::counts(program.metrics).await;
        counts.is_at_rest() && counts.connections == 0.0
    };
    let began = Instant::now();
    let first = send(program.address, &samples, 0..WARM_UP).await;
    until("nothing is under way", at_rest).await;
    let (before, labels) = (program.resident_kib(), held::scrape(program.metrics).await.len());
    println!("{WARM_UP} in {:?}: {first:?}; {before} KiB", began.elapsed());
    let codes = send(program.address, &samples, WARM_UP..REQUESTS).await;
    until("nothing is under way", at_rest).await;
    let after = program.resident_kib();
    println!("{REQUESTS} in {:?}: {codes:?}; {after} KiB", began.elapsed());
    assert!(after < before + GROWTH_KIB, "memory grew from {before} to {after} KiB");
    assert!(held::scrape(program.metrics).await.len() < labels + 20);
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success());
    let unexpected: Vec<_> = log.iter().filter(|entry| entry.is_string() || entry["level"] == "ERROR").collect();
    assert!(unexpected.is_empty(), "{unexpected:?}");
    assert!(log.iter().any(|entry| message(entry) == "listening"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_requests_leave_no_task_behind() {
    let target = Target::start(|limits| (limits.queries, limits.buckets, limits.figures) = (4, 40, 5000)).await;
    let samples = Arc::new(samples(target.friend.clone()).await);
    let codes = send(target.address, &samples, REQUESTS..REQUESTS + COUNTED).await;
    println!("{COUNTED}: {codes:?}");
    target.holds_nothing().await;
}
