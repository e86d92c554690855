use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Chance, the same on every machine: whole numbers only, from a stream that every entity has for itself, so that more
/// of one kind of entity leaves the others as they are.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub fn new(seed: u64, entity: &str, number: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes()).update(&number.to_le_bytes()).update(entity.as_bytes());
        Self(ChaCha8Rng::from_seed(*hasher.finalize().as_bytes()))
    }

    /// From 0 up to, not including, `n`; 0 for 0.
    pub fn below(&mut self, n: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(n)) >> 32) as u32
    }

    /// Both ends included; `low` where `high` is less.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u32::try_from(high - low + 1).unwrap_or(1);
        low + i64::from(self.below(width))
    }

    /// The middle is more likely than the ends, which are included.
    pub fn around(&mut self, low: i64, high: i64) -> i64 {
        (self.between(low, high) + self.between(low, high)) / 2
    }

    pub fn chance(&mut self, permille: i64) -> bool {
        i64::from(self.below(1000)) < permille
    }

    /// One of the items, which must not be empty.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u32) as usize]
    }

    /// The place of one of the weights, as likely as it weighs.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            match rest.checked_sub(*weight) {
                Some(less) => rest = less,
                None => return place,
            }
        }
        weights.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_stream_belongs_to_its_seed_entity_and_number() {
        let numbers = |seed, entity, number| {
            let mut dice = Dice::new(seed, entity, number);
            (0..8).map(|_| dice.below(1 << 31)).collect::<Vec<_>>()
        };
        let stream = numbers(1, "rep", 7);
        assert_eq!(stream, numbers(1, "rep", 7));
        assert_ne!(stream, numbers(2, "rep", 7));
        assert_ne!(stream, numbers(1, "team", 7));
        assert_ne!(stream, numbers(1, "rep", 8));
    }

    #[test]
    fn numbers_stay_in_their_range_and_reach_its_ends() {
        let mut dice = Dice::new(1, "test", 0);
        let drawn: Vec<i64> = (0..1000).map(|_| dice.between(-2, 3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&3)));
        let places: Vec<usize> = (0..1000).map(|_| dice.weighted(&[1, 0, 3])).collect();
        assert!(places.contains(&0) && places.contains(&2) && !places.contains(&1));
        assert!(!dice.chance(0) && dice.chance(1000));
    }
}
