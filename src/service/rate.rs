use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Accounts that are looked through for those that may be forgotten, at least.
const MANY: usize = 1024;

/// How many questions a second each account may ask: the generic cell rate algorithm. An account that has been quiet may
/// ask those of one second at once.
#[derive(Debug)]
pub(super) struct Rate {
    /// Between two questions.
    interval: Duration,
    /// When the questions of an account are evenly spread up to now: it may be this much ahead of the clock.
    ahead: Duration,
    /// When the next question of an account would be due if it asked evenly.
    due: HashMap<Arc<str>, Instant>,
    forget_at: usize,
}

impl Rate {
    /// So many questions a second.
    pub fn new(per_second: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        Self { interval, ahead: Duration::from_secs(1) - interval, due: HashMap::new(), forget_at: MANY }
    }

    /// Whether an account may ask now; otherwise how long it has to wait.
    pub fn check(&self, account: &str, now: Instant) -> Result<(), Duration> {
        let ahead = self.due.get(account).map_or(Duration::ZERO, |due| due.saturating_duration_since(now));
        match ahead.checked_sub(self.ahead) {
            None | Some(Duration::ZERO) => Ok(()),
            Some(wait) => Err(wait),
        }
    }

    /// Counts a question.
    pub fn count(&mut self, account: &Arc<str>, now: Instant) {
        if self.due.len() >= self.forget_at {
            self.due.retain(|_, due| *due > now);
            self.forget_at = (2 * self.due.len()).max(MANY);
        }
        let due = self.due.entry(account.clone()).or_insert(now);
        *due = (*due).max(now) + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_one_second_and_then_evenly() {
        let mut rate = Rate::new(4);
        let (one, other): (Arc<str>, Arc<str>) = ("one".into(), "other".into());
        let begin = Instant::now();
        let quarter = Duration::from_millis(250);
        for _ in 0..4 {
            assert_eq!(rate.check(&one, begin), Ok(()));
            rate.count(&one, begin);
        }
        assert_eq!(rate.check(&one, begin), Err(quarter));
        assert_eq!(rate.check(&other, begin), Ok(()), "each has its own");
        assert_eq!(rate.check(&one, begin + quarter), Ok(()));
        rate.count(&one, begin + quarter);
        assert_eq!(rate.check(&one, begin + quarter), Err(quarter));
        let later = begin + Duration::from_secs(60);
        for _ in 0..4 {
            assert_eq!(rate.check(&one, later), Ok(()), "quiet time is not saved up");
            rate.count(&one, later);
        }
        assert!(rate.check(&one, later).is_err());
    }

    #[test]
    fn who_is_quiet_is_forgotten() {
        let mut rate = Rate::new(1);
        let begin = Instant::now();
        for n in 0..10 * MANY as u64 {
            rate.count(&n.to_string().into(), begin + Duration::from_secs(2 * n));
        }
        assert!(rate.due.len() <= MANY, "{}", rate.due.len());
    }
}
