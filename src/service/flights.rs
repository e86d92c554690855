use crate::error::Result;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::watch;

/// What several ask for at the same time and one of them brings, whoever has a place first.
#[derive(Clone, Debug)]
pub(super) struct Flights<T>(Arc<Mutex<HashMap<String, Weak<Flight<T>>>>>);

type Flight<T> = watch::Sender<Phase<T>>;

#[derive(Debug)]
enum Phase<T> {
    /// Nobody asks yet, or who did has gone away.
    Open,
    Asked,
    Answered(Result<T>),
}

impl<T> Default for Flights<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// One that asks, until this is dropped.
struct Asking<'a, T> {
    flights: &'a Flights<T>,
    key: &'a str,
    flight: &'a Arc<Flight<T>>,
    answer: Option<Result<T>>,
}

impl<T> Drop for Asking<'_, T> {
    fn drop(&mut self) {
        match self.answer.take() {
            // Who comes from here on asks anew.
            Some(answer) => {
                self.flights.lock().remove(self.key);
                self.flight.send_replace(Phase::Answered(answer));
            }
            None => drop(self.flight.send_replace(Phase::Open)),
        }
    }
}

impl<T: Clone> Flights<T> {
    /// What `ask` brings with a place, for all who want the same at the same time. Each waits for a place until somebody
    /// asks; an error of a place is one's own, an error of the answer everybody's.
    pub async fn once<P, W, A>(&self, key: &str, place: impl Fn() -> W, ask: impl FnOnce(P) -> A) -> Result<T>
    where
        W: Future<Output = Result<P>>,
        A: Future<Output = Result<T>>,
    {
        let flight = self.flight(key);
        let mut phase = flight.subscribe();
        loop {
            let place = tokio::select! {
                biased;
                _ = phase.wait_for(|phase| !matches!(phase, Phase::Open)) => None,
                place = place() => Some(place?),
            };
            if let Some(place) = place
                && begins(&flight)
            {
                let mut asking = Asking { flights: self, key, flight: &flight, answer: None };
                let answer = ask(place).await;
                asking.answer = Some(answer.clone());
                return answer;
            }
            // An error would mean that the flight is gone, which is held here.
            if let Ok(phase) = phase.wait_for(|phase| !matches!(phase, Phase::Asked)).await
                && let Phase::Answered(answer) = &*phase
            {
                return answer.clone();
            }
        }
    }

    fn flight(&self, key: &str) -> Arc<Flight<T>> {
        let mut flights = self.lock();
        if let Some(flight) = flights.get(key).and_then(Weak::upgrade) {
            return flight;
        }
        flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::new(watch::Sender::new(Phase::Open));
        flights.insert(key.to_owned(), Arc::downgrade(&flight));
        flight
    }
}

impl<T> Flights<T> {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Weak<Flight<T>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether nobody else asks already.
fn begins<T>(flight: &Flight<T>) -> bool {
    flight.send_if_modified(|phase| {
        let open = matches!(phase, Phase::Open);
        if open {
            *phase = Phase::Asked;
        }
        open
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use futures::{FutureExt, poll};
    use std::future::{pending, ready};
    use tokio::sync::{Semaphore, oneshot};

    type Answers = Flights<u32>;

    async fn never<P>() -> Result<P> {
        pending().await
    }

    #[tokio::test]
    async fn whoever_has_a_place_first_asks_for_all() {
        let flights = Answers::default();
        let mut waits = Box::pin(flights.once("a", never::<()>, |()| ready(Ok(0))));
        assert!(poll!(&mut waits).is_pending());
        let (answer, answered) = oneshot::channel();
        let mut asks = Box::pin(flights.once("a", || ready(Ok(())), |()| async { Ok(answered.await.unwrap()) }));
        assert!(poll!(&mut asks).is_pending());
        let late = flights.once("a", || ready(Err::<(), _>(Error::TooManyQueries)), |()| ready(Ok(0)));
        let mut late = Box::pin(late);
        assert!(poll!(&mut late).is_pending(), "nobody needs a place any more");
        answer.send(7).unwrap();
        assert_eq!(asks.await.unwrap(), 7);
        assert_eq!((waits.await.unwrap(), late.await.unwrap()), (7, 7));
        assert_eq!(flights.once("a", || ready(Ok(())), |()| ready(Ok(8))).await.unwrap(), 8, "it is asked anew");
    }

    #[tokio::test]
    async fn a_refused_place_is_ones_own() {
        let flights = Answers::default();
        let free = Semaphore::new(0);
        let mut other = Box::pin(flights.once("a", || free.acquire().map(|_| Ok(())), |()| ready(Ok(1))));
        assert!(poll!(&mut other).is_pending());
        let refused = flights.once("a", || ready(Err::<(), _>(Error::TooManyQueries)), |()| ready(Ok(0)));
        assert!(matches!(refused.await, Err(Error::TooManyQueries)));
        free.add_permits(1);
        assert_eq!(other.await.unwrap(), 1);
    }

    #[tokio::test]
    async fn where_the_one_who_asks_goes_away_the_next_one_asks() {
        let flights = Answers::default();
        let mut first = Box::pin(flights.once("a", || ready(Ok(())), |()| pending()));
        assert!(poll!(&mut first).is_pending());
        let mut second = Box::pin(flights.once("a", || ready(Ok(())), |()| ready(Ok(2))));
        assert!(poll!(&mut second).is_pending());
        drop(first);
        assert_eq!(second.await.unwrap(), 2);
        assert!(flights.lock().is_empty());
    }
}
