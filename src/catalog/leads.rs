//! Section 3: leads and marketing.

use super::condition::Condition;
use super::costs::{acquisition_cost, campaign_cost};
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Each, Measure, Quantity, Told};
use super::sales::{is_order, new_customers};
use super::sources;
use super::time::Axis;
use super::unit::{KpiKind, Unit};
use crate::crm::{
    campaign_responses as response, campaigns as campaign, leads as lead, mailing_list_subscriptions as listed,
    orders as order, referrals as referral, web_sessions as session,
};

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Leads;
    vec![
        family.figure("leads_created", Unit::Count, KpiKind::Flow, created_count()),
        family.figure("qualified_leads", Unit::Count, KpiKind::Flow, qualified_count()),
        family.quotient("lead_qualification_rate", Unit::Ratio, KpiKind::Ratio, qualified_count(), created_count()),
        family
            .quotient("lead_qualification_time", Unit::Days, KpiKind::Average, qualification_time(), qualified_count())
            .lower_is_better(),
        family
            .quotient("lead_cycle_time", Unit::Days, KpiKind::Average, cycle_time(), converted_count())
            .lower_is_better(),
        family.quotient("lead_conversion_rate", Unit::Ratio, KpiKind::Ratio, converted_count(), created_count()),
        family.quotient(
            "mql_conversion_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            qualified_converted_count(),
            qualified_count(),
        ),
        family
            .quotient("cost_per_lead", Unit::Currency, KpiKind::Ratio, acquisition_cost(), created_count())
            .lower_is_better(),
        family
            .quotient("customer_acquisition_cost", Unit::Currency, KpiKind::Ratio, acquisition_cost(), new_customers())
            .lower_is_better(),
        family
            .figure(
                "campaigns_run",
                Unit::Count,
                KpiKind::Count,
                Expr::AtStart(campaigns_running()) + campaigns_started().into(),
            )
            .neither_is_better(),
        family.figure("campaign_responses", Unit::Count, KpiKind::Flow, response_count()),
        family.figure("campaign_purchases", Unit::Count, KpiKind::Flow, campaign_order_count()),
        family.figure("campaign_revenue", Unit::Currency, KpiKind::Flow, campaign_order_amount()),
        family.figure("campaign_new_customers", Unit::Count, KpiKind::Flow, campaign_first_order_count()),
        family.quotient(
            "campaign_roi",
            Unit::Ratio,
            KpiKind::Ratio,
            Expr::from(campaign_order_amount()) - campaign_cost().into(),
            campaign_cost(),
        ),
        family.figure("customer_referrals", Unit::Count, KpiKind::Flow, referral_count()),
        family.figure("web_visits", Unit::Count, KpiKind::Flow, session_count()),
        family.figure("page_views", Unit::Count, KpiKind::Flow, page_view_count()),
        family.quotient("goal_completion_rate", Unit::Ratio, KpiKind::Ratio, goal_session_count(), session_count()),
        family.quotient(
            "average_visit_duration",
            Unit::Seconds,
            KpiKind::Average,
            session_time(),
            timed_session_count(),
        ),
        family.figure("email_list_size", Unit::Count, KpiKind::Stock, list_size()),
        family.quotient(
            "email_list_growth_rate",
            Unit::Ratio,
            KpiKind::Growth,
            Expr::from(list_size()) - Expr::AtStart(list_size()),
            Expr::AtStart(list_size()),
        ),
    ]
}

fn lead_count(name: &'static str, at: lead::Column, when: Condition) -> Measure {
    Measure::flow(name, Quantity::Count, sources::leads(), at, Aggregate::Count, when)
}

fn created_count() -> Measure {
    lead_count("leads_created", lead::Column::CreatedAt, Condition::Always)
}

fn qualified_count() -> Measure {
    lead_count("leads_qualified", lead::Column::QualifiedAt, Condition::Always)
}

fn converted_count() -> Measure {
    lead_count("leads_converted", lead::Column::ConvertedAt, Condition::Always)
}

fn qualified_converted_count() -> Measure {
    let qualified = Condition::set(lead::Column::QualifiedAt);
    lead_count("qualified_leads_converted", lead::Column::ConvertedAt, qualified)
}

/// The time from creation to another event, by the time of that event.
fn lead_time(name: &'static str, until: lead::Column) -> Measure {
    let time = Aggregate::time(lead::Column::CreatedAt, until);
    Measure::flow(name, Quantity::Days, sources::leads(), until, time, Condition::Always)
}

fn qualification_time() -> Measure {
    lead_time("lead_qualification_days", lead::Column::QualifiedAt)
}

fn cycle_time() -> Measure {
    lead_time("lead_cycle_days", lead::Column::ConvertedAt)
}

fn campaigns_running() -> Measure {
    let axis = Axis::state(campaign::Column::StartsAt, campaign::Column::EndsAt);
    Measure::new("campaigns_running", Quantity::Count, sources::campaigns(), axis, Aggregate::Count, Condition::Always)
}

/// Campaigns that start; what ends before or when it starts never runs.
fn campaigns_started() -> Measure {
    let (starts, ends) = (campaign::Column::StartsAt, campaign::Column::EndsAt);
    Measure::flow(
        "campaigns_started",
        Quantity::Count,
        sources::campaigns(),
        starts,
        Aggregate::Count,
        Condition::lasts(starts, ends),
    )
}

fn response_count() -> Measure {
    Measure::flow(
        "campaign_responses",
        Quantity::Count,
        sources::campaign_responses(),
        response::Column::RespondedAt,
        Aggregate::Count,
        Condition::Always,
    )
}

/// Orders that are credited to a campaign.
fn campaign_orders(name: &'static str, quantity: Quantity, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::flow(name, quantity, sources::orders(), order::Column::OrderedAt, aggregate, when)
}

fn campaign_order_count() -> Measure {
    let credited = is_order().and(Condition::not_empty(order::Column::CampaignId));
    campaign_orders("campaign_orders", Quantity::Count, Aggregate::Count, credited)
}

fn campaign_order_amount() -> Measure {
    let amount = Aggregate::sum(order::Column::AmountMinor);
    campaign_orders("campaign_order_amount", Quantity::Money, amount, Condition::not_empty(order::Column::CampaignId))
}

fn campaign_first_order_count() -> Measure {
    let credited = is_order().and(Condition::not_empty(order::Column::CampaignId));
    let first = credited.and(Condition::is(order::Column::CustomerOrderNumber, 1));
    campaign_orders("campaign_first_orders", Quantity::Count, Aggregate::Count, first)
}

fn referral_count() -> Measure {
    Measure::flow(
        "referrals",
        Quantity::Count,
        sources::referrals(),
        referral::Column::ReferredAt,
        Aggregate::Count,
        Condition::Always,
    )
}

fn sessions(name: &'static str, quantity: Quantity, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::flow(name, quantity, sources::web_sessions(), session::Column::StartedAt, aggregate, when)
}

fn session_count() -> Measure {
    sessions("web_sessions", Quantity::Count, Aggregate::Count, Condition::Always)
}

fn page_view_count() -> Measure {
    sessions("page_views", Quantity::Count, Aggregate::sum(session::Column::PageViews), Condition::Always)
}

fn goal_session_count() -> Measure {
    let completed = Condition::is(session::Column::GoalCompleted, true);
    sessions("web_sessions_with_a_goal", Quantity::Count, Aggregate::Count, completed)
}

fn session_time() -> Measure {
    let known = Condition::set(session::Column::DurationSeconds);
    let time = Aggregate::sum(session::Column::DurationSeconds);
    sessions("web_session_seconds", Quantity::Seconds, time, known)
}

fn timed_session_count() -> Measure {
    let known = Condition::set(session::Column::DurationSeconds);
    sessions("timed_web_sessions", Quantity::Count, Aggregate::Count, known)
}

/// Addresses, each once on however many lists; a row without one stands for one.
fn list_size() -> Measure {
    let axis = Axis::state(listed::Column::SubscribedAt, listed::Column::UnsubscribedAt);
    let of = vec![listed::Column::Email.into(), listed::Column::Id.into()];
    let each = Aggregate::Each(Each { of, amount: None, told: Told::Present });
    let source = sources::mailing_list_subscriptions();
    Measure::new("email_list_size", Quantity::Count, source, axis, each, Condition::Always)
}
