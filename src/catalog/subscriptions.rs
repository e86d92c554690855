//! Section 4: subscriptions and retention.

use super::condition::Condition;
use super::costs::{acquisition_cost, retention_cost};
use super::dimension::Dimension;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Amount, Measure, Quantity};
use super::sales::{customers, customers_gone, new_customers, sales, tenures_ended};
use super::sources;
use super::time::{Axis, Instant};
use super::unit::{KpiKind, Unit};
use crate::crm::{mrr_movements as movement, renewals as renewal};
use sea_orm::ActiveEnum;

const MONTHS_A_YEAR: i64 = 12;

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Subscriptions;
    vec![
        family.figure("mrr", Unit::Currency, KpiKind::Stock, mrr()),
        family.figure("arr", Unit::Currency, KpiKind::Stock, Expr::Times(MONTHS_A_YEAR, Box::new(mrr().into()))),
        family.figure("new_mrr", Unit::Currency, KpiKind::Flow, new_mrr()),
        family.figure("expansion_mrr", Unit::Currency, KpiKind::Flow, expansion_mrr()),
        family.figure("contraction_mrr", Unit::Currency, KpiKind::Flow, contraction_mrr()).lower_is_better(),
        family.figure("churned_mrr", Unit::Currency, KpiKind::Flow, churned_mrr()).lower_is_better(),
        family.figure("reactivation_mrr", Unit::Currency, KpiKind::Flow, reactivation_mrr()),
        family.figure("net_new_mrr", Unit::Currency, KpiKind::Flow, mrr_won() - mrr_lost()),
        family.figure("customers", Unit::Count, KpiKind::Stock, customers()),
        family
            .quotient("churn_rate", Unit::Ratio, KpiKind::Ratio, customers_gone(), Expr::AtStart(all_customers()))
            .lower_is_better(),
        family
            .quotient(
                "churn_reason_share",
                Unit::Ratio,
                KpiKind::Ratio,
                tenures_ended_for_a_reason(),
                tenures_ended_for_any_reason(),
            )
            .neither_is_better(),
        family.quotient(
            "customer_retention_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            retained_customers(),
            Expr::AtStart(customers()),
        ),
        family.quotient(
            "gross_revenue_retention",
            Unit::Ratio,
            KpiKind::Ratio,
            Expr::AtStart(mrr()) - mrr_lost(),
            Expr::AtStart(mrr()),
        ),
        family.quotient(
            "net_revenue_retention",
            Unit::Ratio,
            KpiKind::Ratio,
            Expr::AtStart(mrr()) + expansion_mrr().into() + reactivation_mrr().into() - mrr_lost(),
            Expr::AtStart(mrr()),
        ),
        family.quotient("renewal_rate", Unit::Ratio, KpiKind::Ratio, renewals_made(), renewals_due()),
        // Revenue per customer (sales ÷ customers) times the expected lifetime (1 ÷ churn rate). Both are of the same stretch of
        // time, so how many months it has cancels out.
        family.quotient(
            "customer_lifetime_value",
            Unit::Currency,
            KpiKind::Ratio,
            Expr::from(sales()) * Expr::AtStart(customers()),
            Expr::from(customers()) * customers_gone().into(),
        ),
        // The lifetime value ÷ (acquisition cost ÷ new customers).
        family.quotient(
            "clv_to_cac",
            Unit::Number,
            KpiKind::Ratio,
            Expr::from(sales()) * Expr::AtStart(customers()) * new_customers().into(),
            Expr::from(customers()) * customers_gone().into() * acquisition_cost().into(),
        ),
        family
            .quotient("customer_retention_cost", Unit::Currency, KpiKind::Ratio, retention_cost(), retained_customers())
            .lower_is_better(),
    ]
}

/// The value of what has moved so far; a movement lasts.
fn mrr() -> Measure {
    let axis = Axis::State { from: Instant::at(movement::Column::MovedAt), until: Instant::Never };
    let change = Aggregate::sum(movement::Column::ChangeMinor);
    Measure::new("mrr", Quantity::Money, sources::mrr_movements(), axis, change, Condition::Always)
}

/// Movements of a kind; a factor of −1 turns losses into positive amounts.
fn moved(name: &'static str, factor: i64, kind: movement::Kind) -> Measure {
    let change = match factor {
        1 => Amount::Of(movement::Column::ChangeMinor.into()),
        factor => Amount::Times(movement::Column::ChangeMinor.into(), factor),
    };
    let (at, when) = (movement::Column::MovedAt, Condition::is(movement::Column::Kind, kind.to_value()));
    Measure::flow(name, Quantity::Money, sources::mrr_movements(), at, Aggregate::Sum(change), when)
}

fn new_mrr() -> Measure {
    moved("new_mrr", 1, movement::Kind::New)
}

fn expansion_mrr() -> Measure {
    moved("expansion_mrr", 1, movement::Kind::Expansion)
}

fn reactivation_mrr() -> Measure {
    moved("reactivation_mrr", 1, movement::Kind::Reactivation)
}

fn contraction_mrr() -> Measure {
    moved("contraction_mrr", -1, movement::Kind::Contraction)
}

fn churned_mrr() -> Measure {
    moved("churned_mrr", -1, movement::Kind::Churn)
}

fn mrr_won() -> Expr {
    Expr::from(new_mrr()) + expansion_mrr().into() + reactivation_mrr().into()
}

fn mrr_lost() -> Expr {
    Expr::from(contraction_mrr()) + churned_mrr().into()
}

/// Customers of which a share leaves for a reason: those who leave for it are among them whatever the reason.
fn all_customers() -> Measure {
    customers().regardless_of("all_customers", &[Dimension::ChurnReason])
}

fn retained_customers() -> Expr {
    Expr::AtStart(customers()) - customers_gone().into()
}

fn tenures_ended_for_a_reason() -> Measure {
    tenures_ended("tenures_ended", Condition::Always)
}

fn tenures_ended_for_any_reason() -> Measure {
    tenures_ended_for_a_reason().regardless_of("tenures_ended_for_any_reason", &[Dimension::ChurnReason])
}

fn renewals(name: &'static str, when: Condition) -> Measure {
    let at = renewal::Column::DueAt;
    Measure::flow(name, Quantity::Count, sources::renewals(), at, Aggregate::Count, when)
}

fn renewals_due() -> Measure {
    renewals("renewals_due", Condition::Always)
}

fn renewals_made() -> Measure {
    renewals("renewals_made", Condition::set(renewal::Column::RenewedAt))
}
