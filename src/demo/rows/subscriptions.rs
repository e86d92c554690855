use super::CURRENCY;
use super::keys::{account_id, product_id, rep_id, subscription_id};
use crate::crm;
use crate::demo::calendar::instant;
use crate::demo::dataset::Dataset;

impl Dataset {
    /// Subscriptions by start.
    pub fn subscriptions(&self) -> impl Iterator<Item = crm::subscriptions::Model> {
        self.subscriptions.iter().enumerate().map(|(place, subscription)| crm::subscriptions::Model {
            id: subscription_id(place),
            account_id: Some(account_id(subscription.account)),
            rep_id: Some(rep_id(self.accounts[subscription.account].rep)),
            product_id: Some(product_id(subscription.product)),
            monthly_amount_minor: subscription.monthly,
            currency: CURRENCY.to_owned(),
            started_at: instant(subscription.from),
            ended_at: subscription.until.map(instant),
        })
    }

    /// Changes of their value, by subscription and time.
    pub fn mrr_movements(&self) -> impl Iterator<Item = crm::mrr_movements::Model> {
        self.subscriptions.iter().enumerate().flat_map(|(place, subscription)| {
            let rep = self.accounts[subscription.account].rep;
            (1..).zip(&subscription.movements).map(move |(number, movement)| crm::mrr_movements::Model {
                subscription_id: subscription_id(place),
                number,
                rep_id: Some(rep_id(rep)),
                kind: movement.kind,
                change_minor: movement.change,
                currency: CURRENCY.to_owned(),
                moved_at: instant(movement.at),
            })
        })
    }

    /// Renewals that fell due, by subscription and time.
    pub fn renewals(&self) -> impl Iterator<Item = crm::renewals::Model> {
        self.subscriptions.iter().enumerate().flat_map(|(place, subscription)| {
            let rep = self.accounts[subscription.account].rep;
            (1..).zip(&subscription.renewals).map(move |(number, renewal)| crm::renewals::Model {
                subscription_id: subscription_id(place),
                number,
                rep_id: Some(rep_id(rep)),
                due_at: instant(renewal.due),
                renewed_at: renewal.renewed.map(instant),
            })
        })
    }
}
