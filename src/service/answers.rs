use super::Permit;
use super::encoded_answer::EncodedAnswer;
use super::flights::Flights;
use super::meters::{From, ServiceMeters};
use super::size::ENTRY;
use crate::error::Result;
use futures::future::BoxFuture;
use moka::future::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long an answer that nobody asks for is kept: what it was read from may have changed long ago.
const IDLE: Duration = Duration::from_secs(600);

/// The answers to questions that were asked together, in their order.
pub(super) type Together = Arc<[Arc<EncodedAnswer>]>;

/// Answers that are kept while they hold, and questions that are asked once however many ask them at the same time.
///
/// An answer is kept under its etag, which covers the normalised query, its resolved dates, what the caller may see, the
/// catalogue, and the version of the tables that it is read from: it is exactly the answer of that version.
#[derive(Clone, Debug)]
pub struct Answers {
    kept: Cache<String, Arc<EncodedAnswer>>,
    /// Keeps nothing: of one caller's questions that are the same the first one waits for all.
    waiting: Cache<String, Together>,
    flights: Flights<Together>,
    meters: ServiceMeters,
}

impl Answers {
    /// Keeps so many bytes of answers.
    pub fn new(bytes: u64, meters: ServiceMeters) -> Self {
        let kept = Cache::builder()
            .max_capacity(bytes)
            .weigher(|etag: &String, kept: &Arc<EncodedAnswer>| {
                u32::try_from(ENTRY + etag.len() + kept.size()).unwrap_or(u32::MAX)
            })
            .time_to_idle(IDLE)
            .build();
        Self { kept, waiting: Cache::new(0), flights: Flights::default(), meters }
    }

    /// Whether answers are kept at all.
    pub(super) fn keeps(&self) -> bool {
        self.most() != 0
    }

    /// Bytes that an answer may have to be kept.
    pub(super) fn most(&self) -> usize {
        self.kept.policy().max_capacity().map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX))
    }

    /// The answers of these etags, if all of them are kept.
    pub(super) async fn get(&self, etags: &[&str]) -> Option<Together> {
        if !self.keeps() {
            return None;
        }
        let mut together = Vec::with_capacity(etags.len());
        for &etag in etags {
            together.push(self.kept.get(etag).await?);
        }
        Some(together.into())
    }

    /// The answers of these etags: kept ones, or those that `ask` brings, once for all who ask for them at the same time.
    /// Where the one who asks goes away the next one asks.
    ///
    /// `asked` names what is asked for: questions are the same where it is. Every caller waits for a place of its own (`place`), and the first to have one asks: nobody waits behind another
    /// caller's queue. Once somebody asks, nobody needs a place any more.
    pub(super) async fn get_or_ask<'a, P>(
        &self,
        account: &str,
        (etags, asked): (&[&str], &str),
        place: impl Fn() -> P + Send,
        ask: impl FnOnce(Permit) -> BoxFuture<'a, Result<Together>> + Send,
    ) -> Result<Together>
    where
        P: Future<Output = Result<Permit>> + Send,
    {
        if let Some(together) = self.get(etags).await {
            self.meters.answered(From::EncodedAnswer);
            return Ok(together);
        }
        let own = AtomicBool::new(false);
        let ask = |place| {
            own.store(true, Ordering::Relaxed);
            ask(place)
        };
        // Of one caller's, one waits for all. Boxed: what is kept costs no room for what asks.
        let waiting = self.flights.once(asked, place, ask);
        let together = Box::pin(self.waiting.try_get_with(format!("{account} {asked}"), waiting)).await;
        let together = together.map_err(|error| (*error).clone())?;
        self.meters.answered(if own.into_inner() { From::Database } else { From::Shared });
        Ok(together)
    }

    /// Lets all answers go: questions need their memory.
    pub(super) async fn make_room(&self) {
        self.kept.invalidate_all();
        self.kept.run_pending_tasks().await;
    }

    /// Keeps an answer, and lets others go where there are too many.
    pub(super) async fn keep(&self, etag: &str, answer: Arc<EncodedAnswer>) {
        self.kept.insert(etag.to_owned(), answer).await;
        // By itself it would do so later only, and hold more than it may until then.
        self.kept.run_pending_tasks().await;
    }
}
