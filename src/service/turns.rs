//! Whose turn it is: places, and the queue before them, divided among callers.
//!
//! A place that comes free goes to the caller with the fewest places of those who wait; among equals to the one whose last
//! turn is longest ago. So one caller with a hundred questions keeps another's single question back for one turn at most, and
//! everyone who waits has a turn in each round. Within a caller the oldest question is first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// How much there is, and how much of it one caller may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shares {
    pub places: usize,
    pub places_per_caller: usize,
    pub waiting: usize,
    pub waiting_per_caller: usize,
}

/// Why a question may not even wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    /// Everybody together has too many in the queue.
    Queue,
    /// The caller has.
    Share,
}

/// What a caller gets who asks for a place.
#[derive(Debug)]
pub(super) enum Asked<W> {
    /// A place.
    Admitted,
    /// A place in the queue, under a number; perhaps in that of somebody who has more of them.
    Wait { number: u64, instead_of: Option<W> },
    /// Nothing.
    Refused(Full),
}

/// Places and who waits for them. `W` wakes who waits.
#[derive(Debug)]
pub(super) struct Turns<W> {
    shares: Shares,
    free: usize,
    /// Those who have a place or wait.
    callers: HashMap<Arc<str>, Caller<W>>,
    /// Those who wait, in the order of their turns.
    ring: VecDeque<Arc<str>>,
    waiting: usize,
    next_number: u64,
}

#[derive(Debug)]
struct Caller<W> {
    places: usize,
    queue: VecDeque<(u64, W)>,
}

impl<W> Turns<W> {
    pub fn new(shares: Shares) -> Self {
        let (callers, ring) = (HashMap::new(), VecDeque::new());
        Self { shares, free: shares.places, callers, ring, waiting: 0, next_number: 0 }
    }

    /// Asks for a place. `waiting` is kept where there is none.
    pub fn ask(&mut self, account: &Arc<str>, waiting: impl FnOnce() -> W) -> Asked<W> {
        let (places, queued) = self.callers.get(account).map_or((0, 0), |caller| (caller.places, caller.queue.len()));
        // Whoever waits while a place is free has too many already.
        if self.free > 0 && places < self.shares.places_per_caller {
            self.free -= 1;
            self.caller(account).places += 1;
            return Asked::Admitted;
        }
        if queued >= self.shares.waiting_per_caller {
            let all = self.shares.waiting_per_caller >= self.shares.waiting;
            return Asked::Refused(if all { Full::Queue } else { Full::Share });
        }
        let mut instead_of = None;
        if self.waiting >= self.shares.waiting {
            instead_of = self.newest_of_longest(queued + 1);
            if instead_of.is_none() {
                return Asked::Refused(Full::Queue);
            }
        }
        let number = self.next_number;
        self.next_number += 1;
        self.caller(account).queue.push_back((number, waiting()));
        self.waiting += 1;
        if queued == 0 {
            self.ring.push_back(account.clone());
        }
        Asked::Wait { number, instead_of }
    }

    fn caller(&mut self, account: &Arc<str>) -> &mut Caller<W> {
        self.callers.entry(account.clone()).or_insert_with(|| Caller { places: 0, queue: VecDeque::new() })
    }

    /// Takes the newest question out of the longest queue, if that is longer than `than`.
    fn newest_of_longest(&mut self, than: usize) -> Option<W> {
        let length = |account: &&Arc<str>| self.callers.get(*account).map_or(0, |caller| caller.queue.len());
        let longest = self.ring.iter().max_by_key(length).filter(|account| length(account) > than)?.clone();
        let (_, newest) = self.caller(&longest).queue.pop_back()?;
        self.waiting -= 1;
        Some(newest)
    }

    /// Stops waiting. Returns whether the caller's own share kept it waiting.
    pub fn leave(&mut self, account: &Arc<str>, number: u64) -> bool {
        let most = self.shares.places_per_caller;
        let Some(caller) = self.callers.get_mut(account) else { return false };
        let before = caller.queue.len();
        caller.queue.retain(|(own, _)| *own != number);
        let left = before - caller.queue.len();
        self.waiting -= left;
        let has_its_share = caller.places >= most && most < self.shares.places;
        if left > 0 && caller.queue.is_empty() {
            self.ring.retain(|other| other != account);
            self.forget(account);
        }
        has_its_share
    }

    /// Gives a place back.
    pub fn give_back(&mut self, account: &Arc<str>) {
        if let Some(caller) = self.callers.get_mut(account) {
            caller.places -= 1;
            self.free += 1;
            self.forget(account);
        }
    }

    fn forget(&mut self, account: &Arc<str>) {
        if self.callers.get(account).is_some_and(|caller| caller.places == 0 && caller.queue.is_empty()) {
            self.callers.remove(account);
        }
    }

    /// Gives a free place to whose turn it is.
    pub fn next(&mut self) -> Option<(Arc<str>, W)> {
        if self.free == 0 {
            return None;
        }
        let most = self.shares.places_per_caller;
        let places = |account: &Arc<str>| self.callers.get(account).map_or(0, |caller| caller.places);
        let of_ring = self.ring.iter().enumerate().map(|(at, account)| (places(account), at));
        let (_, at) = of_ring.filter(|(places, _)| *places < most).min()?;
        let account = self.ring.remove(at)?;
        let caller = self.callers.get_mut(&account)?;
        let (_, waiting) = caller.queue.pop_front()?;
        caller.places += 1;
        if !caller.queue.is_empty() {
            self.ring.push_back(account.clone());
        }
        self.free -= 1;
        self.waiting -= 1;
        Some((account, waiting))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shares(places: usize, places_per_caller: usize) -> Shares {
        Shares { places, places_per_caller, waiting: 256, waiting_per_caller: 128 }
    }

    fn name(caller: usize) -> Arc<str> {
        caller.to_string().into()
    }

    fn waits(turns: &mut Turns<usize>, caller: usize) -> u64 {
        match turns.ask(&name(caller), || caller) {
            Asked::Wait { number, instead_of: None } => number,
            other => panic!("{other:?}"),
        }
    }

    fn has_a_place(turns: &mut Turns<usize>, caller: usize) {
        assert!(matches!(turns.ask(&name(caller), || caller), Asked::Admitted));
    }

    /// A question of `caller` ends; whose turn is next?
    fn ends(turns: &mut Turns<usize>, caller: usize) -> Option<usize> {
        turns.give_back(&name(caller));
        turns.next().map(|(_, next)| next)
    }

    #[test]
    fn a_hundred_questions_of_one_keep_another_back_for_one_turn() {
        for places in [1, 4, 32] {
            let mut turns = Turns::new(shares(places, places));
            (0..places).for_each(|_| has_a_place(&mut turns, 0));
            for _ in 0..100 {
                waits(&mut turns, 0);
            }
            for _ in 0..5 {
                waits(&mut turns, 1);
                let first = ends(&mut turns, 0).unwrap();
                let turn = if first == 1 {
                    1
                } else {
                    assert_eq!(ends(&mut turns, 0), Some(1));
                    2
                };
                assert!(turn <= 2 && (places == 1 || turn == 1), "{turn} of {places}");
                assert_eq!(ends(&mut turns, 1), Some(0));
                waits(&mut turns, 0);
            }
        }
    }

    #[test]
    fn everyone_who_waits_has_a_turn_in_each_round() {
        let mut turns = Turns::new(shares(1, 1));
        has_a_place(&mut turns, 0);
        for caller in 0..10 {
            for _ in 0..=caller {
                waits(&mut turns, caller);
            }
        }
        let mut order = Vec::new();
        let mut working = 0;
        while let Some(next) = ends(&mut turns, working) {
            order.push(next);
            working = next;
        }
        let expected: Vec<usize> = (0..10).flat_map(|round| round..10).collect();
        assert_eq!(order, expected, "round after round, each once, as long as it has questions");
    }

    #[test]
    fn a_caller_has_its_share_at_most_and_others_the_rest() {
        let mut turns = Turns::new(shares(4, 3));
        (0..3).for_each(|_| has_a_place(&mut turns, 0));
        let number = waits(&mut turns, 0);
        assert!(turns.next().is_none(), "the last place is not for who has three");
        has_a_place(&mut turns, 1);
        assert!(turns.leave(&name(0), number), "it has its share");
        assert_eq!(ends(&mut turns, 1), None);
        assert!(turns.callers.len() == 1 && turns.ring.is_empty());
    }

    #[test]
    fn a_full_queue_has_room_for_who_has_less_in_it() {
        let mut turns = Turns::new(Shares { waiting: 4, waiting_per_caller: 3, ..shares(1, 1) });
        has_a_place(&mut turns, 0);
        for _ in 0..3 {
            waits(&mut turns, 0);
        }
        assert!(matches!(turns.ask(&name(0), || 0), Asked::Refused(Full::Share)));
        waits(&mut turns, 1);
        for caller in [2, 3] {
            assert!(matches!(turns.ask(&name(caller), || caller), Asked::Wait { instead_of: Some(0), .. }));
        }
        assert!(matches!(turns.ask(&name(4), || 4), Asked::Refused(Full::Queue)), "everybody has one");
        let (mut order, mut working) = (Vec::new(), 0);
        while let Some(next) = ends(&mut turns, working) {
            order.push(next);
            working = next;
        }
        assert_eq!(order, [0, 1, 2, 3]);
    }

    proptest! {
        /// Whatever happens, places and queues add up, nobody has more than may be, and none is free that somebody may have.
        #[test]
        fn nothing_is_lost(events in proptest::collection::vec((0_usize..4, 0_usize..5), 0..200)) {
            let mut turns = Turns::new(Shares { waiting: 6, waiting_per_caller: 4, ..shares(3, 2) });
            let mut working: Vec<usize> = Vec::new();
            let mut waiting: Vec<(usize, u64)> = Vec::new();
            for (event, caller) in events {
                match event {
                    0 | 1 => match turns.ask(&name(caller), || caller) {
                        Asked::Admitted => working.push(caller),
                        Asked::Wait { number, instead_of } => {
                            if let Some(other) = instead_of {
                                let newest = waiting.iter().rposition(|(own, _)| *own == other).unwrap();
                                waiting.remove(newest);
                            }
                            waiting.push((caller, number));
                        }
                        Asked::Refused(_) => {}
                    },
                    2 => if let Some(at) = working.iter().position(|own| *own == caller) {
                        working.remove(at);
                        turns.give_back(&name(caller));
                    },
                    _ => if let Some(at) = waiting.iter().position(|(own, _)| *own == caller) {
                        let (_, number) = waiting.remove(at);
                        turns.leave(&name(caller), number);
                    },
                }
                while let Some((_, next)) = turns.next() {
                    let oldest = waiting.iter().position(|(own, _)| *own == next).unwrap();
                    waiting.remove(oldest);
                    working.push(next);
                }
                prop_assert_eq!(turns.free + working.len(), 3);
                prop_assert_eq!(turns.waiting, waiting.len());
                let has = |caller| working.iter().filter(|own| **own == caller).count();
                prop_assert!((0..5).all(|caller| has(caller) <= 2));
                prop_assert!(turns.free == 0 || waiting.iter().all(|(caller, _)| has(*caller) == 2));
            }
        }
    }
}
