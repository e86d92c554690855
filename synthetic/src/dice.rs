/// Chance, the same on every machine: whole numbers only, from a stream that everything has for itself, so that more of one
/// kind leaves the others as they are. The generator is SplitMix64.
pub(crate) struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, what: &str, number: u64) -> Self {
        let name = what
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(mixed(mixed(mixed(seed) ^ name) ^ number))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// From 0 up to, not including, `n`; 0 for 0.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// A place in something with so many places.
    pub fn place(&mut self, len: usize) -> usize {
        self.below(len as u64) as usize
    }

    /// Both ends included; `low` where `high` is less.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(0).unsigned_abs()) as i64
    }

    /// The middle is more likely than the ends, which are included.
    pub fn around(&mut self, low: i64, high: i64) -> i64 {
        (self.between(low, high) + self.between(low, high)) / 2
    }

    pub fn chance(&mut self, permille: i64) -> bool {
        self.between(0, 999) < permille
    }

    /// A whole number near so many thousandths: the one below or the one above, as likely as it is near.
    pub fn rounded(&mut self, permille: i64) -> i64 {
        (permille + self.between(0, 999)) / 1000
    }

    /// One of the items, which must not be empty.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.place(items.len())]
    }

    /// The place of one of the weights, as likely as it weighs.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut rest = self.below(weights.iter().map(|weight| u64::from(*weight)).sum());
        for (place, weight) in weights.iter().enumerate() {
            match rest.checked_sub(u64::from(*weight)) {
                Some(less) => rest = less,
                None => return place,
            }
        }
        weights.len().saturating_sub(1)
    }
}

fn mixed(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::Dice;

    fn numbers(seed: u64, what: &str, number: u64) -> [u64; 8] {
        let mut dice = Dice::new(seed, what, number);
        [(); 8].map(|()| dice.below(1 << 40))
    }

    #[test]
    fn a_stream_belongs_to_its_seed_name_and_number() {
        let stream = numbers(1, "rep", 7);
        assert_eq!(stream, numbers(1, "rep", 7));
        for other in [numbers(2, "rep", 7), numbers(1, "team", 7), numbers(1, "rep", 8), numbers(0, "rep", 6)] {
            assert!(stream.iter().zip(&other).all(|(one, two)| one != two));
        }
    }

    #[test]
    fn what_is_drawn_stays_what_it_is() {
        let mut dice = Dice::new(1, "deal", 0);
        assert_eq!([(); 4].map(|()| dice.below(1_000_000)), [724_415, 940_715, 310_708, 784_463]);
    }

    #[test]
    fn numbers_stay_in_their_range_and_reach_its_ends() {
        let mut dice = Dice::new(1, "test", 0);
        let drawn: Vec<i64> = (0..1000).map(|_| dice.between(-2, 3)).collect();
        assert_eq!((drawn.iter().min(), drawn.iter().max()), (Some(&-2), Some(&3)));
        let places: Vec<usize> = (0..1000).map(|_| dice.weighted(&[1, 0, 3])).collect();
        assert!(places.contains(&0) && places.contains(&2) && !places.contains(&1));
        assert!(!dice.chance(0) && dice.chance(1000) && dice.below(0) == 0 && dice.between(5, 4) == 5);
        let sum: i64 = (0..1000).map(|_| dice.rounded(2_250)).sum();
        assert!((2_150..2_350).contains(&sum), "{sum}");
    }
}
