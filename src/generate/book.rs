use super::deal::{Deal, is_recurring};
use super::draw::Stream;
use super::time::{DAY, Second};
use super::vocabulary::END_REASONS;
use super::world::World;
use crate::crm::mrr_movements::Kind as Movement;
use crate::crm::orders::Kind;

/// An account's customer relationship: empty where no deal was won.
#[derive(Default)]
pub(super) struct Book {
    /// By time.
    pub orders: Vec<Order>,
    /// By time.
    pub tenures: Vec<Tenure>,
    /// By time.
    pub subscriptions: Vec<Subscription>,
}

pub(super) struct Order {
    /// The deal that it came from, or that it follows.
    pub deal: u64,
    /// 0 for the deal's own order, then those that follow.
    pub place: u64,
    pub kind: Kind,
    /// Per mille of the deal's amount.
    pub share: i64,
    pub at: Second,
    pub by_subscriber: bool,
}

pub(super) struct Tenure {
    pub rep: u64,
    pub started: Second,
    pub ended: Option<Second>,
    pub reason: &'static str,
}

pub(super) struct Subscription {
    pub deal: u64,
    pub started: Second,
    pub ended: Option<Second>,
    /// What the customer's recurring value changes by with it.
    pub first: Movement,
}

impl Tenure {
    fn lasts_at(&self, at: Second) -> bool {
        self.ended.is_none_or(|ended| at < ended)
    }
}

impl World {
    pub fn book(&self, account: u64) -> Book {
        let mut book = Book::default();
        let mut orders = Vec::new();
        for deal in self.deals_of(account).map(|number| self.deal(number)) {
            if let Some(closed) = deal.closed.filter(|_| deal.is_won()) {
                self.orders_of(deal, closed, &mut orders);
            }
        }
        orders.sort_unstable_by_key(|(deal, order): &(Option<Deal>, Order)| (order.at, deal.is_none(), order.deal));
        for (deal, order) in orders {
            let tenure = book.tenures.last().filter(|tenure| tenure.lasts_at(order.at)).is_some();
            match (deal, tenure) {
                (Some(deal), _) => self.buy(&mut book, &deal, order, tenure),
                (None, true) => book.orders.push(order),
                // Who is no customer any more does not buy again.
                (None, false) => {}
            }
        }
        for number in 0..book.orders.len() {
            let at = book.orders[number].at;
            let live = |subscription: &Subscription| {
                subscription.started < at && subscription.ended.is_none_or(|ended| at < ended)
            };
            book.orders[number].by_subscriber = book.subscriptions.iter().any(live);
        }
        book
    }

    /// The order of a deal, with the deal, and those that follow.
    fn orders_of(&self, deal: Deal, closed: Second, orders: &mut Vec<(Option<Deal>, Order)>) {
        let mut draw = self.draw(Stream::Order, deal.number);
        let number = deal.number;
        let kind = draw.pick(&[Kind::New, Kind::Upsell, Kind::CrossSell]);
        let order = |place, kind, share, at| Order { deal: number, place, kind, share, at, by_subscriber: false };
        orders.push((Some(deal), order(0, kind, 1000, closed)));
        let mut at = closed;
        for place in 1..=draw.weighted(&[60, 30, 10]) as u64 {
            at += draw.between(30 * DAY, 200 * DAY);
            let kind = draw.pick(&[Kind::Repeat, Kind::Repeat, Kind::Renewal]);
            if at < self.span.end {
                orders.push((None, order(place, kind, draw.between(200, 900), at)));
            }
        }
    }

    /// A deal is won: the account is a customer, if it was not.
    fn buy(&self, book: &mut Book, deal: &Deal, mut order: Order, is_customer: bool) {
        let at = order.at;
        if !is_customer {
            let mut draw = self.draw(Stream::Tenure, deal.number);
            let ended = draw.chance(400).then(|| at + draw.between(60 * DAY, 600 * DAY));
            let ended = ended.and_then(|ended| self.span.before_end(ended));
            book.tenures.push(Tenure { rep: deal.rep, started: at, ended, reason: draw.pick(&END_REASONS) });
        }
        if book.orders.is_empty() {
            order.kind = Kind::New;
        }
        if is_recurring(deal.product) {
            let mut draw = self.draw(Stream::Subscription, deal.number);
            let cancelled = draw.chance(150).then(|| at + draw.between(60 * DAY, 700 * DAY));
            let customer_until = book.tenures.last().and_then(|tenure| tenure.ended);
            let ended = [cancelled, customer_until].into_iter().flatten().min();
            let first = match (book.tenures.len(), is_customer) {
                (_, true) => Movement::Expansion,
                (1, false) => Movement::New,
                (_, false) => Movement::Reactivation,
            };
            let ended = ended.and_then(|ended| self.span.before_end(ended));
            book.subscriptions.push(Subscription { deal: deal.number, started: at, ended, first });
        }
        book.orders.push(order);
    }
}
