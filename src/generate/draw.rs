use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// What chance is drawn for: each kind of thing has a stream of its own for each of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Rep = 1,
    Account,
    Round,
    Deal,
    Order,
    Tenure,
    Subscription,
    Movement,
    Lead,
    Campaign,
    Response,
    Cost,
    Referral,
    Session,
    Listed,
    Activity,
    Profile,
    Post,
    Training,
    Case,
    Call,
    Answer,
    SignIn,
    Target,
    Rate,
}

/// Chance, the same on every machine: whole numbers only, from a seed, a stream and a number.
pub(super) struct Draw(Xoshiro256PlusPlus);

impl Draw {
    pub fn new(seed: u64, stream: Stream, number: u64) -> Self {
        // Seeding spreads what differs in one bit only; two of one seed are the same in no bit more than that.
        Self(Xoshiro256PlusPlus::seed_from_u64(seed ^ ((stream as u64) << 56) ^ number))
    }

    /// From 0 up to, not including, `n`; 0 for 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// Both ends included; `low` where `high` is less.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(0).unsigned_abs()) as i64
    }

    pub fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One of the items, which must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len() as u64) as usize]
    }

    /// The place of one of the weights, as likely as it weighs.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            match rest.checked_sub(*weight) {
                Some(less) => rest = less,
                None => return place,
            }
        }
        weights.len().saturating_sub(1)
    }

    /// From 0 up to `n`, of which half are drawn evenly and half are more likely the lower they are.
    pub fn skewed(&mut self, n: u64) -> u64 {
        match self.below(4) {
            0 | 1 => self.below(n),
            2 => self.below(n).min(self.below(n)),
            _ => {
                let most = self.below(n) + 1;
                self.below(most)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_belongs_to_its_seed_kind_and_number() {
        let numbers = |seed, stream, number| {
            let mut draw = Draw::new(seed, stream, number);
            [(); 8].map(|()| draw.below(1 << 40))
        };
        let drawn = numbers(1, Stream::Deal, 7);
        assert_eq!(drawn, numbers(1, Stream::Deal, 7));
        assert_ne!(drawn, numbers(2, Stream::Deal, 7));
        assert_ne!(drawn, numbers(1, Stream::Lead, 7));
        assert_ne!(drawn, numbers(1, Stream::Deal, 8));
    }

    const DRAWN: [u64; 4] = [705_968, 45_607, 1_081, 763_665];

    #[test]
    fn what_is_drawn_stays_what_it_is() {
        let mut draw = Draw::new(1, Stream::Deal, 0);
        assert_eq!([(); 4].map(|()| draw.below(1_000_000)), DRAWN);
    }

    #[test]
    fn numbers_stay_in_their_range_and_reach_its_ends() {
        let mut draw = Draw::new(1, Stream::Deal, 0);
        let drawn: Vec<i64> = (0..1000).map(|_| draw.between(-2, 3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&3)));
        let low = (0..1000).filter(|_| draw.skewed(10) < 2).count();
        assert!((230..=450).contains(&low), "{low}");
        assert!((0..1000).all(|_| draw.skewed(1) == 0));
    }
}
