//! Why the service is not ready, and what else an operator should know.

use super::auth::KnownKeys;
use crate::database::Database;
use crate::service::{Note, Readiness, notes};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// Connections that are opened beside those of the pool: for health, for notifications, for stopping statements.
const BESIDE: u32 = 3;

/// What `/readyz` says beside yes or no. A clone says the same.
#[derive(Clone)]
pub(super) struct Why {
    readiness: Arc<Readiness>,
    keys: KnownKeys,
    draining: CancellationToken,
    notes: Arc<Mutex<Vec<Note>>>,
}

impl Why {
    pub fn new(readiness: Arc<Readiness>, keys: KnownKeys, draining: CancellationToken) -> Self {
        Self { readiness, keys, draining, notes: Arc::default() }
    }

    /// Everything that keeps the service from being ready, as far as it is known.
    pub fn not_ready(&self) -> Vec<String> {
        let stopping = self.draining.is_cancelled().then(|| "the service is stopping".to_owned());
        let database = self.readiness.reason().map(|reason| reason.to_string());
        stopping.into_iter().chain(database).chain(self.keys.missing()).collect()
    }

    /// What should be seen to though the service is ready.
    pub fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).iter().map(Note::to_string).collect()
    }

    /// Looks at the database whenever it becomes ready, and tells what is new.
    pub async fn follow(self, database: Database, pool: u32, stopped: CancellationToken) {
        let mut ready = self.readiness.subscribe();
        let following = async {
            while ready.wait_for(|ready| *ready).await.is_ok() {
                let now = notes(&database, pool.saturating_add(BESIDE)).await;
                let before =
                    std::mem::replace(&mut *self.notes.lock().unwrap_or_else(PoisonError::into_inner), now.clone());
                for note in now.iter().filter(|note| !before.contains(note)) {
                    tracing::warn!("{note}");
                }
                if ready.wait_for(|ready| !*ready).await.is_err() {
                    return;
                }
            }
        };
        stopped.run_until_cancelled(following).await;
    }
}
