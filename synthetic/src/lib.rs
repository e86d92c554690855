//! Made-up data of a company that does not exist, believable to those who read KPIs: rows of every table of the CRM schema.
//!
//! A [`Company`] has reps in teams. Every rep has a book of accounts and deals, made in the order of time from chances of its
//! own. The books of neighbouring reps are a [`Branch`], and from them follows the rest: leads that deals came of, campaigns
//! that are credited with them, subscriptions, what reps did meanwhile, and what customers wanted and said.
//!
//! The size does not matter: the demo of 40 reps is one branch, 50 million opportunities are thousands of them, by the same
//! laws. Branches are made one after the other, so memory is that of one. Only whole numbers are used: the same
//! [`Options`] give the same rows on every machine.
//!
//! ```
//! use crm_kpi_synthetic::{Company, Options};
//!
//! let options = Options { reps: 3, opportunities: Some(200), ..Options::bulk("2026-06-30".parse()?) };
//! let company = Company::new(&options)?;
//! assert_eq!(company.reps().count(), 3);
//! let mut opportunities = 0;
//! let mut won = 0;
//! for branch in company.branches() {
//!     opportunities += branch.opportunities().count();
//!     won += branch.orders().filter(|order| order.opportunity_id.is_some()).count();
//! }
//! assert_eq!(opportunities, 200);
//! assert!((20..100).contains(&won));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// What may be asked for.
mod options;

/// Days, and how busy they are.
mod calendar;
/// Chance.
mod dice;
/// Keys.
mod keys;
/// Names of people and companies.
mod names;
/// What the company sells, where, and what it calls things.
mod vocabulary;

/// Teams, reps, sources, products, pipelines and stages.
mod catalogue;
/// The company as a whole.
mod company;
/// Exchange rates.
mod exchange;
mod reps;
mod teams;

/// What a rep sells and to whom: accounts, their deals, and how long customers stay.
mod accounts;
mod book;
/// The records of some reps, and what they have in common.
mod branch;
/// How these come about.
mod branches;
mod customers;
mod deals;
/// What is expected of deals.
mod forecast;
mod records;
mod refunds;
/// Rows of accounts, opportunities, stays in stages, proposals, orders and tenures.
mod sales;
/// Rows of subscriptions, MRR movements and renewals.
mod subscriptions;

/// Rows of referrals and mailing lists.
mod audience;
/// Rows of campaigns and responses.
mod campaigns;
/// Rows of costs.
mod costs;
/// Rows of leads and their history.
mod leads;
/// Rows of web sessions.
mod web;

/// Rows of activities and sign-ins.
mod activity;
/// Rows of profile snapshots and posts.
mod social;
/// Rows of training results.
mod trainings;

/// Rows of service cases and calls.
mod service;
/// Rows of survey answers.
mod surveys;

/// What was reached, and the targets that follow from it.
mod planned;
mod results;
mod targets;

pub use branch::Branch;
pub use company::Company;
pub use options::{Options, OutOfRange};
pub use targets::Plans;
