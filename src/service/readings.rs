//! Checks of the records that are read once for all who ask the same at the same time.

use super::apart::apart;
use super::meters::ServiceMeters;
use super::places::Places;
use crate::config::Limits;
use crate::error::{Error, Result};
use crate::proto;
use crate::quality::{Finding, Inspection, News, Quality};
use crate::scope::Scope;
use futures::FutureExt;
use slab::Slab;
use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::{mpsc, watch};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

/// Bytes of findings that are kept for those who come later or read slowly, about. A reading that has more waits for the
/// slowest, and nobody can join it any more.
const KEPT_BYTES: usize = 8 << 20;

/// Pages of findings that wait to be kept.
const PAGES_AHEAD: usize = 1;

/// Reads checks, a few at the same time: beside the places of questions, so that neither takes the other's.
#[derive(Clone, Debug)]
pub struct Readings {
    quality: Quality,
    places: Places,
    current: Arc<Mutex<Current>>,
    meters: ServiceMeters,
}

/// The readings that may be joined.
type Current = Vec<(Asked, Weak<Reading>)>;

/// What a reading is of: whoever asks the same gets the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    scope: Scope,
    rules: Vec<&'static str>,
    reps: Vec<String>,
    teams: Vec<String>,
    max_records: u64,
    /// What was committed before somebody asks is in the answer: the version of the data when the reading was asked for.
    version: String,
}

/// A reading under way, or one whose readers have not come to its end yet. Ends with the last of them.
#[derive(Debug)]
struct Reading {
    header: proto::DataQualityHeader,
    shared: Arc<Shared>,
    _work: AbortOnDropHandle<()>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// There is more, or the end.
    grown: watch::Sender<()>,
    /// A reader has read, or has gone.
    read: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    /// It has a place.
    begun: bool,
    news: VecDeque<Arc<News>>,
    bytes: usize,
    /// How many were let go before those.
    gone: usize,
    /// What each reader reads next.
    readers: Slab<usize>,
    end: Option<Result<()>>,
}

/// Reads along.
#[derive(Debug)]
pub(super) struct Reader {
    reading: Arc<Reading>,
    key: usize,
    grown: watch::Receiver<()>,
}

fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Readings {
    /// As many at the same time as the limits say, with turns of their own among callers.
    pub fn new(quality: Quality, limits: &Limits, meters: ServiceMeters) -> Self {
        let limits = Limits { queries: limits.checks, queries_per_caller: Some(limits.checks), ..*limits };
        let places = Places::new(&limits, meters.of_checks());
        Self { quality, places, current: Arc::default(), meters }
    }

    /// Reads what an inspection asks of a version of the data, together with whoever asks the same; returns once it has a
    /// place. `header` is what the answer begins with where nobody else reads it yet.
    pub(super) async fn read(
        &self,
        account: &Arc<str>,
        inspection: Inspection,
        version: String,
        header: proto::DataQualityHeader,
    ) -> Result<Reader> {
        let asked = Asked::of(&inspection, version);
        let start = || self.start(account.clone(), inspection.clone(), header.clone());
        let (mut reader, is_own) = self.join_or(&asked, start)?;
        match reader.has_begun().await {
            Ok(()) if is_own => {}
            Ok(()) => {
                self.meters.checks_shared.inc();
            }
            Err(error) if is_own => return Err(error),
            // The other caller got no place: this one may, as it has turns of its own.
            Err(_) => {
                reader = self.join_or(&asked, start)?.0;
                reader.has_begun().await?;
            }
        }
        Ok(reader)
    }

    /// Joins a reading, or starts one that others can join. Whether it was started.
    fn join_or(&self, asked: &Asked, start: impl FnOnce() -> Arc<Reading>) -> Result<(Reader, bool)> {
        let mut current = lock(&self.current);
        current.retain(|(_, reading)| reading.strong_count() > 0);
        let same: Vec<_> =
            current.iter().filter(|(other, _)| other == asked).filter_map(|(_, reading)| reading.upgrade()).collect();
        if let Some(reader) = same.into_iter().find_map(Reader::join) {
            return Ok((reader, false));
        }
        let reading = start();
        current.push((asked.clone(), Arc::downgrade(&reading)));
        let reader = Reader::join(reading).ok_or_else(|| Error::Internal("a new check cannot be read".into()))?;
        Ok((reader, true))
    }

    fn start(&self, account: Arc<str>, inspection: Inspection, header: proto::DataQualityHeader) -> Arc<Reading> {
        let shared =
            Arc::new(Shared { state: Mutex::default(), grown: watch::Sender::new(()), read: watch::Sender::new(()) });
        let (places, quality, sharing, ending) =
            (self.places.clone(), self.quality.clone(), shared.clone(), shared.clone());
        let work = async move {
            let place = places.take(&account).await?;
            sharing.change(|state| state.begun = true);
            let (sender, news) = mpsc::channel(PAGES_AHEAD);
            let inspecting = apart(async move {
                let _place = place;
                quality.inspect(&inspection, &sender).await
            });
            let (outcome, ()) = tokio::join!(inspecting, sharing.keep_all(news));
            outcome
        };
        let work = async move {
            let panicked = |_| Err(Error::Internal("a check of the records panicked".into()));
            let end = AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(panicked);
            ending.change(|state| state.end = Some(end));
        };
        let work = AbortOnDropHandle::new(tokio::spawn(work.in_current_span()));
        Arc::new(Reading { header, shared, _work: work })
    }
}

impl Asked {
    fn of(inspection: &Inspection, version: String) -> Self {
        let Inspection { scope, rules, reps, teams, max_records, now: _, currency: _ } = inspection.clone();
        Self { scope, rules: rules.iter().map(|rule| rule.id).collect(), reps, teams, max_records, version }
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut lock(&self.state));
        self.grown.send_replace(());
    }

    /// Keeps what comes, as long as there is room.
    async fn keep_all(&self, mut news: mpsc::Receiver<News>) {
        let mut read = self.read.subscribe();
        while let Some(next) = news.recv().await {
            let bytes = size(&next);
            while !lock(&self.state).has_room(bytes) {
                // The sender is this one's own.
                let _ = read.changed().await;
            }
            self.change(|state| {
                state.bytes += bytes;
                state.news.push_back(Arc::new(next));
            });
        }
    }
}

impl State {
    /// Whether so many bytes more are not too many, once what all have read is let go.
    fn has_room(&mut self, bytes: usize) -> bool {
        let read_by_all = self.readers.iter().map(|(_, next)| *next).min().unwrap_or(usize::MAX);
        while self.bytes + bytes > KEPT_BYTES && self.gone < read_by_all {
            let Some(first) = self.news.pop_front() else { break };
            self.bytes -= size(&first);
            self.gone += 1;
        }
        self.news.is_empty() || self.bytes + bytes <= KEPT_BYTES
    }
}

impl Reader {
    /// Reads from the beginning. None: there is none any more, or it has failed.
    fn join(reading: Arc<Reading>) -> Option<Self> {
        let mut state = lock(&reading.shared.state);
        if state.gone > 0 || matches!(state.end, Some(Err(_))) {
            return None;
        }
        let key = state.readers.insert(0);
        drop(state);
        let grown = reading.shared.grown.subscribe();
        Some(Self { reading, key, grown })
    }

    /// What the answer begins with.
    pub fn header(&self) -> proto::DataQualityHeader {
        self.reading.header.clone()
    }

    async fn has_begun(&mut self) -> Result<()> {
        loop {
            {
                let state = lock(&self.reading.shared.state);
                match &state.end {
                    Some(Err(error)) if !state.begun => return Err(error.clone()),
                    _ if state.begun => return Ok(()),
                    _ => {}
                }
            }
            self.more().await?;
        }
    }

    /// What comes next; None at the end.
    pub async fn next(&mut self) -> Result<Option<Arc<News>>> {
        loop {
            {
                let mut state = lock(&self.reading.shared.state);
                let next = state.readers.get(self.key).copied().unwrap_or_default();
                if let Some(news) = state.news.get(next - state.gone).cloned() {
                    if let Some(place) = state.readers.get_mut(self.key) {
                        *place += 1;
                    }
                    drop(state);
                    self.reading.shared.read.send_replace(());
                    return Ok(Some(news));
                }
                if let Some(end) = &state.end {
                    return end.clone().map(|()| None);
                }
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<()> {
        self.grown.changed().await.map_err(|_| Error::Internal("a check has ended without an end".into()))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        lock(&self.reading.shared.state).readers.try_remove(self.key);
        self.reading.shared.read.send_replace(());
    }
}

/// Bytes of memory that news take, about.
fn size(news: &News) -> usize {
    let texts = |finding: &Finding| {
        let key: usize = finding.key.iter().map(|part| size_of_val(part) + part.value.len()).sum();
        key + finding.rep.len() + finding.rep_label.len() + finding.found.as_ref().map_or(0, String::len)
    };
    match news {
        News::Findings(_, findings) => {
            findings.iter().map(|one| size_of::<Finding>() + texts(one) + one.expected.len()).sum()
        }
        News::Done { .. } | News::Whole { .. } => size_of::<News>(),
    }
}
