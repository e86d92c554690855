use super::meters::ServiceMeters;
use crate::error::{Error, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The places of questions that are worked on.
#[derive(Clone, Debug)]
pub struct Places {
    working: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    patience: Duration,
    meters: ServiceMeters,
}

/// A question's place, until it is dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
    meters: ServiceMeters,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.meters.active.dec();
    }
}

/// Counts a question as waiting until it is dropped.
struct Waiting<'a>(&'a ServiceMeters);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.dec();
    }
}

impl Places {
    /// So many questions at the same time; so many more wait, each for so long.
    pub fn new(working: usize, waiting: usize, patience: Duration, meters: ServiceMeters) -> Self {
        let [working, waiting] = [working, waiting].map(|places| Arc::new(Semaphore::new(places)));
        Self { working, waiting, patience, meters }
    }

    /// Takes a place, in the order of those who ask. An error where too many wait, or none was free in time.
    pub async fn take(&self) -> Result<Place> {
        let permit = match self.working.clone().try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => {
                let _waiting = self.waiting.try_acquire().map_err(|_| Error::TooManyQueries)?;
                self.meters.waiting.inc();
                let _counted = Waiting(&self.meters);
                let permit = timeout(self.patience, self.working.clone().acquire_owned()).await;
                permit.ok().and_then(Result::ok).ok_or(Error::TooManyQueries)?
            }
        };
        self.meters.active.inc();
        Ok(Place { _permit: permit, meters: self.meters.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    fn places(working: usize, waiting: usize, patience: Duration) -> (Places, ServiceMeters) {
        let meters = ServiceMeters::default();
        (Places::new(working, waiting, patience, meters.clone()), meters)
    }

    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn what_finds_no_place_in_time_is_refused() {
        let (places, meters) = places(1, 1, Duration::from_millis(1));
        let place = places.take().await.unwrap();
        assert!(matches!(places.take().await, Err(Error::TooManyQueries)));
        assert_eq!((meters.active.get(), meters.waiting.get()), (1, 0));
        drop(place);
        places.take().await.unwrap();
    }

    #[tokio::test]
    async fn who_waits_comes_next_and_one_more_is_refused_at_once() {
        let (places, meters) = places(1, 1, LONG);
        let place = places.take().await.unwrap();
        let mut waiting = Box::pin(places.take());
        assert!(futures::poll!(&mut waiting).is_pending());
        assert_eq!((meters.active.get(), meters.waiting.get()), (1, 1));
        assert!(matches!(places.take().now_or_never(), Some(Err(Error::TooManyQueries))));
        drop(place);
        let place = waiting.await.unwrap();
        assert_eq!((meters.active.get(), meters.waiting.get()), (1, 0));
        drop(place);
        assert_eq!(meters.active.get(), 0);
    }

    #[tokio::test]
    async fn who_stops_waiting_leaves_nothing_behind() {
        let (places, meters) = places(1, 1, LONG);
        let place = places.take().await.unwrap();
        for _ in 0..3 {
            assert!(places.take().now_or_never().is_none());
            assert_eq!(meters.waiting.get(), 0);
        }
        drop(place);
        places.take().await.unwrap();
        assert_eq!(meters.active.get(), 0);
    }
}
