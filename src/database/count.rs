use crate::clock::SharedClock;
use chrono::{DateTime, Utc};
use prometheus_client::metrics::counter::Counter;
use std::sync::{Mutex, PoisonError};

/// Counts the changes seen since this start.
pub(super) struct Count {
    epoch: String,
    clock: SharedClock,
    state: Mutex<(u64, DateTime<Utc>)>,
    /// How often the version has become another one.
    pub changes: Counter,
}

impl Count {
    /// Begins with a version that no other start has.
    pub fn start(clock: SharedClock) -> Self {
        let state = Mutex::new((0, clock.now()));
        Self { epoch: format!("{:016x}", rand::random::<u64>()), clock, state, changes: Counter::default() }
    }

    /// Makes the version another one.
    pub fn move_on(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.changes.inc();
        *state = (state.0 + 1, self.clock.now());
    }

    /// The version of the data, and when it was last seen to change.
    pub fn version(&self) -> (String, DateTime<Utc>) {
        let (count, changed_at) = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (format!("{}-{count}", self.epoch), changed_at)
    }
}

impl std::fmt::Debug for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.version().0)
    }
}
