//! The sources that measures are read from, a file for each part of the schema.

mod activity;
mod marketing;
mod sales;
mod service;
mod subscriptions;

pub use activity::{activities, employment, profiles, sign_ins, social_posts, trainings};
pub use marketing::{campaign_responses, campaigns, costs, leads, mailing_list_subscriptions, referrals, web_sessions};
pub use sales::{accounts, opportunities, orders, proposals, staged_opportunities, stays, tenures};
pub use service::{service_calls, service_cases, survey_answers};
pub use subscriptions::{mrr_movements, renewals};

use super::column::Column;
use super::dimension::Dimension;
use super::source::{Join, Source};
use crate::crm::{accounts as account_table, campaigns as campaign_table, reps, sources as source_table};
use sea_orm::ColumnTrait;

/// All of them.
pub fn all() -> [&'static Source; 25] {
    [
        accounts(),
        activities(),
        campaign_responses(),
        campaigns(),
        costs(),
        employment(),
        leads(),
        mailing_list_subscriptions(),
        mrr_movements(),
        opportunities(),
        orders(),
        profiles(),
        proposals(),
        referrals(),
        renewals(),
        service_calls(),
        service_cases(),
        sign_ins(),
        social_posts(),
        staged_opportunities(),
        stays(),
        survey_answers(),
        tenures(),
        trainings(),
        web_sessions(),
    ]
}

fn join(from: impl ColumnTrait, to: impl ColumnTrait) -> Join {
    Join { from: from.into(), to: to.into() }
}

/// A rep, and the team that the rep is in.
fn rep(column: impl ColumnTrait) -> [(Dimension, Column); 2] {
    [(Dimension::Rep, column.into()), (Dimension::Team, reps::Column::TeamId.into())]
}

/// A rep of a fact that knows no account: it goes by the segment and region that the rep serves.
fn serving_rep(column: impl ColumnTrait) -> [(Dimension, Column); 4] {
    [
        (Dimension::Rep, column.into()),
        (Dimension::Team, reps::Column::TeamId.into()),
        (Dimension::Segment, reps::Column::Segment.into()),
        (Dimension::Region, reps::Column::Region.into()),
    ]
}

/// An account and what it is like.
fn account(column: impl ColumnTrait) -> [(Dimension, Column); 5] {
    [
        (Dimension::Account, column.into()),
        (Dimension::Segment, account_table::Column::Segment.into()),
        (Dimension::Region, account_table::Column::Region.into()),
        (Dimension::Industry, account_table::Column::Industry.into()),
        (Dimension::Country, account_table::Column::Country.into()),
    ]
}

/// The market that a fact belongs to, where it says so itself: segment, region, industry, country.
fn market<C: ColumnTrait>([segment, region, industry, country]: [C; 4]) -> [(Dimension, Column); 4] {
    [
        (Dimension::Segment, segment.into()),
        (Dimension::Region, region.into()),
        (Dimension::Industry, industry.into()),
        (Dimension::Country, country.into()),
    ]
}

/// Where something came from.
fn source(column: impl ColumnTrait) -> [(Dimension, Column); 2] {
    [(Dimension::Source, column.into()), (Dimension::SourceKind, source_table::Column::Kind.into())]
}

/// A campaign and what it goes through.
fn campaign(column: impl ColumnTrait) -> [(Dimension, Column); 2] {
    [(Dimension::Campaign, column.into()), (Dimension::Channel, campaign_table::Column::Channel.into())]
}
