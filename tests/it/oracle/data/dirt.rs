//! The dice: random values, dirty ones among them.

use super::text;
use chrono::{DateTime, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Accounts on record, from `a1`.
pub const ACCOUNTS: u32 = 40;

/// Where [`super::PERIODS`] begin and end, and a year before.
const EDGES: [(i32, u32, u32); 8] =
    [(2024, 1, 1), (2024, 7, 1), (2024, 2, 29), (2024, 4, 16), (2023, 1, 1), (2023, 7, 1), (2023, 3, 1), (2023, 4, 16)];

fn midnight(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_time(NaiveTime::MIN).and_utc()
}

/// Every edge, and a millisecond before.
pub fn edges() -> impl Iterator<Item = DateTime<Utc>> {
    let edges = EDGES.iter().map(|&(year, month, day)| midnight(year, month, day));
    edges.flat_map(|edge| [edge - TimeDelta::milliseconds(1), edge])
}

pub struct Dirt {
    pub rng: ChaCha8Rng,
    /// Accounts on record and since when they are customers.
    pub customers: Vec<(String, DateTime<Utc>)>,
}

impl Dirt {
    pub fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed), customers: Vec::new() }
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    pub fn one_of(&mut self, values: &[&str]) -> String {
        values.choose(&mut self.rng).unwrap().to_string()
    }

    /// One of the values; unset for some per cent, as null or as an empty text.
    pub fn maybe(&mut self, unset: u32, values: &[&str]) -> Option<String> {
        let value = if self.chance(3) { String::new() } else { self.one_of(values) };
        (!self.chance(unset)).then_some(value)
    }

    /// An account, one that is not on record, or none: null or an empty text.
    pub fn account(&mut self) -> Option<String> {
        match self.rng.random_range(0..ACCOUNTS + 5) {
            0 => text("gone"),
            number if number <= ACCOUNTS => Some(format!("a{number}")),
            number if number == ACCOUNTS + 1 => text(""),
            _ => None,
        }
    }

    /// From December 2022 to August 2024, often at the edge of a month or of [`super::PERIODS`].
    pub fn instant(&mut self) -> DateTime<Utc> {
        let month = midnight(2022, 12, 1) + Months::new(self.rng.random_range(0..21));
        let within = TimeDelta::milliseconds(self.rng.random_range(0..28 * 86_400_000));
        let edge = EDGES.choose(&mut self.rng).map_or(month, |&(year, month, day)| midnight(year, month, day));
        match self.rng.random_range(0..12) {
            0 => month,
            1 => month - TimeDelta::milliseconds(1),
            2 => month + TimeDelta::milliseconds(1),
            3 => month + TimeDelta::days(within.num_days()),
            4..7 => edge,
            7 => edge - TimeDelta::milliseconds(1),
            _ => month + within,
        }
    }

    /// Some time later, or at the same instant.
    pub fn later(&mut self, than: DateTime<Utc>) -> DateTime<Utc> {
        let next = self.instant();
        match self.rng.random_range(0..16) {
            0 => than,
            1 => than + TimeDelta::days(365),
            2 => than + TimeDelta::days(365) - TimeDelta::milliseconds(1),
            3 => than + TimeDelta::milliseconds(1),
            4 => than + TimeDelta::days(14),
            5..9 => than + TimeDelta::milliseconds(self.rng.random_range(0..60 * 86_400_000)),
            _ => next.max(than),
        }
    }

    pub fn amount(&mut self) -> i64 {
        match self.rng.random_range(0..10) {
            0 => 0,
            1 => self.rng.random_range(-50_000..0),
            2 => 333,
            _ => self.rng.random_range(1..2_000_000),
        }
    }
}
