//! Section 6: social selling and expertise.

use super::column::Column;
use super::condition::Condition;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Measure, Quantity};
use super::sources;
use super::time::{Axis, Instant, Shift};
use super::unit::{KpiKind, Unit};
use crate::crm::{social_posts as post, social_profile_snapshots as profile, training_results as training};

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Social;
    vec![
        family.figure("profile_followers", Unit::Count, KpiKind::Stock, followers()),
        family.quotient(
            "follower_growth_rate",
            Unit::Ratio,
            KpiKind::Growth,
            Expr::from(followers()) - Expr::AtStart(followers()),
            Expr::AtStart(followers()),
        ),
        family.quotient(
            "connection_acceptance_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            requests_accepted(),
            requests_sent(),
        ),
        family.figure("inbound_requests", Unit::Count, KpiKind::Flow, inbound_requests()),
        family.figure("profile_views", Unit::Count, KpiKind::Flow, views()),
        family.quotient(
            "profile_view_growth_rate",
            Unit::Ratio,
            KpiKind::Growth,
            Expr::from(views()) - views_before().into(),
            views_before(),
        ),
        family.quotient("profile_strength", Unit::Score, KpiKind::Stock, strength(), rated_profiles()),
        family.quotient(
            "shares_per_post",
            Unit::Number,
            KpiKind::Average,
            reactions("shares", post::Column::Shares),
            posts(),
        ),
        family.quotient(
            "comments_per_post",
            Unit::Number,
            KpiKind::Average,
            reactions("comments", post::Column::Comments),
            posts(),
        ),
        family.quotient(
            "likes_per_post",
            Unit::Number,
            KpiKind::Average,
            reactions("likes", post::Column::Likes),
            posts(),
        ),
        family.quotient("training_score", Unit::Score, KpiKind::Average, training_points(), trainings_scored()),
        family.figure("trainings_completed", Unit::Count, KpiKind::Flow, trainings()),
    ]
}

/// A state of profiles: each as its latest snapshot shows it.
fn profile_state(name: &'static str, aggregate: Aggregate, when: Condition) -> Measure {
    let latest = Axis::state(profile::Column::TakenAt, profile::Column::ReplacedAt);
    Measure::new(name, Quantity::Count, sources::profiles(), latest, aggregate, when)
}

fn followers() -> Measure {
    profile_state("followers", Aggregate::sum(profile::Column::Followers), Condition::Always)
}

fn strength() -> Measure {
    profile_state("profile_strength", Aggregate::sum(profile::Column::Strength), rated())
}

fn rated_profiles() -> Measure {
    profile_state("rated_profiles", Aggregate::Count, rated())
}

fn rated() -> Condition {
    Condition::set(profile::Column::Strength)
}

/// What snapshots count since the ones before them.
fn since_last(name: &'static str, amount: profile::Column) -> Measure {
    let sum = Aggregate::sum(amount);
    Measure::flow(name, Quantity::Count, sources::profiles(), profile::Column::TakenAt, sum, Condition::Always)
}

fn requests_sent() -> Measure {
    since_last("connection_requests_sent", profile::Column::RequestsSent)
}

fn requests_accepted() -> Measure {
    since_last("connection_requests_accepted", profile::Column::RequestsAccepted)
}

fn inbound_requests() -> Measure {
    since_last("inbound_requests", profile::Column::InboundRequests)
}

fn views() -> Measure {
    since_last("profile_views", profile::Column::ProfileViews)
}

fn views_before() -> Measure {
    let before = Axis::Event { at: Instant::at(profile::Column::TakenAt), shift: Shift::Before };
    Measure::new(
        "profile_views_of_the_period_before",
        Quantity::Count,
        sources::profiles(),
        before,
        Aggregate::sum(profile::Column::ProfileViews),
        Condition::Always,
    )
}

fn post_measure(name: &'static str, aggregate: Aggregate) -> Measure {
    let at = post::Column::PublishedAt;
    Measure::flow(name, Quantity::Count, sources::social_posts(), at, aggregate, Condition::Always)
}

fn posts() -> Measure {
    post_measure("posts_published", Aggregate::Count)
}

fn reactions(name: &'static str, amount: impl Into<Column>) -> Measure {
    post_measure(name, Aggregate::sum(amount))
}

fn training_measure(name: &'static str, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::flow(name, Quantity::Count, sources::trainings(), training::Column::CompletedAt, aggregate, when)
}

fn trainings() -> Measure {
    training_measure("trainings_completed", Aggregate::Count, Condition::Always)
}

fn trainings_scored() -> Measure {
    training_measure("trainings_scored", Aggregate::Count, Condition::set(training::Column::Score))
}

fn training_points() -> Measure {
    training_measure(
        "training_points",
        Aggregate::sum(training::Column::Score),
        Condition::set(training::Column::Score),
    )
}
