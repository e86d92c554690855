//! Accounts and what is known about them while a rep's book is made.

use super::calendar::Minute;
use super::dice::Dice;
use super::people::Rep;
use super::vocabulary::{ACCOUNT_MANAGEMENT, INDUSTRIES, LOSS_REASONS, PRODUCTS, SOURCES};
use crate::crm::orders::Kind;

/// A company that buys, or may.
pub(super) struct Account {
    pub rep: u32,
    pub seen_at: Minute,
    /// Place in SEGMENTS.
    pub segment: usize,
    /// Place in INDUSTRIES.
    pub industry: usize,
    pub country: &'static str,
    pub region: &'static str,
    /// Place in SOURCES.
    pub source: usize,
    /// A deal is open until then.
    pub busy_until: Minute,
    pub tenures: Vec<Tenure>,
    /// By time within what deals brought; then sorted.
    pub orders: Vec<Order>,
}

/// A stretch of time as a customer.
pub(super) struct Tenure {
    pub from: Minute,
    /// With the reason; unset while it lasts.
    pub end: Option<(Minute, &'static str)>,
}

/// What was bought in one transaction.
pub(super) struct Order {
    pub at: Minute,
    /// The deal's place in the rep's book.
    pub deal: Option<usize>,
    /// Place in PRODUCTS.
    pub product: usize,
    /// Place in SOURCES.
    pub source: usize,
    pub kind: Kind,
    /// In minor units.
    pub amount: i64,
    /// What it adds to the subscription a month, in minor units; 0 for none.
    pub monthly: i64,
    pub by_subscriber: bool,
}

/// How an account stands at some time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Prospect,
    Customer,
    Former,
}

impl Account {
    pub fn new(dice: &mut Dice, rep: &Rep, seen_at: Minute) -> Self {
        Self {
            rep: rep.number,
            seen_at,
            segment: dice.weighted(&rep.segments),
            industry: dice.below(INDUSTRIES.len() as u32) as usize,
            country: *dice.pick(rep.territory.countries),
            region: rep.region.name,
            source: dice.weighted(&SOURCES.each_ref().map(|source| source.weight)),
            busy_until: seen_at,
            tenures: Vec::new(),
            orders: Vec::new(),
        }
    }

    pub fn standing(&self, at: Minute) -> Standing {
        match self.tenures.last() {
            None => Standing::Prospect,
            Some(Tenure { end: Some((end, _)), .. }) if *end <= at => Standing::Former,
            Some(_) => Standing::Customer,
        }
    }

    /// Whether it was a customer at some time, whenever that is.
    pub fn is_customer(&self, at: Minute) -> bool {
        self.tenures.iter().any(|tenure| tenure.from <= at && tenure.end.is_none_or(|(end, _)| at < end))
    }

    /// Whether some order brought a product of the family.
    fn owns(&self, family: &str) -> bool {
        self.orders.iter().any(|order| PRODUCTS[order.product].family == family)
    }

    /// What the account would buy next, and as what kind of business.
    pub fn next_product(&self, dice: &mut Dice, standing: Standing) -> (usize, Kind) {
        let weights = PRODUCTS.each_ref().map(|product| product.weights[self.segment]);
        if standing != Standing::Customer {
            return (dice.weighted(&weights), Kind::New);
        }
        let more_of_the_same = dice.chance(480);
        let mut wanted = weights;
        for (weight, product) in wanted.iter_mut().zip(&PRODUCTS) {
            if self.owns(product.family) != more_of_the_same {
                *weight = 0;
            }
        }
        let any = wanted.iter().any(|weight| *weight > 0);
        let product = dice.weighted(if any { &wanted } else { &weights });
        (product, if self.owns(PRODUCTS[product].family) { Kind::Upsell } else { Kind::CrossSell })
    }

    /// Where the next deal comes from.
    pub fn next_source(&self, dice: &mut Dice, standing: Standing) -> usize {
        if standing == Standing::Customer && dice.chance(700) { ACCOUNT_MANAGEMENT } else { self.source }
    }

    pub fn loss_reason(&self, dice: &mut Dice) -> &'static str {
        LOSS_REASONS[dice.weighted(&LOSS_REASONS.map(|(_, weights)| weights[self.segment]))].0
    }
}

/// What a deal is worth in minor units: in all, and a month if it recurs. Sales people like round figures.
pub(super) fn price(dice: &mut Dice, segment: usize, product: usize, price_level: i64) -> (i64, Option<i64>) {
    /// Six figures in USD for each segment; as many deals between each two.
    const TARGETS: [[i64; 6]; 3] = [
        [1_200, 2_600, 4_800, 8_000, 14_000, 26_000],
        [6_000, 13_000, 23_000, 38_000, 62_000, 120_000],
        [24_000, 50_000, 85_000, 140_000, 240_000, 560_000],
    ];
    const DISCOUNTS: [i64; 6] = [0, 0, 5, 10, 15, 20];
    let product = &PRODUCTS[product];
    let place = dice.below(5) as usize;
    let target = dice.between(TARGETS[segment][place], TARGETS[segment][place + 1]);
    let quantity = ((target + product.list_price / 2) / product.list_price).max(1);
    let amount = quantity * product.list_price * (100 - dice.pick(&DISCOUNTS)) / 100 * price_level / 1000;
    match product.recurring {
        true => {
            let monthly = rounded(amount / 12) * 100;
            (12 * monthly, Some(monthly))
        }
        false => (rounded(amount) * 100, None),
    }
}

/// Rounded as one would say it in a talk; more than 0.
pub(super) fn rounded(amount: i64) -> i64 {
    let step = match amount {
        ..500 => 10,
        500..5_000 => 50,
        5_000..50_000 => 100,
        50_000..200_000 => 500,
        _ => 1_000,
    };
    ((amount + step / 2) / step * step).max(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_round_and_grow_with_the_customer() {
        let mut dice = Dice::new(1, "test", 0);
        let mut mean = |segment, product| {
            (0..500)
                .map(|_| price(&mut dice, segment, product, 1000).0)
                .inspect(|minor| assert_eq!(minor % 1000, 0))
                .sum::<i64>()
                / 500
        };
        let (small, middle, large) = (mean(0, 0), mean(1, 1), mean(2, 2));
        assert!(small * 3 < middle && middle * 3 < large, "{small} {middle} {large}");
        assert_eq!((rounded(3), rounded(1_234), rounded(123_456)), (10, 1_250, 123_500));
    }
}
