use super::cancel::Canceller;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::sqlx::{PgPool, Postgres};
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A pool of connections to PostgreSQL. A clone is the same pool.
#[derive(Clone, Debug)]
pub struct PostgresPool {
    pub pool: PgPool,
    pub canceller: Arc<Canceller>,
    /// Connections that a question may use at once.
    pub at_once: usize,
    /// One is being opened that nobody waits for.
    opening: Arc<AtomicBool>,
}

impl PostgresPool {
    /// One connection for each question.
    pub fn new(pool: PgPool) -> Self {
        let canceller = Arc::new(Canceller::new(pool.clone()));
        Self { pool, canceller, at_once: 1, opening: Arc::default() }
    }

    /// Connections that nobody uses, for a question that has one already and can use so many more. Where there are too few,
    /// and room for more, one is opened for questions to come.
    pub fn free(&self, wanted: usize) -> Vec<PoolConnection<Postgres>> {
        let wanted = wanted.min(self.at_once.saturating_sub(1));
        let free: Vec<_> = iter::from_fn(|| self.pool.try_acquire()).take(wanted).collect();
        if free.len() < wanted && self.pool.size() < self.pool.options().get_max_connections() {
            self.open_one();
        }
        free
    }

    fn open_one(&self) {
        if self.opening.swap(true, Ordering::Relaxed) {
            return;
        }
        let Self { pool, opening, .. } = self.clone();
        tokio::spawn(async move {
            if let Err(error) = pool.acquire().await {
                tracing::debug!(%error, "a connection could not be opened beforehand");
            }
            opening.store(false, Ordering::Relaxed);
        });
    }
}
