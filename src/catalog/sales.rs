//! Section 1: sales results.

use super::condition::{Condition, FactCondition};
use super::dimension::Dimension;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Amount, Measure, Quantity};
use super::time::{Axis, Instant, Shift};
use super::unit::{KpiKind, Unit};
use super::{pipeline, sources};
use crate::crm::{accounts, customer_tenures as tenure, orders as order};
use sea_orm::ActiveEnum;

/// A customer's first year, and a year's shift of a cohort's loss.
const FIRST_YEAR_DAYS: i32 = 365;

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Sales;
    vec![
        family.figure("total_sales", Unit::Currency, KpiKind::Flow, sales()),
        family.figure("order_count", Unit::Count, KpiKind::Flow, order_count()),
        family.quotient("average_sale_value", Unit::Currency, KpiKind::Average, sales(), order_count()),
        family.figure("won_value", Unit::Currency, KpiKind::Flow, pipeline::won_amount()),
        family.quotient(
            "average_won_value",
            Unit::Currency,
            KpiKind::Average,
            pipeline::won_amount(),
            pipeline::won_count(),
        ),
        family.quotient(
            "annualized_won_value",
            Unit::Currency,
            KpiKind::Average,
            pipeline::annualized_won_amount(),
            pipeline::won_count(),
        ),
        family.figure("new_customer_revenue", Unit::Currency, KpiKind::Flow, new_customer_sales()),
        family.figure("net_new_revenue", Unit::Currency, KpiKind::Flow, net_new_sales()),
        family
            .quotient(
                "revenue_share_by_source",
                Unit::Ratio,
                KpiKind::Ratio,
                sales(),
                sales().regardless_of("order_amount_of_all_sources", &[Dimension::Source, Dimension::SourceKind]),
            )
            .neither_is_better(),
        family.figure("new_customers", Unit::Count, KpiKind::Flow, new_customers()),
        family.figure(
            "retained_customers",
            Unit::Count,
            KpiKind::Count,
            Expr::AtStart(customers()) - customers_gone().into(),
        ),
        family.quotient(
            "upsell_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            buyers_of("upsell_buyers", order::Kind::Upsell),
            buyers(),
        ),
        family.quotient(
            "cross_sell_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            buyers_of("cross_sell_buyers", order::Kind::CrossSell),
            buyers(),
        ),
        family
            .figure("lost_customers", Unit::Count, KpiKind::Flow, tenures_ended("tenures_ended", Condition::Always))
            .lower_is_better(),
        family
            .figure(
                "first_year_lost_customers",
                Unit::Count,
                KpiKind::Flow,
                tenures_ended("tenures_ended_in_first_year", ended_in_first_year()),
            )
            .lower_is_better(),
        family
            .quotient(
                "first_year_loss_rate",
                Unit::Ratio,
                KpiKind::Ratio,
                tenures_started_a_year_ago("year_old_tenures_lost", ended_in_first_year()),
                tenures_started_a_year_ago("year_old_tenures", Condition::Always),
            )
            .lower_is_better(),
    ]
}

fn order_amount(name: &'static str, when: Condition) -> Measure {
    let amount = Aggregate::Sum(Amount::Of(order::Column::AmountMinor.into()));
    Measure::new(name, Quantity::Money, sources::orders(), Axis::at(order::Column::OrderedAt), amount, when)
}

fn order_kind(kinds: &[order::Kind]) -> Condition {
    Condition::OneOf(order::Column::Kind.into(), kinds.iter().map(|kind| kind.to_value().into()).collect())
}

pub(super) fn sales() -> Measure {
    order_amount("order_amount", Condition::Always)
}

/// An order is neither a refund nor a correction: these are negative, or say which order they belong to.
pub(super) fn is_order() -> Condition {
    let refund = Condition::not_empty(order::Column::RefundOf);
    Condition::All(vec![refund.negated(), Condition::negative(order::Column::AmountMinor).negated()])
}

fn order_count() -> Measure {
    let orders = sources::orders();
    Measure::new("orders", Quantity::Count, orders, Axis::at(order::Column::OrderedAt), Aggregate::Count, is_order())
}

fn net_new_sales() -> Measure {
    order_amount("net_new_order_amount", order_kind(&[order::Kind::New, order::Kind::Upsell, order::Kind::CrossSell]))
}

fn new_customer_sales() -> Measure {
    let subscriber = Condition::OneOf(order::Column::BySubscriber.into(), vec![true.into()]);
    let first_order = Condition::OneOf(order::Column::CustomerOrderNumber.into(), vec![1.into()]);
    let in_first_year = Condition::Before(
        Instant::at(order::Column::OrderedAt),
        Instant::DaysAfter(accounts::Column::CustomerSince.into(), FIRST_YEAR_DAYS),
    );
    let when = Condition::Any(vec![
        Condition::All(vec![subscriber.clone(), in_first_year]),
        Condition::All(vec![subscriber.negated(), first_order]),
    ]);
    order_amount("new_customer_order_amount", when)
}

fn distinct_buyers(name: &'static str, when: Condition) -> Measure {
    let customers = Aggregate::Distinct(order::Column::AccountId.into());
    Measure::new(name, Quantity::Count, sources::orders(), Axis::at(order::Column::OrderedAt), customers, when)
}

fn buyers() -> Measure {
    distinct_buyers("buyers", is_order())
}

fn buyers_of(name: &'static str, kind: order::Kind) -> Measure {
    distinct_buyers(name, is_order().and(order_kind(&[kind])))
}

fn tenure_count(name: &'static str, axis: Axis, when: Condition) -> Measure {
    Measure::new(name, Quantity::Count, sources::tenures(), axis, Aggregate::Count, when).happened()
}

pub(super) fn new_customers() -> Measure {
    let first = Condition::OneOf(tenure::Column::Number.into(), vec![1.into()]);
    tenure_count("first_tenures_started", Axis::at(tenure::Column::StartedAt), first)
}

pub(super) fn customers() -> Measure {
    let axis = Axis::through(tenure::Column::StartedAt, tenure::Column::EndedAt);
    tenure_count("customers", axis, Condition::Always)
}

/// Customers at the bucket's start who are none at its end: those who leave and come back within it stay.
pub(super) fn customers_gone() -> Measure {
    let at_start = Condition::Before(Instant::at(tenure::Column::StartedAt), Instant::BucketStart);
    let at_end = Condition::Own(FactCondition::Live {
        key: tenure::Column::AccountId.into(),
        rep: tenure::Column::RepId.into(),
        from: tenure::Column::StartedAt.into(),
        until: tenure::Column::EndedAt.into(),
        at: Instant::BucketEnd,
    });
    let when = Condition::All(vec![at_start, at_end.negated()]);
    tenure_count("customers_gone", Axis::at(tenure::Column::EndedAt), when)
}

pub(super) fn tenures_ended(name: &'static str, when: Condition) -> Measure {
    tenure_count(name, Axis::at(tenure::Column::EndedAt), when)
}

fn tenures_started_a_year_ago(name: &'static str, when: Condition) -> Measure {
    let axis = Axis::Event { at: Instant::at(tenure::Column::StartedAt), shift: Shift::Years(-1) };
    tenure_count(name, axis, when)
}

fn ended_in_first_year() -> Condition {
    Condition::Before(
        Instant::at(tenure::Column::EndedAt),
        Instant::DaysAfter(tenure::Column::StartedAt.into(), FIRST_YEAR_DAYS),
    )
}
