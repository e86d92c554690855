//! The CRM schema as sea-orm entities, one file a table: the vocabulary of the catalogue.
//!
//! A table is described once, by its entity. [`tables`] hands that description on: the columns with their kinds, words,
//! references and comments. Imports, exports, readiness, quality checks and `docs/reference/schema.md` go by it, so a new
//! column of an entity is known to all of them. What a column holds beyond its type follows from its name:
//!
//! | name | holds |
//! | --- | --- |
//! | `…_id` | the key of a row of another table: `rep_id` of `reps`; `parent_id` of the same table; `refund_of` of `orders`; `kpi_id` of the catalogue |
//! | `…_minor` | an amount in minor units (cents) of the row's `currency` |
//! | `…_bp` | a share in basis points: 2500 is 25 % |
//! | `currency`, `…_currency` | a code of ISO 4217 |
//! | `number` | the place of a child among its parent's, from 1 |
//! | `rate`, `…_rate` | a decimal number above 0 |
//! | other integers | a count or a measure: 0 or more |
//!
//! Keys are text in byte order. Instants are UTC, days are calendar days. A reference may point to nothing: nothing here assumes
//! that it resolves.
//!
//! ```
//! use crm_kpi_crm::{Semantic, orders, table};
//!
//! let orders = table("orders").expect("a table");
//! let amount = orders.column("amount_minor").expect("a column");
//! assert_eq!((amount.semantic, amount.field(), amount.required()), (Semantic::Money, "amount", true));
//!
//! // A row with what matters; the rest is unset, empty or zero.
//! let order = orders::Model { id: "o-1".into(), amount_minor: 120_050, currency: "EUR".into(), ..Default::default() };
//! assert_eq!(order.rep_id, None);
//! ```

// Columns whose names say it all have no comment.
#![allow(missing_docs)]

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
/// Ways that deals go, with stages of their own.
pub mod pipelines;
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
/// The steps of pipelines.
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
mod currencies;
mod kind;
mod references;
mod semantic;
mod table;
mod words;

pub use currencies::{currency_code, currency_decimals, withdrawn_currencies};
pub use kind::Kind;
pub use references::{TABLE_NAMES, referenced};
pub use semantic::Semantic;
pub use table::{Column, Table, columns, table, tables};

/// Calls a macro with the names of all tables' modules: the one list of them.
#[macro_export]
macro_rules! every_table {
    ($then:ident) => {
        $then!(
            teams,
            reps,
            accounts,
            sources,
            products,
            pipelines,
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
