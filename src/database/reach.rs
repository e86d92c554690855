use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// When the database answered last, whoever asked. A clone is the same.
///
/// A connection that says nothing may be busy with a large statement, or dead without having said so. It counts as dead once
/// the database has answered nobody for as long as it has been silent, and that is too long.
#[derive(Clone, Debug)]
pub(super) struct Reach(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    began: Instant,
    /// Milliseconds from the beginning to the last answer, and one; 0: there was none.
    answered: AtomicU64,
    /// The same of the first answer since which the database has been there.
    since: AtomicU64,
    watched: Option<Watched>,
}

#[derive(Clone, Copy, Debug)]
struct Watched {
    /// Somebody asks at least this often while the database answers.
    every: Duration,
    /// How long nobody may be answered before silent connections count as dead.
    silence: Duration,
}

impl Reach {
    /// Nobody asks whether the database is there: no connection ever counts as dead.
    pub fn unwatched() -> Self {
        Self::new(None)
    }

    /// Somebody asks whether the database is there, and is answered at least this often while it is.
    pub fn watched(every: Duration, silence: Duration) -> Self {
        Self::new(Some(Watched { every, silence }))
    }

    fn new(watched: Option<Watched>) -> Self {
        Self(Arc::new(Inner { began: Instant::now(), answered: AtomicU64::new(0), since: AtomicU64::new(0), watched }))
    }

    /// The database has answered.
    pub fn answered(&self) {
        self.answered_at(Instant::now());
    }

    fn answered_at(&self, at: Instant) {
        let now = self.number(at);
        let before = self.0.answered.fetch_max(now, Ordering::Relaxed);
        let every = self.0.watched.map_or(Duration::MAX, |watched| watched.every).as_millis();
        if before == 0 || u128::from(now.saturating_sub(before)) > every {
            self.0.since.store(now, Ordering::Relaxed);
        }
    }

    /// Milliseconds from the beginning to an instant, and one.
    fn number(&self, at: Instant) -> u64 {
        let passed = at.saturating_duration_since(self.0.began).as_millis();
        u64::try_from(passed).unwrap_or(u64::MAX - 1) + 1
    }

    fn last(&self) -> Option<Instant> {
        let passed = self.0.answered.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.0.began + Duration::from_millis(passed))
    }

    /// Whether the database is known to be there now: it has answered within the time that answers come in. None where nobody
    /// asks.
    pub fn is_there(&self) -> Option<bool> {
        self.is_there_at(Instant::now())
    }

    /// Whether the database has been there since an instant, without a pause. None where nobody asks.
    pub fn has_been_there_since(&self, begun: Instant) -> Option<bool> {
        self.has_been_there_at(Instant::now(), begun)
    }

    fn has_been_there_at(&self, now: Instant, begun: Instant) -> Option<bool> {
        let since = self.0.since.load(Ordering::Relaxed);
        Some(self.is_there_at(now)? && since <= self.number(begun))
    }

    fn is_there_at(&self, now: Instant) -> Option<bool> {
        let Watched { every, .. } = self.0.watched?;
        Some(self.last().is_some_and(|last| now.saturating_duration_since(last) <= every))
    }

    /// When a connection counts as dead that has been silent since an instant, as far as is known now.
    fn dead_at(&self, since: Instant) -> Option<Instant> {
        let Watched { silence, .. } = self.0.watched?;
        Some(self.last().map_or(since, |last| last.max(since)) + silence)
    }

    /// Waits for a connection's answer; none where the connection counts as dead.
    pub async fn unless_dead<T>(&self, answer: impl Future<Output = T>) -> Option<T> {
        let mut answer = std::pin::pin!(answer);
        // Rows that are here already, which are most, cost nothing more.
        if let std::task::Poll::Ready(answer) = futures::poll!(&mut answer) {
            return Some(answer);
        }
        let since = Instant::now();
        loop {
            let Some(at) = self.dead_at(since) else { return Some(answer.await) };
            tokio::select! {
                biased;
                answer = &mut answer => return Some(answer),
                () = sleep_until(at) => {}
            }
            if self.dead_at(since).is_some_and(|at| at <= Instant::now()) {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_silent_connection_lives_while_others_are_answered() {
        let reach = Reach::watched(SECOND, 10 * SECOND);
        let since = reach.0.began + 5 * SECOND;
        assert_eq!(reach.dead_at(since), Some(since + 10 * SECOND), "nobody was answered ever");
        reach.answered_at(since - 3 * SECOND);
        assert_eq!(reach.dead_at(since), Some(since + 10 * SECOND), "it spoke after all others");
        reach.answered_at(since + 60 * SECOND);
        assert_eq!(reach.dead_at(since), Some(since + 70 * SECOND));
        reach.answered_at(since + 30 * SECOND);
        assert_eq!(reach.dead_at(since), Some(since + 70 * SECOND), "the last answer counts");
    }

    #[test]
    fn it_is_there_while_it_answers_in_time() {
        let reach = Reach::watched(2 * SECOND, 10 * SECOND);
        let began = reach.0.began;
        assert_eq!(reach.is_there_at(began), Some(false));
        reach.answered_at(began + SECOND);
        assert_eq!(reach.is_there_at(began + 3 * SECOND), Some(true));
        assert_eq!(reach.is_there_at(began + 4 * SECOND), Some(false));
    }

    #[test]
    fn who_began_to_wait_before_it_came_back_did_not_wait_for_others() {
        let reach = Reach::watched(2 * SECOND, 10 * SECOND);
        let at = |seconds: u32| reach.0.began + seconds * SECOND;
        let waited = |now, begun| reach.has_been_there_at(at(now), at(begun));
        for answered in [1, 2, 4] {
            reach.answered_at(at(answered));
        }
        assert_eq!((waited(5, 0), waited(5, 1)), (Some(false), Some(true)));
        // It was away for three seconds.
        reach.answered_at(at(7));
        assert_eq!((waited(8, 2), waited(8, 6), waited(8, 7)), (Some(false), Some(false), Some(true)));
        assert_eq!(waited(10, 7), Some(false), "it is away again");
    }

    #[tokio::test]
    async fn what_counts_as_dead_is_not_waited_for() {
        let reach = Reach::watched(SECOND / 100, SECOND / 100);
        assert_eq!(reach.unless_dead(pending::<()>()).await, None);
        assert_eq!(reach.unless_dead(async { 7 }).await, Some(7));
        let later = async {
            tokio::task::yield_now().await;
            7
        };
        assert_eq!(Reach::watched(SECOND, 3600 * SECOND).unless_dead(later).await, Some(7));
    }

    #[tokio::test]
    async fn where_nobody_asks_nothing_is_known() {
        let reach = Reach::unwatched();
        assert_eq!((reach.is_there(), reach.dead_at(Instant::now())), (None, None));
        let mut waiting = Box::pin(reach.unless_dead(pending::<()>()));
        assert!(futures::poll!(&mut waiting).is_pending());
    }
}
