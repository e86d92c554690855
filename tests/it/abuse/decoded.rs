//! Mutated requests without the wire: decoded, validated, their tokens read; nothing panics, and what is refused says why.

use super::mutation::{mutate, nudge};
use super::samples::{Sample, samples};
use super::{Target, mutated};
use crm_kpi::convert::{
    self, Context, Fingerprint, PageToken, ResumeToken, Shape, ValueToken, Violations, named_dimension, without_nul,
};
use crm_kpi::error::{Error, Result};
use crm_kpi::proto;
use crm_kpi::scope::Scope;
use iso_currency::Currency;
use prost::Message;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// With those that go over the wire: 200,000.
const REQUESTS: u64 = 200_000 - mutated::REQUESTS;

/// A request of this method in bytes: whether it could be decoded, and what is wrong with it then.
fn check(method: &str, bytes: &[u8], context: &Context) -> Option<Result<()>> {
    Some(match method {
        "QueryKpis" => query(&proto::QueryKpisRequest::decode(bytes).ok()?, context),
        "BatchQueryKpis" => {
            let batch = proto::BatchQueryKpisRequest::decode(bytes).ok()?;
            batch.requests.iter().try_for_each(|request| query(request, context))
        }
        "StreamRepBreakdown" => stream(&proto::StreamRepBreakdownRequest::decode(bytes).ok()?, context),
        "ListDimensionValues" => values(proto::ListDimensionValuesRequest::decode(bytes).ok()?),
        "CheckDataQuality" => {
            let request = proto::CheckDataQualityRequest::decode(bytes).ok()?;
            let mut violations = Violations::default();
            let inspection = convert::inspection(request, context, &mut violations);
            violations.finish(inspection).map(drop)
        }
        "ListKpis" => proto::ListKpisRequest::decode(bytes).ok().map(|_| Ok(()))?,
        _ => proto::GetDataVersionRequest::decode(bytes).ok().map(|_| Ok(()))?,
    })
}

fn query(request: &proto::QueryKpisRequest, context: &Context) -> Result<()> {
    let mut violations = Violations::default();
    let query = request.query.as_ref();
    let question = convert::question(query, "query", Shape::Free, context, &mut violations);
    let language = convert::query_language(query, "query", &mut violations);
    let (question, language) = violations.finish(question.zip(language))?;
    let fingerprint = Fingerprint::of(&question, language);
    if !request.page_token.is_empty() {
        PageToken::decode(&request.page_token, &fingerprint, "page_token")?;
    }
    Ok(())
}

fn stream(request: &proto::StreamRepBreakdownRequest, context: &Context) -> Result<()> {
    let mut violations = Violations::default();
    let query = request.query.as_ref();
    let question = convert::question(query, "query", Shape::ByRep, context, &mut violations);
    let language = convert::query_language(query, "query", &mut violations);
    let (question, language) = violations.finish(question.zip(language))?;
    if !request.resume_token.is_empty() {
        let fingerprint = Fingerprint::of(&question, language);
        ResumeToken::decode(&request.resume_token, &question, &fingerprint, "resume_token")?;
    }
    Ok(())
}

fn values(request: proto::ListDimensionValuesRequest) -> Result<()> {
    let mut violations = Violations::default();
    let dimension = named_dimension(&request.dimension, "dimension", &mut violations);
    let search = without_nul(request.search, "search", &mut violations);
    let (dimension, search) = violations.finish(dimension.zip(search))?;
    let fingerprint = Fingerprint::of_values(dimension.id(), &search, &Scope::All);
    if !request.page_token.is_empty() {
        ValueToken::decode(&request.page_token, &fingerprint, "page_token")?;
    }
    Ok(())
}

/// How many could be decoded, and how many of them were valid.
fn check_all(samples: &[Sample], context: &Context) -> (u64, u64) {
    let (mut decoded, mut valid) = (0, 0);
    for number in 0..REQUESTS {
        let seed = mutated::SEED.wrapping_mul(2).wrapping_add(number);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let sample = &samples[rng.random_range(0..samples.len())];
        let other = &samples[rng.random_range(0..samples.len())];
        let bytes = match rng.random_range(0..10) {
            0..3 => nudge(&mut rng, &sample.bytes),
            _ => mutate(&mut rng, &sample.bytes, &other.bytes),
        };
        let checked = catch_unwind(AssertUnwindSafe(|| check(sample.method, &bytes, context)));
        let checked = checked.unwrap_or_else(|_| panic!("seed {seed}: {} {bytes:?}", sample.method));
        decoded += u64::from(checked.is_some());
        match checked {
            None => {}
            Some(Ok(())) => valid += 1,
            Some(Err(Error::Invalid(violations))) => assert!(
                !violations.is_empty() && violations.iter().all(|violation| !violation.description.is_empty()),
                "seed {seed}"
            ),
            Some(Err(Error::InvalidToken { .. })) => {}
            Some(Err(error)) => panic!("seed {seed}: {} {bytes:?}: {error:?}", sample.method),
        }
    }
    (decoded, valid)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mutated_requests_are_decoded_or_refused() {
    let target = Target::start(|_| {}).await;
    let samples = samples(target.friend.clone()).await;
    let context = Context {
        scope: Scope::All,
        now: crate::support::NOW.parse().unwrap(),
        currency: Currency::USD,
        max_buckets: 3700,
        max_filter_values: 1000,
    };
    let began = Instant::now();
    let checking = tokio::task::spawn_blocking(move || check_all(&samples, &context));
    let (decoded, valid) = checking.await.unwrap();
    println!("{REQUESTS} in {:?}: {decoded} decoded, {valid} of them valid", began.elapsed());
    assert!(decoded > REQUESTS / 8 && valid < decoded, "too few get beyond decoding");
    target.holds_nothing().await;
}
