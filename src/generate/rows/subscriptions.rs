use crate::crm;
use crate::crm::mrr_movements::Kind;
use crate::generate::book::Subscription;
use crate::generate::deal::{Deal, is_recurring};
use crate::generate::draw::Stream;
use crate::generate::keys;
use crate::generate::time::{DAY, Second, instant};
use crate::generate::vocabulary::CURRENCY;
use crate::generate::world::World;

/// How long contracts run, in days.
const TERMS: [i64; 3] = [90, 180, 365];

impl World {
    /// The subscription that a deal led to.
    fn subscription(&self, number: u64) -> Option<(Deal, Subscription)> {
        let deal = Some(self.deal(number)).filter(|deal| deal.is_won() && is_recurring(deal.product))?;
        let subscriptions = self.book(deal.account).subscriptions;
        let own = subscriptions.into_iter().find(|subscription| subscription.deal == number)?;
        Some((deal, own))
    }

    /// What a subscription changes by, and when.
    fn movements(&self, deal: &Deal, subscription: &Subscription) -> Vec<(Kind, i64, Second)> {
        let mut draw = self.draw(Stream::Movement, deal.number);
        let end = subscription.ended.unwrap_or(self.span.end);
        let mut amount = deal.monthly.unwrap_or(0);
        let mut movements = vec![(subscription.first, amount, subscription.started)];
        let mut at = subscription.started + draw.between(30 * DAY, 300 * DAY);
        while at < end && movements.len() < 5 {
            let (kind, change) = match draw.chance(700) {
                true => (Kind::Expansion, amount * draw.between(5, 30) / 100),
                false => (Kind::Contraction, -amount * draw.between(5, 20) / 100),
            };
            amount += change;
            movements.push((kind, change, at));
            at += draw.between(60 * DAY, 300 * DAY);
        }
        if let Some(ended) = subscription.ended {
            movements.push((Kind::Churn, -amount, ended));
        }
        movements
    }

    pub fn subscription_row(&self, number: u64) -> Option<crm::subscriptions::Model> {
        let (deal, subscription) = self.subscription(number)?;
        let moved = self.movements(&deal, &subscription);
        let monthly = moved.iter().filter(|(kind, ..)| *kind != Kind::Churn).map(|(_, change, _)| change).sum();
        Some(crm::subscriptions::Model {
            id: keys::subscription(number),
            account_id: Some(keys::account(deal.account)),
            rep_id: Some(keys::rep(deal.rep)),
            product_id: Some(keys::product(deal.product)),
            monthly_amount_minor: monthly,
            currency: CURRENCY.into(),
            started_at: instant(subscription.started),
            ended_at: subscription.ended.map(instant),
        })
    }

    pub fn mrr_movement_rows(&self, number: u64) -> impl Iterator<Item = crm::mrr_movements::Model> {
        self.subscription(number).into_iter().flat_map(move |(deal, subscription)| {
            (1..).zip(self.movements(&deal, &subscription)).map(move |(place, (kind, change, at))| {
                crm::mrr_movements::Model {
                    subscription_id: keys::subscription(number),
                    number: place,
                    rep_id: Some(keys::rep(deal.rep)),
                    kind,
                    change_minor: change,
                    currency: CURRENCY.into(),
                    moved_at: instant(at),
                }
            })
        })
    }

    /// Renewed from term to term; where the subscription ends, not any more.
    pub fn renewal_rows(&self, number: u64) -> impl Iterator<Item = crm::renewals::Model> {
        self.subscription(number).into_iter().flat_map(move |(deal, subscription)| {
            let mut draw = self.draw(Stream::Subscription, 1 << 40 | number);
            let term = draw.pick(&TERMS) * DAY;
            let end = subscription.ended.unwrap_or(self.span.end);
            let due = (1..).map(move |term_number| subscription.started + term_number * term);
            let renewed = due.take_while(move |due| *due < end).map(move |due| (due, Some(due - DAY)));
            let missed = subscription.ended.map(|ended| (ended, None));
            (1..).zip(renewed.chain(missed)).map(move |(place, (due, renewed))| crm::renewals::Model {
                subscription_id: keys::subscription(number),
                number: place,
                rep_id: Some(keys::rep(deal.rep)),
                due_at: instant(due),
                renewed_at: renewed.map(instant),
            })
        })
    }
}
