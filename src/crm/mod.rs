//! The CRM schema as sea-orm entities, one file a table: the vocabulary of the catalogue.
//!
//! Keys are text in byte order. Amounts are minor units of the row's currency (ISO 4217). Instants are UTC, days are calendar
//! days. A reference may point to nothing: nothing here assumes that it resolves.

/// Companies and people that buy.
pub mod accounts;
/// What reps do with prospects and customers: calls, e-mails, meetings, messages.
pub mod activities;
/// Answers to campaigns.
pub mod campaign_responses;
/// Marketing campaigns.
pub mod campaigns;
/// Money spent, spread evenly over stretches of time.
pub mod costs;
/// Stretches of time in which an account was a customer.
pub mod customer_tenures;
/// What currencies are worth in others, day by day.
pub mod exchange_rates;
/// Stretches of time that leads spend in a status.
pub mod lead_stages;
/// People and companies that may buy, before there is a deal.
pub mod leads;
/// Addresses on mailing lists.
pub mod mailing_list_subscriptions;
/// Changes of subscriptions' monthly recurring value.
pub mod mrr_movements;
/// Deals, from their creation to won or lost.
pub mod opportunities;
/// Stays of opportunities in stages.
pub mod opportunity_stages;
/// What customers bought: one row a transaction.
pub mod orders;
/// What is sold.
pub mod products;
/// Proposals that were sent for opportunities.
pub mod proposals;
/// Customers' recommendations to others.
pub mod referrals;
/// Dates on which subscriptions had to be renewed.
pub mod renewals;
/// Sales representatives.
pub mod reps;
/// Calls to the service desk.
pub mod service_calls;
/// Customers' questions, problems and complaints.
pub mod service_cases;
/// Reps' sign-ins to the CRM.
pub mod sign_ins;
/// Reps' posts on social networks.
pub mod social_posts;
/// What social networks show of reps' profiles, time and again.
pub mod social_profile_snapshots;
/// Where leads, opportunities and orders come from.
pub mod sources;
/// The steps of the pipeline.
pub mod stages;
/// Contracts with a recurring value.
pub mod subscriptions;
/// Customers' answers to surveys: NPS, CSAT, CES.
pub mod survey_answers;
/// What KPIs are to reach.
pub mod targets;
/// Teams of reps: a tree.
pub mod teams;
/// Product trainings that reps completed.
pub mod training_results;
/// Visits to the website.
pub mod web_sessions;

mod comments;
mod references;
mod schema;
mod words;

pub use references::{TABLE_NAMES, referenced};
pub use schema::{Column, Kind, Table, columns, tables};

/// Calls a macro with the names of all tables' modules: the one list of them.
macro_rules! every_table {
    ($then:ident) => {
        $then!(
            teams,
            reps,
            accounts,
            sources,
            products,
            stages,
            opportunities,
            opportunity_stages,
            proposals,
            orders,
            customer_tenures,
            leads,
            lead_stages,
            campaigns,
            campaign_responses,
            costs,
            referrals,
            web_sessions,
            mailing_list_subscriptions,
            subscriptions,
            mrr_movements,
            renewals,
            activities,
            social_profile_snapshots,
            social_posts,
            training_results,
            service_cases,
            service_calls,
            survey_answers,
            sign_ins,
            targets,
            exchange_rates
        )
    };
}
pub(crate) use every_table;
