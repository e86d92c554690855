//! The kinds of callers. Each goes on until the soak is over.

use super::{Side, Soak, client};
use crate::abuse::{mutated, raw};
use crate::laws::questions::Shape;
use crm_kpi::proto::{
    Comparison, KpiQuery, QueryKpisRequest, QueryKpisResponse, ResultRow, StreamRepBreakdownRequest,
    stream_rep_breakdown_response::Frame,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sea_orm::ConnectionTrait;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout};
use tonic::{Code, Request, Status};

/// How long one question may take that nobody cancels.
const LONGEST: Duration = Duration::from_secs(120);

/// Answers later than this after their deadline are counted.
const LATE: Duration = Duration::from_millis(250);

/// Random questions without an end.
struct Questions<S> {
    strategy: S,
    runner: TestRunner,
}

impl<S: Strategy<Value = KpiQuery>> Questions<S> {
    fn next(&mut self) -> KpiQuery {
        self.strategy.new_tree(&mut self.runner).expect("a question").current()
    }
}

fn questions(soak: &Soak, seed: u64) -> Questions<impl Strategy<Value = KpiQuery>> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let runner = TestRunner::new_with_rng(Config { failure_persistence: None, ..Config::default() }, rng);
    let comparisons = [Comparison::Unspecified, Comparison::PreviousPeriod, Comparison::PreviousYear];
    let more = (proptest::sample::select(comparisons.to_vec()), any::<[bool; 3]>());
    let strategy = (soak.catalogue.questions(Shape { kpis: 1..=6, ..Shape::default() }), more).prop_map(
        |(query, (compare_to, [include_targets, include_standing, include_empty]))| KpiQuery {
            compare_to: compare_to.into(),
            include_targets,
            include_standing: include_standing && !query.group_by.is_empty(),
            include_empty: include_empty && query.group_by == ["rep"],
            ..query
        },
    );
    Questions { strategy, runner }
}

/// What an answer says, apart from what is each program's own.
#[derive(Debug, PartialEq)]
struct Said {
    rows: Vec<ResultRow>,
    totals: Vec<ResultRow>,
    buckets: Vec<(i32, String, String)>,
}

async fn unary(side: &Side, query: &KpiQuery) -> Result<Said, Status> {
    let mut client = side.client.clone();
    let mut request = QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
    let mut answer = client.query_kpis(with_deadline(request.clone(), LONGEST)).await?.into_inner();
    let mut next = std::mem::take(&mut answer.next_page_token);
    while !next.is_empty() {
        request.page_token = next;
        let page = client.query_kpis(with_deadline(request.clone(), LONGEST)).await?.into_inner();
        answer.rows.extend(page.rows);
        next = page.next_page_token;
    }
    Ok(said(answer))
}

fn said(answer: QueryKpisResponse) -> Said {
    let buckets = answer.header.unwrap_or_default().buckets.into_iter().enumerate();
    let bucket = |(place, bucket): (usize, crm_kpi::proto::Bucket)| {
        (i32::try_from(place).expect("a place"), bucket.first_date, bucket.last_date)
    };
    Said { rows: answer.rows, totals: answer.totals, buckets: buckets.map(bucket).collect() }
}

async fn stream(side: &Side, query: &KpiQuery) -> Result<Said, Status> {
    let request = StreamRepBreakdownRequest { query: Some(query.clone()), batch_rows: 7, ..Default::default() };
    let mut stream = side.client.clone().stream_rep_breakdown(with_deadline(request, LONGEST)).await?.into_inner();
    let mut answer = QueryKpisResponse::default();
    while let Some(message) = stream.message().await? {
        match message.frame {
            Some(Frame::Header(header)) => answer.header = Some(header),
            Some(Frame::Batch(batch)) => answer.rows.extend(batch.rows),
            Some(Frame::Summary(summary)) => answer.totals = summary.totals,
            None => {}
        }
    }
    Ok(said(answer))
}

fn with_deadline<T>(message: T, after: Duration) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(after);
    request
}

/// Asks both programs the same, and compares what they say.
pub async fn compare(soak: &Soak, seed: u64) {
    let mut questions = questions(soak, seed);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    while !soak.is_over() {
        let query = questions.next();
        let by_rep = query.group_by.len() == 1 && query.group_by[0] == "rep";
        let streamed = by_rep && rng.random();
        let [sqlite, postgres] = &soak.sides;
        let rows = soak.rows.read().await;
        let (one, other) = if streamed {
            tokio::join!(stream(sqlite, &query), stream(postgres, &query))
        } else {
            tokio::join!(unary(sqlite, &query), unary(postgres, &query))
        };
        drop(rows);
        let how = if streamed { "stream" } else { "answer" };
        match (one, other) {
            (Ok(one), Ok(other)) if one == other => soak.count(format!("compared: the same {how}")),
            (Ok(one), Ok(other)) => soak.fault(difference(&query, &one, &other)),
            (Err(one), Err(other)) if one.code() == other.code() && one.code() == Code::ResourceExhausted => {
                soak.count("compared: both refused");
            }
            (one, other) => {
                for (side, answer) in soak.sides.iter().zip([one, other]) {
                    match answer {
                        Ok(_) => {}
                        Err(status) if is_overload(&status) => soak.count("compared: one was busy"),
                        Err(status) => soak.fault(format!("{:?}: {how}: {status:?} to {query:?}", side.kind)),
                    }
                }
            }
        }
    }
}

/// There was no place, which says nothing about the question.
fn is_overload(status: &Status) -> bool {
    status.code() == Code::ResourceExhausted
}

/// The first row that differs.
fn difference(query: &KpiQuery, one: &Said, other: &Said) -> String {
    let pairs = one.rows.iter().zip(&other.rows).chain(one.totals.iter().zip(&other.totals));
    let first = pairs.filter(|(one, other)| one != other).map(|pair| format!("{pair:?}")).next();
    let counts = (one.rows.len(), other.rows.len(), one.totals.len(), other.totals.len());
    format!("different answers: {query:?}: rows and totals {counts:?}, {}", first.unwrap_or_default())
}

/// Sends requests that once were valid.
pub async fn mutate(soak: &Soak, seed: u64) {
    let mut number = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    while !soak.is_over() {
        for side in &soak.sides {
            let address = side.program.address;
            let (sender, driving) = raw::connect(address).await;
            for _ in 0..200 {
                number = number.wrapping_add(1);
                let (method, body) = mutated::request(&side.samples, number);
                let call = raw::call(&sender, raw::head(address, &raw::path(method)), body.clone());
                match timeout(LONGEST, call).await {
                    Ok(Ok(answer)) if mutated::is_expected(&answer) => {
                        soak.count(format!("mutated: {:?}", answer.code.map(Code::from)));
                    }
                    answer => {
                        soak.fault(format!("{:?}: mutated {number}: {method} {body:?}: {answer:?}", side.kind));
                    }
                }
            }
            drop(sender);
            let _ = driving.await;
        }
    }
}

/// Gives short deadlines, and goes away in the middle.
pub async fn cancel(soak: &Soak, seed: u64) {
    let mut questions = questions(soak, seed);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    while !soak.is_over() {
        let query = questions.next();
        let side = &soak.sides[rng.random_range(0..2)];
        let after = Duration::from_millis(rng.random_range(1..80));
        if rng.random() {
            let asked = Instant::now();
            let request = QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
            let answer = side.client.clone().query_kpis(with_deadline(request, after)).await;
            if asked.elapsed() > after + LATE {
                soak.count("deadlines: late");
            }
            match answer.map_err(|status| status.code()) {
                Ok(_) => soak.count("deadlines: answered"),
                // A client's own clock may end it first.
                Err(Code::DeadlineExceeded | Code::Cancelled) => soak.count("deadlines: exceeded"),
                Err(Code::ResourceExhausted) => soak.count("deadlines: busy"),
                Err(code) => soak.fault(format!("{:?}: a deadline of {after:?}: {code:?} to {query:?}", side.kind)),
            }
        } else {
            match timeout(after, stream(side, &query)).await {
                Err(_) => soak.count("cancelled"),
                Ok(Ok(_)) => soak.count("cancelled: too late"),
                Ok(Err(status)) if is_overload(&status) => soak.count("cancelled: busy"),
                // A KPI that has no reps.
                Ok(Err(status)) if status.code() == Code::InvalidArgument => soak.count("cancelled: not by rep"),
                Ok(Err(status)) => soak.fault(format!("{:?}: {status:?} to {query:?}", side.kind)),
            }
        }
    }
}

/// Reads streams row by row and rests in between; now and then leaves before the end.
pub async fn read_slowly(soak: &Soak, seed: u64) {
    let mut questions = questions(soak, seed);
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    while !soak.is_over() {
        let query = KpiQuery { group_by: vec!["rep".into()], ..questions.next() };
        let side = &soak.sides[rng.random_range(0..2)];
        // A connection of its own: its window is its own, too.
        let mut client = client(&side.program).await;
        let request = StreamRepBreakdownRequest { query: Some(query.clone()), batch_rows: 1, ..Default::default() };
        let rest = Duration::from_millis(rng.random_range(1..200));
        let leaves_after = rng.random_range(1..60);
        let read = async {
            let mut stream = client.stream_rep_breakdown(with_deadline(request, LONGEST)).await?.into_inner();
            for _ in 0..leaves_after {
                if stream.message().await?.is_none() {
                    return Ok("read slowly: to the end");
                }
                sleep(rest).await;
            }
            Ok::<_, Status>("read slowly: left")
        };
        match read.await {
            Ok(how) => soak.count(how),
            // A KPI that has no reps.
            Err(status) if status.code() == Code::InvalidArgument => soak.count("read slowly: not by rep"),
            Err(status) if is_overload(&status) => soak.count("read slowly: busy"),
            Err(status) => soak.fault(format!("{:?}: read slowly: {status:?} to {query:?}", side.kind)),
        }
    }
}

/// Changes a row of both databases, every now and then, while nobody compares.
pub async fn write(soak: &Soak) {
    while !soak.is_over() {
        sleep(Duration::from_secs(1)).await;
        let rows = soak.rows.write().await;
        for side in &soak.sides {
            let change = "UPDATE orders SET amount_minor = amount_minor + 1 WHERE id = (SELECT MIN(id) FROM orders)";
            side.database.connection.execute_unprepared(change).await.expect("a change");
        }
        drop(rows);
        soak.count("rows changed");
    }
}
