//! The memory that questions hold: a budget of bytes for the whole process.
//!
//! Nobody waits for memory while holding some, so nobody waits for each other. A question waits at the door, with nothing in
//! its hands, until what it is known to need is free. While it works it takes more as it grows, ahead of those at the door;
//! where there is no more it fails, and gives back all that it has.

use crate::error::{Error, Result};
use bytes::Bytes;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::timeout;

/// What a lease takes from the budget at a time.
const STEP: u64 = 256 << 10;

/// A budget of bytes. A clone is the same budget.
#[derive(Clone, Debug)]
pub struct Memory(Arc<Budget>);

#[derive(Debug)]
struct Budget {
    bytes: u64,
    state: Mutex<State>,
    held: Gauge,
    waiting: Gauge,
}

#[derive(Debug)]
struct State {
    free: u64,
    /// Those who wait for some bytes each, in their order.
    waiting: VecDeque<(u64, u64, oneshot::Sender<Lease>)>,
    next_number: u64,
}

/// What one question, or one answer, has of the budget, until its last clone is dropped.
#[derive(Clone, Debug)]
pub struct Lease(Arc<Leased>);

#[derive(Debug)]
struct Leased {
    memory: Memory,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    /// Of the budget.
    bytes: u64,
    /// Of these, by what is held now.
    used: u64,
    /// By what was held at most.
    peak: u64,
}

/// Bytes of a lease that something takes, until it is dropped.
#[derive(Debug)]
pub struct Held {
    lease: Lease,
    bytes: u64,
}

fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Memory {
    /// So many bytes.
    pub fn new(bytes: u64) -> Self {
        let state = State { free: bytes, waiting: VecDeque::new(), next_number: 0 };
        let budget = Budget { bytes, state: Mutex::new(state), held: Gauge::default(), waiting: Gauge::default() };
        Self(Arc::new(budget))
    }

    /// As much as there is.
    pub fn unlimited() -> Self {
        Self::new(u64::MAX >> 1)
    }

    /// Shows what is held in a registry.
    pub fn register(&self, registry: &mut Registry) {
        let limit = Gauge::<i64>::default();
        limit.set(i64::try_from(self.0.bytes).unwrap_or(i64::MAX));
        registry.register("crm_kpi_memory_limit_bytes", "What questions and answers may hold", limit);
        registry.register("crm_kpi_memory_held_bytes", "What questions and answers hold", self.0.held.clone());
        registry.register("crm_kpi_memory_waiting", "Questions that wait for memory", self.0.waiting.clone());
    }

    /// How many bytes there are.
    pub fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// How many of them one question may count on: answers need some too.
    pub fn most(&self) -> u64 {
        self.0.bytes - self.0.bytes / 4
    }

    /// A lease of nothing yet.
    pub fn lease(&self) -> Lease {
        self.leased(0)
    }

    /// A lease of so many bytes, as soon as they are free. An error where they are not in time.
    pub async fn wait(&self, bytes: u64, patience: Duration) -> Result<Lease> {
        if bytes > self.0.bytes {
            return Err(Error::MemoryLimit { retry: false });
        }
        let (sender, granted) = oneshot::channel();
        let waiting = {
            let mut state = lock(&self.0.state);
            if state.waiting.is_empty() && state.free >= bytes {
                self.take(&mut state, bytes);
                drop(state);
                return Ok(self.leased(bytes));
            }
            let number = state.next_number;
            state.next_number += 1;
            state.waiting.push_back((number, bytes, sender));
            self.0.waiting.inc();
            Waiting { memory: self, number }
        };
        let granted = timeout(patience, granted).await;
        drop(waiting);
        granted.ok().and_then(Result::ok).ok_or(Error::MemoryLimit { retry: true })
    }

    fn leased(&self, bytes: u64) -> Lease {
        Lease(Arc::new(Leased { memory: self.clone(), taken: Mutex::new(Taken { bytes, ..Taken::default() }) }))
    }

    fn take(&self, state: &mut State, bytes: u64) {
        state.free -= bytes;
        self.0.held.inc_by(bytes.cast_signed());
    }

    /// Takes so many bytes if they are free, ahead of those who wait.
    fn try_take(&self, bytes: u64) -> bool {
        let mut state = lock(&self.0.state);
        let free = state.free >= bytes;
        if free {
            self.take(&mut state, bytes);
        }
        free
    }

    fn give_back(&self, bytes: u64) {
        lock(&self.0.state).free += bytes;
        self.0.held.dec_by(bytes.cast_signed());
        self.grant();
    }

    /// Gives what is free to those who wait.
    fn grant(&self) {
        loop {
            let (bytes, sender) = {
                let mut state = lock(&self.0.state);
                let free = state.free;
                let Some((_, bytes, sender)) = state.waiting.pop_front_if(|(_, bytes, _)| *bytes <= free) else {
                    break;
                };
                self.take(&mut state, bytes);
                (bytes, sender)
            };
            // Who does not wait any more gives it back.
            drop(sender.send(self.leased(bytes)));
        }
    }
}

/// Somebody waits, until this is dropped.
struct Waiting<'a> {
    memory: &'a Memory,
    number: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let left = {
            let mut state = lock(&self.memory.0.state);
            let at = state.waiting.iter().position(|(number, ..)| *number == self.number);
            at.and_then(|at| state.waiting.remove(at))
        };
        self.memory.0.waiting.dec();
        // Those behind may need less.
        if left.is_some() {
            self.memory.grant();
        }
    }
}

impl Drop for Leased {
    fn drop(&mut self) {
        let taken = lock(&self.taken).bytes;
        if taken > 0 {
            self.memory.give_back(taken);
        }
    }
}

impl Lease {
    /// Something that takes nothing yet.
    pub fn hold(&self) -> Held {
        Held { lease: self.clone(), bytes: 0 }
    }

    /// Bytes that are taken of the budget.
    pub fn taken(&self) -> u64 {
        lock(&self.0.taken).bytes
    }

    /// The most bytes that were held.
    pub fn peak(&self) -> u64 {
        lock(&self.0.taken).peak
    }

    /// Gives back what nothing takes now.
    pub fn trim(&self) {
        let rest = {
            let mut taken = lock(&self.0.taken);
            let rest = taken.bytes - taken.used;
            taken.bytes = taken.used;
            rest
        };
        self.0.memory.give_back(rest);
    }

    fn grow(&self, bytes: u64) -> Result<()> {
        let memory = &self.0.memory;
        let mut taken = lock(&self.0.taken);
        let used = taken.used.saturating_add(bytes);
        if used > taken.bytes {
            let missing = used - taken.bytes;
            // In steps, but to the last byte where there is no room for one.
            let step = [missing.next_multiple_of(STEP), missing].into_iter().find(|step| memory.try_take(*step));
            match step {
                Some(step) => taken.bytes += step,
                // What has most of the memory already would not fit beside nearly nothing.
                None => return Err(Error::MemoryLimit { retry: used <= memory.most() }),
            }
        }
        taken.used = used;
        taken.peak = taken.peak.max(used);
        Ok(())
    }
}

impl Held {
    /// Takes so many bytes more. An error where there are none.
    pub fn grow(&mut self, bytes: usize) -> Result<()> {
        let bytes = bytes as u64;
        self.lease.grow(bytes)?;
        self.bytes += bytes;
        Ok(())
    }

    /// How many it takes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes so many bytes less.
    pub fn shrink(&mut self, bytes: usize) {
        let bytes = self.bytes.min(bytes as u64);
        self.bytes -= bytes;
        lock(&self.lease.0.taken).used -= bytes;
    }

    /// Bytes of this memory, which is held until the last part of them is dropped.
    pub fn into_bytes(self, bytes: Vec<u8>) -> Bytes {
        Bytes::from_owner(Owned { bytes, _held: self })
    }

    /// Its lease.
    pub fn lease(&self) -> &Lease {
        &self.lease
    }
}

/// Bytes and the memory that they take.
struct Owned {
    bytes: Vec<u8>,
    _held: Held,
}

impl AsRef<[u8]> for Owned {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        lock(&self.lease.0.taken).used -= self.bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    const LONG: Duration = Duration::from_secs(3600);
    const MIB: u64 = 1 << 20;

    fn free(memory: &Memory) -> u64 {
        lock(&memory.0.state).free
    }

    #[tokio::test]
    async fn what_is_held_is_given_back_with_the_lease() {
        let memory = Memory::new(4 * MIB);
        let lease = memory.lease();
        let mut held = lease.hold();
        held.grow(1).unwrap();
        assert_eq!((free(&memory), lease.taken()), (4 * MIB - STEP, STEP));
        held.grow(3 << 20).unwrap();
        let mut other = memory.lease().hold();
        assert!(matches!(other.grow(1 << 20), Err(Error::MemoryLimit { retry: true })));
        assert!(matches!(other.grow(5 << 20), Err(Error::MemoryLimit { retry: false })));
        other.grow((1 << 20) - STEP as usize).unwrap();
        drop(held);
        assert_eq!(lease.taken(), 3 * MIB + STEP, "it may need it again");
        lease.trim();
        drop((lease, other));
        assert_eq!((free(&memory), memory.0.held.get()), (4 * MIB, 0));
    }

    #[tokio::test]
    async fn who_needs_more_than_is_free_waits_in_order_with_nothing() {
        let memory = Memory::new(4 * MIB);
        let first = memory.wait(3 * MIB, LONG).await.unwrap();
        let mut second = Box::pin(memory.wait(2 * MIB, LONG));
        let mut third = Box::pin(memory.wait(MIB, LONG));
        assert!(futures::poll!(&mut second).is_pending() && futures::poll!(&mut third).is_pending());
        assert_eq!((free(&memory), memory.0.waiting.get()), (MIB, 2));
        // Who works already comes first.
        let mut growing = first.hold();
        growing.grow(4 << 20).unwrap();
        assert_eq!(free(&memory), 0);
        drop((growing, first));
        let (second, third) = (second.await.unwrap(), third.await.unwrap());
        assert_eq!((free(&memory), memory.0.waiting.get()), (MIB, 0));
        drop((second, third));
        assert_eq!(free(&memory), 4 * MIB);
    }

    #[test]
    fn bytes_are_held_as_long_as_a_part_of_them() {
        let memory = Memory::new(4 * MIB);
        let mut held = memory.lease().hold();
        held.grow(4).unwrap();
        let bytes = held.into_bytes(vec![1, 2, 3, 4]);
        let part = bytes.slice(1..2);
        drop(bytes);
        assert_eq!((free(&memory), part[0]), (4 * MIB - STEP, 2));
        drop(part);
        assert_eq!(free(&memory), 4 * MIB);
    }

    #[tokio::test]
    async fn who_stops_waiting_lets_those_behind_pass() {
        let memory = Memory::new(4 * MIB);
        let _first = memory.wait(3 * MIB, LONG).await.unwrap();
        let mut second = Box::pin(memory.wait(2 * MIB, LONG));
        let mut third = Box::pin(memory.wait(MIB, LONG));
        assert!(futures::poll!(&mut second).is_pending() && futures::poll!(&mut third).is_pending());
        drop(second);
        drop(third.now_or_never().expect("room").unwrap());
        let refused = memory.wait(2 * MIB, Duration::from_millis(1)).await;
        assert!(matches!(refused, Err(Error::MemoryLimit { retry: true })));
        let never = memory.wait(5 * MIB, LONG).now_or_never().expect("at once");
        assert!(matches!(never, Err(Error::MemoryLimit { retry: false })));
        assert_eq!((free(&memory), memory.0.waiting.get()), (MIB, 0));
    }
}
