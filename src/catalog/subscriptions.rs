//! Section 4: subscriptions and retention.

use super::condition::Condition;
use super::costs::{acquisition_cost, retention_cost};
use super::dimension::Dimension;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Amount, Change, Each, Measure, Quantity, Told};
use super::sales::{customers, customers_gone, new_customers, sales, tenures_ended};
use super::sources;
use super::time::{Axis, Instant, Shift};
use super::unit::{KpiKind, Unit};
use crate::crm::{mrr_movements as movement, renewals as renewal, subscriptions as subscription};

const MONTHS_A_YEAR: i64 = 12;

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Subscriptions;
    vec![
        family.figure("mrr", Unit::Currency, KpiKind::Stock, mrr()),
        family.figure("arr", Unit::Currency, KpiKind::Stock, arr()),
        family.figure("new_mrr", Unit::Currency, KpiKind::Flow, of_accounts("new_mrr", Told::Change(Change::New))),
        family.figure(
            "expansion_mrr",
            Unit::Currency,
            KpiKind::Flow,
            of_accounts("expansion_mrr", Told::Change(Change::More)),
        ),
        family
            .figure(
                "contraction_mrr",
                Unit::Currency,
                KpiKind::Flow,
                of_accounts("contraction_mrr", Told::Change(Change::Less)),
            )
            .lower_is_better(),
        family
            .figure(
                "churned_mrr",
                Unit::Currency,
                KpiKind::Flow,
                of_accounts("churned_mrr", Told::Change(Change::Gone)),
            )
            .lower_is_better(),
        family.figure(
            "reactivation_mrr",
            Unit::Currency,
            KpiKind::Flow,
            of_accounts("reactivation_mrr", Told::Change(Change::Back)),
        ),
        family.figure("net_new_mrr", Unit::Currency, KpiKind::Flow, mrr_moved()),
        family.quotient(
            "quick_ratio",
            Unit::Number,
            KpiKind::Ratio,
            changes(&[("new_mrr", Change::New), ("expansion_mrr", Change::More), ("reactivation_mrr", Change::Back)]),
            changes(&[("contraction_mrr", Change::Less), ("churned_mrr", Change::Gone)]),
        ),
        family.quotient("arpa", Unit::Currency, KpiKind::Average, mrr(), accounts_with_mrr()),
        family.figure("trials_started", Unit::Count, KpiKind::Flow, trials_started()),
        family.quotient("trial_conversion_rate", Unit::Ratio, KpiKind::Ratio, trials_converted(), trials_ended()),
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
            of_accounts("mrr_kept_of_accounts", Told::Kept),
            of_accounts("mrr_of_accounts_at_start", Told::AtStart),
        ),
        family.quotient(
            "net_revenue_retention",
            Unit::Ratio,
            KpiKind::Ratio,
            of_accounts("mrr_now_of_accounts_at_start", Told::Became),
            of_accounts("mrr_of_accounts_at_start", Told::AtStart),
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

/// A movement lasts.
fn since_moved() -> Axis {
    Axis::State { from: Instant::at(movement::Column::MovedAt), until: Instant::Never }
}

/// The value of what has moved so far.
fn mrr() -> Measure {
    let change = Aggregate::sum(movement::Column::ChangeMinor);
    Measure::new("mrr", Quantity::Money, sources::mrr_movements(), since_moved(), change, Condition::Always)
}

/// The value a year of what has moved so far: of a price for a year it is that, not twelve times a rounded twelfth.
fn arr() -> Measure {
    let yearly = Amount::Of(movement::Column::AnnualChangeMinor.into());
    let monthly = Amount::Times(movement::Column::ChangeMinor.into(), MONTHS_A_YEAR);
    let change = Aggregate::Sum(Amount::FirstSet(vec![yearly, monthly]));
    Measure::new("arr", Quantity::Money, sources::mrr_movements(), since_moved(), change, Condition::Always)
}

/// What has moved in a bucket.
fn mrr_moved() -> Measure {
    let (at, change) = (movement::Column::MovedAt, Aggregate::sum(movement::Column::ChangeMinor));
    Measure::flow("mrr_moved", Quantity::Money, sources::mrr_movements(), at, change, Condition::Always)
}

/// What is told of accounts by what all their subscriptions are worth together. A subscription of no account stands for one.
fn of_accounts(name: &'static str, told: Told) -> Measure {
    of_each_account(name, Quantity::Money, told)
}

fn of_each_account(name: &'static str, quantity: Quantity, told: Told) -> Measure {
    let of = vec![subscription::Column::AccountId.into(), movement::Column::SubscriptionId.into()];
    let amount = Some(Amount::Of(movement::Column::ChangeMinor.into()));
    let each = Aggregate::Each(Each { of, amount, told });
    Measure::new(name, quantity, sources::mrr_movements(), since_moved(), each, Condition::Always)
}

/// Accounts that are worth more than 0 a month.
fn accounts_with_mrr() -> Measure {
    of_each_account("accounts_with_mrr", Quantity::Count, Told::Present)
}

fn changes(changes: &[(&'static str, Change)]) -> Expr {
    Expr::Sum(changes.iter().map(|&(name, change)| of_accounts(name, Told::Change(change)).into()).collect())
}

fn trials(name: &'static str, at: Instant, when: Condition) -> Measure {
    let axis = Axis::Event { at, shift: Shift::None };
    let is_trial = Condition::set(subscription::Column::TrialEndsAt);
    Measure::new(name, Quantity::Count, sources::subscriptions(), axis, Aggregate::Count, is_trial.and(when))
        .told_by(subscription::Column::TrialEndsAt)
}

fn trials_started() -> Measure {
    trials("trials_started", Instant::at(subscription::Column::StartedAt), Condition::Always)
}

/// A trial that is broken off ends then.
fn end_of_trial() -> Instant {
    Instant::at(subscription::Column::TrialEndsAt).earlier(Instant::at(subscription::Column::EndedAt))
}

fn trials_ended() -> Measure {
    trials("trials_ended", end_of_trial(), Condition::Always).due()
}

/// The subscription lasted longer than its trial.
fn trials_converted() -> Measure {
    let ended_at = subscription::Column::EndedAt;
    let went_on = Condition::Before(Instant::at(subscription::Column::TrialEndsAt), Instant::at(ended_at));
    let when = Condition::Any(vec![Condition::set(ended_at).negated(), went_on]);
    trials("trials_converted", end_of_trial(), when).due()
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
    Measure::flow(name, Quantity::Count, sources::renewals(), at, Aggregate::Count, when).due()
}

fn renewals_due() -> Measure {
    renewals("renewals_due", Condition::Always)
}

fn renewals_made() -> Measure {
    renewals("renewals_made", Condition::set(renewal::Column::RenewedAt))
}
