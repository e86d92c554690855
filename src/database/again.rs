//! What the database breaks off, though nothing is wrong with it, is asked once more.

use super::errors::interruption;
use super::pool::Database;
use crate::error::Result;
use futures::FutureExt;
use std::error::Error as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::sleep;

/// How long it takes at most until it is asked once more: not all at once.
const PAUSE: Duration = Duration::from_millis(50);

impl Database {
    /// Asks, and once more where the database breaks that off: on a standby for replication, in a deadlock, when a
    /// connection is lost. `ask` begins anew each time, with a snapshot of its own. Not where `goes_on` says that part of
    /// the answer has been given already, nor where the database is known to be away.
    pub async fn asking<T, F>(&self, mut ask: impl FnMut() -> F, goes_on: impl Fn() -> bool) -> Result<T>
    where
        F: Future<Output = Result<T>> + Send,
    {
        let error = match ask().await {
            Err(error) => error,
            answered => return answered,
        };
        let Some(why) = interruption(&error) else { return Err(error) };
        if goes_on() || self.is_away() {
            return Err(error);
        }
        self.meters().asked_again(why);
        tracing::info!(
            reason = why.name(),
            cause = error.source(),
            "the database broke off a question: it is asked again"
        );
        sleep(PAUSE.mul_f64(rand::random())).await;
        // Boxed: it takes no room where nothing is broken off.
        ask().boxed().await
    }
}

/// Where an answer goes piece by piece, which remembers whether any has gone: from then on it cannot begin anew.
#[derive(Debug)]
pub struct Pieces<T> {
    sender: mpsc::Sender<T>,
    sent: AtomicBool,
}

/// Nobody receives any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwanted;

impl<T> Pieces<T> {
    /// None has gone yet.
    pub fn new(sender: mpsc::Sender<T>) -> Self {
        Self { sender, sent: AtomicBool::new(false) }
    }

    /// Sends a piece once there is room.
    pub async fn send(&self, piece: T) -> Result<(), Unwanted> {
        // Before it goes: whoever is stopped while it waits does not know whether it went.
        self.sent.store(true, Ordering::Relaxed);
        self.sender.send(piece).await.map_err(|_| Unwanted)
    }

    /// Whether any piece has gone.
    pub fn any(&self) -> bool {
        self.sent.load(Ordering::Relaxed)
    }

    /// Whether nobody receives any more.
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }
}
