//! Generated data of a company that does not exist, believable to those who read KPIs: `crm-kpi demo` fills an empty
//! database with them.
//!
//! Every rep has a book of accounts and deals, made in the order of time from chances of its own; the books are then
//! put together. From them follows the rest: leads that deals came of, campaigns that are credited with them,
//! subscriptions, what reps did meanwhile, and what customers wanted and said. Only whole numbers are used, so the rows are the same on every machine.

mod accounts;
mod activity;
mod audience;
mod book;
mod calendar;
mod campaigns;
mod costs;
mod customers;
mod dataset;
mod deals;
mod dice;
mod exchange;
mod fill;
mod leads;
mod names;
mod options;
mod people;
mod progress;
mod rows;
mod service;
mod social;
mod staff;
mod subscriptions;
mod suggestions;
mod surveys;
mod targets;
mod usage;
mod vocabulary;
mod web;

pub use dataset::{Dataset, generate};
pub use fill::{DemoError, Filled, fill};
pub use options::Options;
pub use progress::Progress;
pub use suggestions::suggestions;
