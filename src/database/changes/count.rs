use super::version::{DataVersion, Seen, Unwatched};
use crate::clock::SharedClock;
use prometheus_client::metrics::counter::Counter;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Counts the changes seen since this start.
pub struct Count {
    epoch: Arc<str>,
    clock: SharedClock,
    /// How long what is not watched counts as unchanged.
    unwatched: Duration,
    state: Mutex<State>,
    /// How often something was seen to change.
    pub changes: Counter,
}

struct State {
    seen: Arc<Seen>,
    /// When what is not watched last counted as changed.
    passed: Option<Instant>,
}

impl State {
    fn change(&mut self, clock: &SharedClock, change: impl FnOnce(&mut Seen)) {
        let seen = Arc::make_mut(&mut self.seen);
        change(seen);
        seen.total += 1;
        seen.changed_at = clock.now();
    }
}

impl Count {
    /// Begins with a version that no other start has.
    pub fn start(clock: SharedClock, unwatched: Duration, watched: Unwatched) -> Self {
        let seen = Seen {
            total: 0,
            all: 0,
            tables: Default::default(),
            passes: 0,
            unwatched: watched,
            changed_at: clock.now(),
        };
        let state = Mutex::new(State { seen: Arc::new(seen), passed: None });
        let epoch = format!("{:016x}", rand::random::<u64>()).into();
        Self { epoch, clock, unwatched, state, changes: Counter::default() }
    }

    /// Something changed: this table, or, where none is named, what may have been any.
    pub fn changed(&self, table: Option<&str>) {
        self.changes.inc();
        self.lock().change(&self.clock, |seen| match table {
            Some(table) => *seen.tables.entry(table.into()).or_default() += 1,
            None => seen.all += 1,
        });
    }

    /// From now on these tables do not tell of their changes. What changed while that was not known is not known either.
    pub fn watch(&self, unwatched: Unwatched) {
        let mut state = self.lock();
        if state.seen.unwatched != unwatched {
            self.changes.inc();
            state.change(&self.clock, |seen| {
                seen.all += 1;
                seen.unwatched = unwatched;
            });
        }
    }

    /// How many of these tables do not tell of their changes.
    pub fn unwatched(&self, tables: &[&str]) -> usize {
        let state = self.lock();
        tables.iter().filter(|table| state.seen.unwatched.has(table)).count()
    }

    /// The version now.
    pub fn version(&self) -> DataVersion {
        let mut state = self.lock();
        let over = state.passed.is_none_or(|passed| passed.elapsed() >= self.unwatched);
        if over && !state.seen.unwatched.is_empty() {
            state.passed = Some(Instant::now());
            state.change(&self.clock, |seen| seen.passes += 1);
        }
        DataVersion { epoch: self.epoch.clone(), seen: state.seen.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.epoch, self.lock().seen.total)
    }
}
