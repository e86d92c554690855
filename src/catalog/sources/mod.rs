//! The sources that measures are read from, a file for each part of the schema.

mod activity;
mod marketing;
mod sales;
mod service;
mod subscriptions;

pub use activity::{activities, employment, profiles, sign_ins, social_posts, trainings};
pub use marketing::{campaign_responses, campaigns, costs, leads, mailing_list_subscriptions, referrals, web_sessions};
pub use sales::{
    accounts, current_opportunities, opportunities, orders, proposals, staged_opportunities, stays, tenures,
};
pub use service::{service_calls, service_cases, survey_answers};
pub use subscriptions::{mrr_movements, renewals, subscriptions};

use super::source::Source;

/// A function that gives a source: `C` are the columns of its fact table.
macro_rules! source {
    ($(#[$doc:meta])* $name:ident of $table:ident: $source:expr) => {
        $(#[$doc])*
        pub fn $name() -> &'static Source {
            use crate::crm::$table::Column as C;
            static SOURCE: std::sync::LazyLock<Source> = std::sync::LazyLock::new(|| $source);
            &SOURCE
        }
    };
}
use source;

/// All of them.
pub fn all() -> [&'static Source; 27] {
    [
        accounts(),
        activities(),
        campaign_responses(),
        campaigns(),
        costs(),
        current_opportunities(),
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
        subscriptions(),
        survey_answers(),
        tenures(),
        trainings(),
        web_sessions(),
    ]
}
