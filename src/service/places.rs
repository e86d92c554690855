use super::meters::ServiceMeters;
use super::rate::Rate;
use super::turns::{Asked, Full, Shares, Turns};
use crate::config::Limits;
use crate::error::{CallerLimit, Error, Result};
use prometheus_client::metrics::gauge::Gauge;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// When somebody whose share is used may try again.
const RETRY: Duration = Duration::from_secs(1);

/// The places of questions that are worked on, divided among callers. A clone has the same places.
#[derive(Clone, Debug)]
pub struct Places(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    patience: Duration,
    meters: ServiceMeters,
}

#[derive(Debug)]
struct State {
    turns: Turns<oneshot::Sender<Permit>>,
    rate: Option<Rate>,
}

/// A question's place, until it is dropped.
#[derive(Debug)]
pub struct Permit {
    places: Places,
    account: Arc<str>,
    /// How many the caller has, for metrics.
    of_caller: Gauge,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.places.0.meters.active.dec();
        self.of_caller.dec();
        self.places.lock().turns.give_back(&self.account);
        self.places.next();
    }
}

/// A question that waits, until this is dropped.
struct Waiting<'a> {
    places: &'a Places,
    account: &'a Arc<str>,
    number: u64,
}

impl Waiting<'_> {
    /// Stops waiting. Returns whether the caller's own share kept it waiting.
    fn leave(&self) -> bool {
        self.places.lock().turns.leave(self.account, self.number)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.leave();
        self.places.0.meters.waiting.dec();
    }
}

impl Places {
    /// As the limits say.
    pub fn new(limits: &Limits, meters: ServiceMeters) -> Self {
        let Limits { queries, waiting, .. } = *limits;
        let shares = Shares {
            places: queries,
            places_per_caller: limits.queries_per_caller.unwrap_or((queries * 3).div_ceil(4)),
            waiting,
            waiting_per_caller: limits.waiting_per_caller.unwrap_or(waiting.div_ceil(2)),
        };
        let state = State { turns: Turns::new(shares), rate: limits.rate_per_caller.map(Rate::new) };
        Self(Arc::new(Shared { state: Mutex::new(state), patience: limits.queue, meters }))
    }

    /// Takes a place for a caller's question, when it is the caller's turn. An error where too many wait, none was free in
    /// time, or the caller has or wants more than its share.
    pub async fn take(&self, account: &Arc<str>) -> Result<Permit> {
        let began = Instant::now();
        let taken = self.wait(account, began).await;
        match &taken {
            Ok(_) => self.0.meters.callers.begins(account, began.elapsed()),
            Err(_) => self.0.meters.callers.refuses(account),
        }
        taken
    }

    async fn wait(&self, account: &Arc<str>, now: Instant) -> Result<Permit> {
        let (sender, place) = oneshot::channel();
        let asked = self.ask(account, now, sender)?;
        let number = match asked {
            Asked::Admitted => return Ok(self.place(account.clone())),
            Asked::Refused(Full::Queue) => return Err(Error::TooManyQueries),
            Asked::Refused(Full::Share) => return Err(share("limits.waiting_per_caller", RETRY)),
            Asked::Wait { number, instead_of } => {
                // Whoever is dropped here hears of it.
                drop(instead_of);
                number
            }
        };
        self.0.meters.waiting.inc();
        let waiting = Waiting { places: self, account, number };
        match timeout(self.0.patience, place).await {
            Ok(Ok(place)) => Ok(place),
            // Its place in the queue went to a caller who has fewer of them.
            Ok(Err(_)) => Err(share("limits.waiting_per_caller", RETRY)),
            Err(_) if waiting.leave() => Err(share("limits.queries_per_caller", RETRY)),
            Err(_) => Err(Error::TooManyQueries),
        }
    }

    fn ask(
        &self,
        account: &Arc<str>,
        now: Instant,
        sender: oneshot::Sender<Permit>,
    ) -> Result<Asked<oneshot::Sender<Permit>>> {
        let State { turns, rate } = &mut *self.lock();
        if let Some(rate) = rate {
            rate.check(account, now).map_err(|wait| share("limits.rate_per_caller", wait))?;
        }
        let asked = turns.ask(account, || sender);
        if let Some(rate) = rate
            && !matches!(asked, Asked::Refused(_))
        {
            rate.count(account, now);
        }
        Ok(asked)
    }

    /// Gives free places to those whose turn it is.
    fn next(&self) {
        loop {
            let next = self.lock().turns.next();
            let Some((account, sender)) = next else { break };
            // Who does not wait any more gives it back.
            drop(sender.send(self.place(account)));
        }
    }

    fn place(&self, account: Arc<str>) -> Permit {
        let of_caller = self.0.meters.callers.holds(&account);
        of_caller.inc();
        self.0.meters.active.inc();
        Permit { places: self.clone(), account, of_caller }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn share(limit: &'static str, wait: Duration) -> Error {
    Error::CallerLimit(CallerLimit { limit, wait })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    const LONG: Duration = Duration::from_secs(3600);

    /// Places for everybody, and what is counted. The rate and the shares are as given.
    fn places(
        working: usize,
        waiting: usize,
        queue: Duration,
        change: impl FnOnce(&mut Limits),
    ) -> (Places, ServiceMeters) {
        let mut limits = crate::config::Layers::new().settings().unwrap().limits;
        limits = Limits { queries: working, waiting, queue, ..limits };
        change(&mut limits);
        let meters = ServiceMeters::default();
        (Places::new(&limits, meters.clone()), meters)
    }

    fn account(name: &str) -> Arc<str> {
        name.into()
    }

    fn limit_of(refused: Option<Result<Permit>>) -> &'static str {
        match refused {
            Some(Err(Error::TooManyQueries)) => "everybody",
            Some(Err(Error::CallerLimit(CallerLimit { limit, .. }))) => limit,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn what_finds_no_place_in_time_is_refused() {
        let (places, meters) = places(1, 1, Duration::from_millis(1), |_| {});
        let (one, other) = (account("one"), account("other"));
        let place = places.take(&one).await.unwrap();
        assert!(matches!(places.take(&other).await, Err(Error::TooManyQueries)));
        assert_eq!((meters.active.get(), meters.waiting.get()), (1, 0));
        drop(place);
        places.take(&other).await.unwrap();
    }

    #[tokio::test]
    async fn who_has_its_share_is_told_so_while_others_are_served() {
        let (places, _) = places(2, 1, Duration::from_millis(1), |limits| limits.queries_per_caller = Some(1));
        let (one, other) = (account("one"), account("other"));
        let place = places.take(&one).await.unwrap();
        assert_eq!(limit_of(Some(places.take(&one).await)), "limits.queries_per_caller");
        places.take(&other).await.unwrap();
        drop(place);
        places.take(&one).await.unwrap();
    }

    #[tokio::test]
    async fn who_waits_comes_next_and_one_more_is_refused_at_once() {
        let (places, meters) = places(1, 1, LONG, |_| {});
        let [one, other, third] = ["one", "other", "third"].map(account);
        let place = places.take(&one).await.unwrap();
        let mut waiting = Box::pin(places.take(&other));
        assert!(futures::poll!(&mut waiting).is_pending());
        assert_eq!((meters.active.get(), meters.waiting.get()), (1, 1));
        assert_eq!(limit_of(places.take(&third).now_or_never()), "everybody");
        assert_eq!(limit_of(places.take(&other).now_or_never()), "everybody");
        drop(place);
        let place = waiting.await.unwrap();
        assert_eq!((meters.active.get(), meters.waiting.get()), (1, 0));
        drop(place);
        assert_eq!(meters.active.get(), 0);
    }

    #[tokio::test]
    async fn who_stops_waiting_leaves_nothing_behind() {
        let (places, meters) = places(1, 1, LONG, |_| {});
        let (one, other) = (account("one"), account("other"));
        let place = places.take(&one).await.unwrap();
        for _ in 0..3 {
            assert!(places.take(&other).now_or_never().is_none());
            assert_eq!(meters.waiting.get(), 0);
        }
        // Given a place, but gone before it knows.
        let mut waiting = Box::pin(places.take(&other));
        assert!(futures::poll!(&mut waiting).is_pending());
        drop(place);
        assert_eq!(meters.active.get(), 1);
        drop(waiting);
        assert_eq!(meters.active.get(), 0);
        places.take(&one).await.unwrap();
        assert_eq!(meters.active.get(), 0);
    }

    #[tokio::test]
    async fn who_has_less_in_a_full_queue_takes_the_place_of_who_has_more() {
        let (places, meters) = places(1, 3, LONG, |limits| limits.waiting_per_caller = Some(3));
        let (many, one) = (account("many"), account("one"));
        let place = places.take(&many).await.unwrap();
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(places.take(&many))).collect();
        for waiting in &mut waiting {
            assert!(futures::poll!(waiting).is_pending());
        }
        let mut single = Box::pin(places.take(&one));
        assert!(futures::poll!(&mut single).is_pending());
        let newest = waiting.pop().unwrap();
        assert_eq!(limit_of(newest.now_or_never()), "limits.waiting_per_caller");
        assert_eq!(meters.waiting.get(), 3);
        drop(place);
        let first = waiting.remove(0).await.unwrap();
        drop(first);
        single.now_or_never().expect("its turn").unwrap();
    }

    #[tokio::test]
    async fn more_than_the_rate_is_refused_with_the_time_to_wait() {
        let (places, _) = places(10, 0, LONG, |limits| limits.rate_per_caller = Some(2));
        let (one, other) = (account("one"), account("other"));
        for _ in 0..2 {
            places.take(&one).await.unwrap();
        }
        let Err(Error::CallerLimit(CallerLimit { limit, wait })) = places.take(&one).await else { panic!("refused") };
        assert_eq!(limit, "limits.rate_per_caller");
        assert!(wait <= Duration::from_millis(500), "{wait:?}");
        places.take(&other).await.unwrap();
    }
}
