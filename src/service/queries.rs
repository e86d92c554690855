use super::size::ENTRY;
use crate::convert::{self, Context, Fingerprint, Shape, Violations};
use crate::engine::{Question, Test};
use crate::names::Language;
use crate::period::{Bucket, Now};
use crate::proto::KpiQuery;
use moka::sync::Cache;
use prost::Message;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Bytes of queries that are remembered, about.
const BYTES: u64 = 16 << 20;

/// How long one that nobody asks is remembered.
const IDLE: Duration = Duration::from_secs(600);

/// A query that is understood.
#[derive(Debug)]
pub(super) struct Query {
    pub question: Question,
    pub language: Language,
    pub fingerprint: Fingerprint,
    /// What its answer is read from.
    pub tables: BTreeSet<&'static str>,
    /// Bytes of memory that it took the last time.
    pub took: AtomicU64,
}

/// Remembers what queries mean: those that poll send the same again and again.
#[derive(Clone, Debug)]
pub struct Queries(Cache<Fingerprint, Arc<Query>>);

impl Default for Queries {
    fn default() -> Self {
        let size = |_: &Fingerprint, query: &Arc<Query>| u32::try_from(query.size()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(BYTES).weigher(size).time_to_idle(IDLE).build())
    }
}

impl Queries {
    /// What the query at `path` asks. What is wrong with it is told each time.
    pub(super) fn understand(
        &self,
        query: Option<&KpiQuery>,
        path: &str,
        shape: Shape,
        context: &Context,
        violations: &mut Violations,
    ) -> Option<Arc<Query>> {
        let asked =
            query.map(|query| Fingerprint::of_query(&query.encode_to_vec(), shape, &context.scope, context.now));
        if let Some((asked, known)) = asked.as_ref().and_then(|asked| Some((asked, self.0.get(asked)?))) {
            let calendar = &known.question.timeline.calendar;
            let seen = known.seen_from(Some(Now::of(context.now, calendar)));
            if !Arc::ptr_eq(&known, &seen) {
                self.0.insert(asked.clone(), seen.clone());
            }
            return Some(seen);
        }
        let before = violations.count();
        let question = convert::question(query, path, shape, context, violations);
        let language = convert::query_language(query, path, violations);
        let (question, language) = question.zip(language)?;
        let (fingerprint, tables) = (Fingerprint::of(&question, language), question.tables());
        let understood = Arc::new(Query { question, language, fingerprint, tables, took: AtomicU64::new(0) });
        if let Some(asked) = asked.filter(|_| violations.count() == before) {
            self.0.insert(asked, understood.clone());
        }
        Some(understood)
    }
}

impl Query {
    /// The same query seen from another minute, where its answer depends on that.
    pub fn seen_from(self: &Arc<Self>, now: Option<Now>) -> Arc<Self> {
        let seen = now.filter(|now| *now != self.question.timeline.now && self.fingerprint.seen().is_some());
        let Some(now) = seen else { return self.clone() };
        let mut question = self.question.clone();
        question.timeline.now = now;
        let fingerprint = Fingerprint::of(&question, self.language);
        let (tables, took) = (self.tables.clone(), self.took.load(Ordering::Relaxed).into());
        Arc::new(Self { question, language: self.language, fingerprint, tables, took })
    }

    /// The same query seen from when the pages before were, or the stream that goes on.
    pub fn seen_before(self: &Arc<Self>, seconds: Option<i64>) -> Arc<Self> {
        self.seen_from(seconds.and_then(|seconds| Now::until(seconds, &self.question.timeline.calendar)))
    }

    /// Bytes of memory that it takes, about.
    fn size(&self) -> usize {
        let Question { kpis, timeline, filters, scope, .. } = &self.question;
        let values = filters.iter().flat_map(|filter| match &filter.test {
            Test::AnyOf(values) | Test::NoneOf(values) => values,
        });
        let texts = values.map(String::as_str).chain(scope.ids());
        let texts: usize = texts.map(|text| size_of::<String>() + text.len()).sum();
        ENTRY
            + size_of::<Self>()
            + size_of_val(kpis.as_slice())
            + texts
            + timeline.buckets.len() * (size_of::<Bucket>() + 24)
    }
}
