//! Refunds: now and then a customer gets some or all of its money back.

use crate::branch::Branch;
use crate::calendar::{Day, day_at};
use crate::records::Refund;

/// Of orders, those that are refunded, in per mille.
const REFUNDED: i64 = 15;

/// Of refunds, those of the whole amount, in per mille.
const IN_WHOLE: i64 = 400;

/// The refunds of a branch's orders. Each order has dice of its own, so that everything else is as without refunds.
pub(crate) fn refunds(branch: &Branch<'_>) -> Vec<Refund> {
    let orders = branch.orders.iter().enumerate();
    let refunds = orders.filter_map(|(order, placed)| {
        let mut dice = branch.dice("refund", order);
        if !dice.chance(REFUNDED) {
            return None;
        }
        let day = day_at(placed.order.at) + dice.between(3, 40) as Day;
        let at = branch.rep(branch.accounts[placed.account].seat).time_around(&mut dice, day);
        let part = if dice.chance(IN_WHOLE) { 100 } else { dice.between(5, 60) };
        // In whole units of the currency.
        let amount = (placed.order.amount / 100 * part / 100).max(1) * 100;
        let fits = placed.order.at < at && at < branch.company.span.end && amount <= placed.order.amount;
        fits.then_some(Refund { order, amount, at })
    });
    refunds.collect()
}
