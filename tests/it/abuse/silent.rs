//! Callers that connect and say nothing, or something else than HTTP/2.

use super::raw::{call, connect, framed, head, path};
use super::{Held, Target, held, question, tasks, until};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const CALLERS: usize = 5000;

/// Callers that come at once.
const STEP: usize = 250;

/// Files that the test needs beside both ends of each connection.
const OTHER_FILES: u64 = 1000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_who_say_nothing_disturb_nobody() {
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let callers = CALLERS.min(usize::try_from(files.saturating_sub(OTHER_FILES) / 2).unwrap());
    assert!(callers == CALLERS, "{files} open files are too few for {CALLERS} callers: see ulimit -Hn");
    let handshake = Duration::from_secs(20);
    let target = Target::start(|limits| limits.handshake = handshake).await;
    let began = Instant::now();
    let address = target.address;
    let mut silent = Vec::new();
    while silent.len() < callers {
        // The system lets only so many wait to be accepted.
        let some = (0..STEP.min(callers - silent.len()))
            .map(|_| async move { (TcpStream::connect(address).await.unwrap(), Instant::now()) });
        silent.extend(futures::future::join_all(some).await);
        until("all are accepted", async || tasks() >= target.before.tasks + silent.len()).await;
    }
    let connected = began.elapsed();
    let asked = Instant::now();
    for _ in 0..20 {
        target.serves().await;
    }
    println!("{callers} connected in {connected:?}; 20 answers beside them in {:?}", asked.elapsed());
    assert!(began.elapsed() < handshake, "the first were closed before the friend was answered");

    let mut closing: FuturesUnordered<_> = silent
        .into_iter()
        .map(|(mut stream, since)| async move {
            let read = timeout(handshake * 3, stream.read(&mut [0])).await.expect("it is closed");
            assert!(matches!(read, Ok(0) | Err(_)), "nothing is said to who says nothing");
            since.elapsed()
        })
        .collect();
    let mut first = handshake * 3;
    while let Some(lasted) = closing.next().await {
        first = first.min(lasted);
    }
    println!("the first was closed after {first:?}, the last {:?} after the first came", began.elapsed());
    assert!(first > handshake - Duration::from_millis(500), "{first:?}");
    drop(closing);
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_shakes_hands_and_says_nothing_has_a_place_until_it_goes() {
    // With the friend's.
    const PLACES: usize = 21;
    let target = Target::start(|limits| limits.connections = PLACES).await;
    let mut silent = Vec::new();
    for _ in 1..PLACES {
        silent.push(connect(target.address).await);
    }
    until("they are counted", async || held::counts(target.metrics).await.connections == PLACES as f64).await;
    target.serves().await;
    let request = || head(target.address, &path("QueryKpis"));
    let (one_more, driving) = connect(target.address).await;
    let refused = call(&one_more, request(), framed(&question())).await.unwrap();
    assert_eq!((refused.http, refused.code, refused.has_details), (200, Some(14), true), "{refused:?}");
    assert_eq!(held::refused(target.metrics, "connections").await, 1.0);
    drop(one_more);
    driving.await.unwrap();

    let (sender, _) = &silent[7];
    let answer = call(sender, request(), framed(&question())).await.unwrap();
    assert_eq!(answer.code, Some(0), "who has a place may use it");
    for (sender, driving) in silent {
        drop(sender);
        driving.await.unwrap();
    }
    until("their places are free", async || held::counts(target.metrics).await.connections == 1.0).await;
    let (sender, driving) = connect(target.address).await;
    assert_eq!(call(&sender, request(), framed(&question())).await.unwrap().code, Some(0));
    drop(sender);
    driving.await.unwrap();
    target.holds_nothing().await;
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What is not HTTP/2, or not for long.
fn noise(rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut random = vec![0; rng.random_range(0..400)];
    rng.fill_bytes(&mut random);
    let before: &[u8] = match rng.random_range(0..8) {
        0 => b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
        1 => b"POST /crm.kpi.v1.KpiService/QueryKpis HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        // A ClientHello, as far as it goes.
        2 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        3 => PREFACE,
        // SETTINGS, and then nothing that makes sense.
        4 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0",
        // HEADERS whose block never ends.
        5 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\0\0\0\0\x01\x82",
        6 => &PREFACE[..random.len().min(PREFACE.len())],
        _ => b"",
    };
    [before, &random].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_random_callers_leave_nothing_behind() {
    const SEED: u64 = 20_261_122;
    const NOISY: u64 = 4000;
    let target = Target::start(|limits| limits.handshake = Duration::from_secs(2)).await;
    let address = target.address;
    let began = Instant::now();
    let calls = futures::stream::iter(0..NOISY)
        .map(|number| async move {
            let mut rng = ChaCha8Rng::seed_from_u64(SEED + number);
            let (bytes, half_closes) = (noise(&mut rng), rng.random_range(0..4) > 0);
            let mut stream = TcpStream::connect(address).await.unwrap();
            // The server may have closed it halfway.
            let _ = stream.write_all(&bytes).await;
            if half_closes {
                let _ = stream.shutdown().await;
                let read = timeout(super::PATIENCE, stream.read_to_end(&mut Vec::new())).await;
                assert!(read.is_ok(), "seed {SEED} + {number}: the connection stays open");
            }
        })
        .buffer_unordered(50);
    calls.collect::<Vec<()>>().await;
    println!("{NOISY} random connections in {:?}", began.elapsed());
    target.holds_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_closes_its_side_early_leaves_nothing_behind() {
    let target = Target::start(|_| {}).await;
    let Held { tasks: before, .. } = target.before;
    // HTTP/2 ends with the caller's side: whatever was asked is given up.
    let recorded = super::fragments::recorded(target.address).await;
    let mut callers = Vec::new();
    for cut in (0..=recorded.len()).step_by(7) {
        let mut stream = TcpStream::connect(target.address).await.unwrap();
        stream.write_all(&recorded[..cut]).await.unwrap();
        stream.shutdown().await.unwrap();
        callers.push(stream);
    }
    for mut stream in callers {
        let read = timeout(super::PATIENCE, stream.read_to_end(&mut Vec::new())).await;
        assert!(read.is_ok(), "the server closes its side too");
    }
    until("their tasks are gone", async || tasks() <= before).await;
    target.holds_nothing().await;
}
