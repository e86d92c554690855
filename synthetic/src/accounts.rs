//! Accounts and what is known about them while a rep's book is made.

use crate::calendar::{Minute, Span};
use crate::dice::Dice;
use crate::reps::Rep;
use crate::vocabulary::{ACCOUNT_MANAGEMENT, INDUSTRIES, LOSS_REASONS, PRODUCTS, SOURCES};
use crm_kpi_crm::orders::Kind;

/// Where and to whom something is sold.
#[derive(Clone, Copy)]
pub(crate) struct Market {
    /// Place in SEGMENTS.
    pub segment: usize,
    /// Place in INDUSTRIES.
    pub industry: usize,
    pub region: &'static str,
    pub country: &'static str,
}

impl Market {
    /// One that the rep sells to.
    pub fn of(dice: &mut Dice, rep: &Rep) -> Self {
        Self {
            segment: dice.weighted(&rep.segments),
            industry: dice.place(INDUSTRIES.len()),
            region: rep.region.name,
            country: rep.country(dice),
        }
    }
}

/// Where new business comes from, a place in SOURCES.
pub(crate) fn new_source(dice: &mut Dice) -> usize {
    dice.weighted(&SOURCES.each_ref().map(|source| source.weight))
}

/// A company that buys, or may.
pub(crate) struct Account {
    /// Place of the rep's seat in the branch.
    pub seat: usize,
    pub seen_at: Minute,
    pub market: Market,
    /// Place in SOURCES.
    pub source: usize,
    /// A deal is open until then.
    pub busy_until: Minute,
    pub tenures: Vec<Tenure>,
    /// By time within what deals brought; then sorted.
    pub orders: Vec<Order>,
}

/// A stretch of time as a customer.
pub(crate) struct Tenure {
    pub from: Minute,
    /// With the reason; unset while it lasts.
    pub end: Option<(Minute, &'static str)>,
}

impl Tenure {
    /// When it ended, or the data do.
    pub fn until(&self, span: &Span) -> Minute {
        self.end.map_or(span.end, |(end, _)| end)
    }

    pub fn has(&self, at: Minute) -> bool {
        self.from <= at && self.end.is_none_or(|(end, _)| at < end)
    }
}

/// What was bought in one transaction.
pub(crate) struct Order {
    pub at: Minute,
    /// The deal's place in the rep's book, later in the branch.
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
pub(crate) enum Standing {
    Prospect,
    Customer,
    Former,
}

impl Account {
    pub fn new(dice: &mut Dice, rep: &Rep, seen_at: Minute) -> Self {
        let (market, source) = (Market::of(dice, rep), new_source(dice));
        Self { seat: 0, seen_at, market, source, busy_until: seen_at, tenures: Vec::new(), orders: Vec::new() }
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
        self.tenures.iter().any(|tenure| tenure.has(at))
    }

    /// Whether some order brought a product of the family.
    fn owns(&self, family: &str) -> bool {
        self.orders.iter().any(|order| PRODUCTS[order.product].family == family)
    }

    /// What the account would buy next, and as what kind of business.
    pub fn next_product(&self, dice: &mut Dice, standing: Standing) -> (usize, Kind) {
        let weights = PRODUCTS.each_ref().map(|product| product.weights[self.market.segment]);
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
        LOSS_REASONS[dice.weighted(&LOSS_REASONS.map(|(_, weights)| weights[self.market.segment]))].0
    }
}

/// What a deal is worth in minor units: in all, and a month if it recurs. Sales people like round figures.
pub(crate) fn price(dice: &mut Dice, segment: usize, product: usize, price_level: i64) -> (i64, Option<i64>) {
    /// Six figures in USD for each segment; as many deals between each two.
    const TARGETS: [[i64; 6]; 3] = [
        [1_200, 2_600, 4_800, 8_000, 14_000, 26_000],
        [6_000, 13_000, 23_000, 38_000, 62_000, 120_000],
        [24_000, 50_000, 85_000, 140_000, 240_000, 560_000],
    ];
    const DISCOUNTS: [i64; 6] = [0, 0, 5, 10, 15, 20];
    let product = &PRODUCTS[product];
    let place = dice.place(5);
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
pub(crate) fn rounded(amount: i64) -> i64 {
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
