//! What the company spends, by what it is spent for: every cost is spread over the stretch of time that it is for.

use super::condition::Condition;
use super::measure::{Aggregate, Measure, Quantity};
use super::sources;
use super::time::Axis;
use crate::crm::costs as cost;
use sea_orm::ActiveEnum;

/// Spent on winning customers: marketing and sales.
pub(super) fn acquisition_cost() -> Measure {
    spent("acquisition_cost", &[cost::Kind::Marketing, cost::Kind::Sales])
}

/// Spent on keeping customers.
pub(super) fn retention_cost() -> Measure {
    spent("retention_cost", &[cost::Kind::Retention])
}

/// Spent on helping customers.
pub(super) fn service_cost() -> Measure {
    spent("service_cost", &[cost::Kind::Service])
}

/// Spent on campaigns, whatever for.
pub(super) fn campaign_cost() -> Measure {
    amount("campaign_cost", Condition::not_empty(cost::Column::CampaignId))
}

fn spent(name: &'static str, kinds: &[cost::Kind]) -> Measure {
    let kinds = kinds.iter().map(|kind| kind.to_value().into()).collect();
    amount(name, Condition::OneOf(cost::Column::Kind.into(), kinds))
}

fn amount(name: &'static str, when: Condition) -> Measure {
    let axis = Axis::Span { from: cost::Column::StartsAt.into(), until: cost::Column::EndsAt.into() };
    Measure::new(name, Quantity::Money, sources::costs(), axis, Aggregate::sum(cost::Column::AmountMinor), when)
}
