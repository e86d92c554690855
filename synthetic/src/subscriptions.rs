//! Subscriptions that come of recurring orders: the movements of their value, and their renewals.

use crate::accounts::Account;
use crate::branch::Branch;
use crate::calendar::{Day, MINUTES_A_DAY, Minute, day_at, instant};
use crate::keys::{currency, product_id, time};
use crate::records::{Renewal, Subscription};
use crm_kpi_crm::mrr_movements::Kind;
use crm_kpi_crm::{mrr_movements, orders, renewals, subscriptions};

/// How many renewals are for less than before, in per mille.
const CONTRACTIONS: i64 = 80;

/// Subscriptions by their start.
pub(crate) fn subscriptions(branch: &Branch) -> Vec<Subscription> {
    let mut orders: Vec<Vec<usize>> = vec![Vec::new(); branch.accounts.len()];
    for (place, placed) in branch.orders.iter().enumerate() {
        if placed.order.monthly > 0 || placed.order.kind == orders::Kind::Renewal {
            orders[placed.account].push(place);
        }
    }
    let mut subscriptions = Vec::new();
    for (place, account) in branch.accounts.iter().enumerate() {
        if !orders[place].is_empty() {
            subscriptions.extend(of_account(branch, place, account, &orders[place]));
        }
    }
    subscriptions.sort_by_key(|subscription| subscription.from);
    subscriptions
}

/// The orders are places of recurring orders and renewals, by time.
fn of_account(branch: &Branch, place: usize, account: &Account, orders: &[usize]) -> Vec<Subscription> {
    let mut dice = branch.dice("subscriptions", place);
    let rep = branch.rep(account.seat);
    let mut all = Vec::new();
    for tenure in &account.tenures {
        let until = tenure.until(&branch.company.span);
        let mut held: Vec<Subscription> = Vec::new();
        let mut renewal_day: Option<Day> = None;
        for order in orders.iter().map(|order| &branch.orders[*order].order).filter(|order| tenure.has(order.at)) {
            if order.kind == orders::Kind::Renewal {
                let day = renewal_day.map_or(day_at(order.at), |day| day + 365);
                renewal_day = Some(day);
                let due = rep.closing(day);
                for subscription in held.iter_mut().filter(|_| due < until) {
                    subscription.renewals.push(Renewal { due, renewed: Some(order.at) });
                    let less = subscription.monthly * dice.between(5, 20) / 100 / 1000 * 1000;
                    if less > 0 && dice.chance(CONTRACTIONS) {
                        subscription.change(Kind::Contraction, -less, order.at);
                    }
                }
                continue;
            }
            renewal_day = renewal_day.or(Some(day_at(order.at)));
            if let Some(same) = held.iter_mut().find(|subscription| subscription.product == order.product) {
                same.change(Kind::Expansion, order.monthly, order.at);
                continue;
            }
            let kind = match (held.is_empty(), all.is_empty()) {
                (false, _) => Kind::Expansion,
                (true, true) => Kind::New,
                (true, false) => Kind::Reactivation,
            };
            let mut subscription = Subscription::new(place, order.product, order.at);
            subscription.change(kind, order.monthly, order.at);
            held.push(subscription);
        }
        if let Some((end, _)) = tenure.end {
            held.iter_mut().for_each(|subscription| subscription.end(end));
        }
        all.extend(held);
    }
    all
}

impl Branch<'_> {
    fn subscription_id(&self, place: usize) -> String {
        self.id("sub", place)
    }

    fn subscription_rep(&self, subscription: &Subscription) -> Option<String> {
        Some(self.rep_id(self.accounts[subscription.account].seat))
    }

    /// Subscriptions by start.
    pub fn subscriptions(&self) -> impl Iterator<Item = subscriptions::Model> {
        self.subscriptions.iter().enumerate().map(|(place, subscription)| subscriptions::Model {
            id: self.subscription_id(place),
            account_id: Some(self.account_id(subscription.account)),
            rep_id: self.subscription_rep(subscription),
            product_id: Some(product_id(subscription.product)),
            monthly_amount_minor: subscription.monthly,
            currency: currency(),
            started_at: instant(subscription.from),
            trial_ends_at: self.trial(place, subscription).map(instant),
            ended_at: time(subscription.until),
            ..Default::default()
        })
    }

    /// When a subscription that begins as a trial goes on as paying, or is given up: what ends soon was mostly a trial.
    fn trial(&self, place: usize, subscription: &Subscription) -> Option<Minute> {
        let mut dice = self.dice("trials", place);
        let given_up = subscription.until.filter(|until| until - subscription.from < 120 * MINUTES_A_DAY);
        let converted = || dice.chance(350).then(|| subscription.from + dice.pick(&[14, 30]) * MINUTES_A_DAY);
        given_up.or_else(converted)
    }

    /// Changes of their value, by subscription and time.
    pub fn mrr_movements(&self) -> impl Iterator<Item = mrr_movements::Model> {
        self.subscriptions.iter().enumerate().flat_map(move |(place, subscription)| {
            (1..).zip(&subscription.movements).map(move |(number, movement)| mrr_movements::Model {
                subscription_id: self.subscription_id(place),
                number,
                rep_id: self.subscription_rep(subscription),
                kind: movement.kind,
                change_minor: movement.change,
                currency: currency(),
                moved_at: instant(movement.at),
                ..Default::default()
            })
        })
    }

    /// Renewals that fell due, by subscription and time.
    pub fn renewals(&self) -> impl Iterator<Item = renewals::Model> {
        self.subscriptions.iter().enumerate().flat_map(move |(place, subscription)| {
            (1..).zip(&subscription.renewals).map(move |(number, renewal)| renewals::Model {
                subscription_id: self.subscription_id(place),
                number,
                rep_id: self.subscription_rep(subscription),
                due_at: instant(renewal.due),
                renewed_at: time(renewal.renewed),
                ..Default::default()
            })
        })
    }
}
