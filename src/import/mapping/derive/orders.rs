use crate::crm::opportunities::Status;
use crate::crm::orders;
use crate::import::mapping::rows::Entities;
use std::collections::HashSet;

/// Makes an order of every loaded deal that is won, unless the files have its order: one that names the deal, or has
/// its id. A deal without an amount makes none. Returns what the reader should know.
pub fn add(entities: &mut Entities) -> Vec<String> {
    let named = entities.orders.iter().flat_map(|order| [Some(&order.id), order.opportunity_id.as_ref()]);
    let named: HashSet<String> = named.flatten().cloned().collect();
    let mut without_amount = 0_u64;
    let won = entities.opportunities.iter().filter(|deal| deal.status == Status::Won && !named.contains(&deal.id));
    for deal in won {
        let (Some(amount_minor), Some(currency), Some(ordered_at)) =
            (deal.amount_minor, deal.currency.clone(), deal.closed_at)
        else {
            without_amount += 1;
            continue;
        };
        entities.orders.push(orders::Model {
            id: deal.id.clone(),
            rep_id: deal.rep_id.clone(),
            account_id: deal.account_id.clone(),
            opportunity_id: Some(deal.id.clone()),
            product_id: deal.product_id.clone(),
            source_id: deal.source_id.clone(),
            campaign_id: None,
            kind: None,
            amount_minor,
            currency,
            ordered_at,
            customer_order_number: None,
            by_subscriber: deal.monthly_amount_minor.is_some(),
        });
    }
    match without_amount {
        0 => Vec::new(),
        deals => vec![format!("won deals without an amount, so without an order: {deals}")],
    }
}
