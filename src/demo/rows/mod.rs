//! The rows of the tables, by area.

mod activity;
mod keys;
mod leads;
mod marketing;
mod plans;
mod sales;
mod service;
mod subscriptions;

use super::accounts::Account;
use super::names;

const CURRENCY: &str = "USD";

fn account_name(place: usize, account: &Account) -> String {
    names::account(place as u32, account.industry)
}
