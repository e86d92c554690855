use super::Rows;
use crate::crm;
use crate::crm::opportunities::Column as Deals;
use crate::crm::orders::Column as Orders;
use crate::import::row::{self, Row, fitted, is_set, text};
use crate::import::times::Times;
use sea_orm::Value;
use std::collections::HashSet;

/// Makes an order of every loaded deal that is won, unless the files have its order: one that names the deal, or has
/// its id, other than a refund. A deal without an amount makes none. Returns what the reader should know.
pub fn add(rows: &mut Rows, times: &mut Times) -> Vec<String> {
    let Some(table) = crm::table("orders") else { return Vec::new() };
    let closed = times.holds_days("opportunities", "closed_at");
    let mut orders = rows.remove(table.name).unwrap_or_default();
    let named = orders
        .iter()
        .filter(|order| !is_refund(order))
        .flat_map(|order| [Orders::Id, Orders::OpportunityId].map(|column| &order[column as usize]));
    let named: HashSet<String> = named.filter_map(|name| text(name).map(str::to_owned)).collect();
    let mut without_amount = 0_u64;
    for deal in rows.get("opportunities").into_iter().flatten() {
        let is_won = text(&deal[Deals::Status as usize]) == Some("won");
        let has_order = text(&deal[Deals::Id as usize]).is_some_and(|id| named.contains(id));
        if !is_won || has_order {
            continue;
        }
        let needed = [Deals::AmountMinor, Deals::Currency, Deals::ClosedAt];
        if !needed.into_iter().all(|column| is_set(&deal[column as usize])) {
            without_amount += 1;
            continue;
        }
        let mut order = row::empty(table);
        for (to, from) in [
            (Orders::Id, Deals::Id),
            (Orders::RepId, Deals::RepId),
            (Orders::AccountId, Deals::AccountId),
            (Orders::OpportunityId, Deals::Id),
            (Orders::ProductId, Deals::ProductId),
            (Orders::SourceId, Deals::SourceId),
            (Orders::AmountMinor, Deals::AmountMinor),
            (Orders::Currency, Deals::Currency),
        ] {
            order[to as usize] = deal[from as usize].clone();
        }
        let closed_at = deal[Deals::ClosedAt as usize].clone();
        let precision = (closed, times.follow(table.name, "ordered_at", closed));
        order[Orders::OrderedAt as usize] = fitted(closed_at, precision, &Value::ChronoDateTimeUtc(None));
        order[Orders::BySubscriber as usize] = is_set(&deal[Deals::MonthlyAmountMinor as usize]).into();
        orders.push(order);
    }
    rows.insert(table.name, orders);
    match without_amount {
        0 => Vec::new(),
        deals => vec![format!("won deals without an amount, so without an order: {deals}")],
    }
}

/// What takes back another order, and is none itself.
fn is_refund(order: &Row) -> bool {
    let negative = matches!(order[Orders::AmountMinor as usize], Value::BigInt(Some(..0)));
    negative || text(&order[Orders::RefundOf as usize]).is_some_and(|of| !of.is_empty())
}
