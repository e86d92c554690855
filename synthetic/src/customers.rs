//! Customers: how long they stay, and what they buy without a deal.

use crate::accounts::{Account, Order, Tenure, rounded};
use crate::calendar::{Day, Minute, Span, day_at};
use crate::dice::Dice;
use crate::reps::Rep;
use crate::vocabulary::END_REASONS;
use crm_kpi_crm::orders::Kind;

const DAYS_A_YEAR: Day = 365;

/// Days after which an account's orders are not made up any more: longer than any data.
const LONGEST_TENURE_YEARS: Day = 40;

/// A tenure that starts then. Small customers leave sooner, and those of weak reps, who sell what does not fit.
pub(crate) fn tenure(dice: &mut Dice, span: &Span, rep: &Rep, segment: usize, from: Minute) -> Tenure {
    let leaves = [175, 125, 105][segment] * (1350 - rep.skill) / 1000;
    for year in 0..LONGEST_TENURE_YEARS {
        if dice.chance(if year == 0 { leaves } else { leaves * 4 / 5 }) {
            let day = day_at(from) + DAYS_A_YEAR * year + dice.between(40, 363).max(dice.between(40, 363)) as Day;
            let at = rep.time_around(dice, day);
            let reason = END_REASONS[dice.weighted(&END_REASONS.map(|(_, weight)| weight))].0;
            return Tenure { from, end: (at < span.end).then_some((at, reason)) };
        }
    }
    Tenure { from, end: None }
}

/// Adds what the customer buys beside its deals, then sorts the orders and sees who held a subscription.
pub(crate) fn complete_orders(dice: &mut Dice, span: &Span, rep: &Rep, account: &mut Account) {
    let mut more = Vec::new();
    for tenure in &account.tenures {
        let until = tenure.until(span);
        let mut orders: Vec<&Order> = account.orders.iter().filter(|order| tenure.has(order.at)).collect();
        orders.sort_by_key(|order| order.at);
        let Some(first) = orders.first() else { continue };
        let source = first.source;
        let extensions = extensions(dice, rep, &orders, until);
        more.extend(renewals(dice, rep, &orders, &extensions, source, until));
        more.extend(repeats(dice, rep, first, until));
        more.extend(extensions);
    }
    account.orders.extend(more);
    account.orders.sort_by_key(|order| order.at);
    for tenure in &account.tenures {
        let mut subscriber = false;
        for order in account.orders.iter_mut().filter(|order| tenure.has(order.at)) {
            subscriber |= order.monthly > 0;
            order.by_subscriber = subscriber;
        }
    }
}

fn order(at: Minute, like: &Order, source: usize, kind: Kind, amount: i64, monthly: i64) -> Order {
    Order { at, deal: None, product: like.product, source, kind, amount, monthly, by_subscriber: false }
}

/// More seats of a subscription, bought without much ado.
fn extensions(dice: &mut Dice, rep: &Rep, orders: &[&Order], until: Minute) -> Vec<Order> {
    let mut extensions = Vec::new();
    for bought in orders.iter().filter(|order| order.monthly > 0) {
        let mut day = day_at(bought.at);
        loop {
            day += dice.between(120, 900) as Day;
            let at = rep.time_around(dice, day);
            if at >= until {
                break;
            }
            if dice.chance(450) {
                let monthly = rounded(bought.monthly / 100 * dice.between(8, 35) / 100) * 100;
                extensions.push(order(at, bought, bought.source, Kind::Upsell, 12 * monthly, monthly));
            }
        }
    }
    extensions
}

/// A year after the first subscription and every year from then all that recurs is prolonged.
fn renewals(
    dice: &mut Dice,
    rep: &Rep,
    orders: &[&Order],
    extensions: &[Order],
    source: usize,
    until: Minute,
) -> Vec<Order> {
    let Some(first) = orders.iter().find(|order| order.monthly > 0) else { return Vec::new() };
    let mut renewals = Vec::new();
    let mut day = day_at(first.at);
    loop {
        day += DAYS_A_YEAR;
        let at = rep.time_around(dice, day);
        if at >= until {
            return renewals;
        }
        let held = orders.iter().copied().chain(extensions).filter(|order| order.at < at);
        let monthly: i64 = held.map(|order| order.monthly).sum();
        let amount = rounded(monthly * 12 / 100 * dice.between(97, 106) / 100) * 100;
        renewals.push(order(at, first, source, Kind::Renewal, amount, 0));
    }
}

/// The same once more, and again.
fn repeats(dice: &mut Dice, rep: &Rep, first: &Order, until: Minute) -> Vec<Order> {
    let mut repeats = Vec::new();
    if first.monthly > 0 || dice.chance(350) {
        return repeats;
    }
    let rhythm = dice.between(70, 260);
    let mut day = day_at(first.at);
    loop {
        day += dice.between(rhythm * 7 / 10, rhythm * 13 / 10) as Day;
        let at = rep.time_around(dice, day);
        if at >= until {
            return repeats;
        }
        let amount = rounded(first.amount / 100 * dice.between(30, 90) / 100) * 100;
        repeats.push(order(at, first, first.source, Kind::Repeat, amount, 0));
    }
}
