//! What is kept of a branch beside accounts and deals.

use crate::accounts::{Market, Order};
use crate::calendar::{MINUTES_A_DAY, Minute};
use crm_kpi_crm::{leads, mrr_movements, service_cases};

/// A contract that ends sooner after its renewal was broken off, not left to run out.
const NOTICE: Minute = 60 * MINUTES_A_DAY;

/// An order; its deal is a place in `deals`.
pub(crate) struct PlacedOrder {
    /// Place in `accounts`.
    pub account: usize,
    /// Its place among the account's orders, from 1.
    pub number: i32,
    pub order: Order,
}

/// Money that went back.
pub(crate) struct Refund {
    /// Place in the orders.
    pub order: usize,
    /// Above 0, in minor units.
    pub amount: i64,
    pub at: Minute,
}

/// A marketing campaign.
pub(crate) struct Campaign {
    pub name: String,
    /// Place in CHANNELS.
    pub channel: usize,
    /// The only region that it is for.
    pub region: Option<&'static str>,
    /// The only segment that it is for.
    pub segment: Option<usize>,
    /// Place of the seat of the rep who runs it.
    pub seat: usize,
    pub from: Minute,
    /// Unset while it runs.
    pub until: Option<Minute>,
}

impl Campaign {
    pub fn runs(&self, at: Minute) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    pub fn is_for(&self, segment: usize, region: &str) -> bool {
        self.region.is_none_or(|own| own == region) && self.segment.is_none_or(|own| own == segment)
    }
}

/// A person who may buy for a company.
pub(crate) struct Lead {
    /// Place of the rep's seat in the branch.
    pub seat: usize,
    /// Place in SOURCES.
    pub source: usize,
    /// Place in the campaigns.
    pub campaign: Option<usize>,
    /// The deal that came of it, a place in the deals.
    pub deal: Option<usize>,
    pub market: Market,
    pub created: Minute,
    /// The statuses after `new`, with the times they were entered, in order.
    pub steps: Vec<(leads::Status, Minute)>,
}

impl Lead {
    pub fn status(&self) -> leads::Status {
        self.steps.last().map_or(leads::Status::New, |(status, _)| *status)
    }

    /// When the lead got that status.
    pub fn reached(&self, wanted: leads::Status) -> Option<Minute> {
        self.steps.iter().find(|(status, _)| *status == wanted).map(|(_, at)| *at)
    }

    /// When there was nothing more to do about it; unset while there is.
    pub fn done(&self) -> Option<Minute> {
        self.reached(leads::Status::Converted).or(self.reached(leads::Status::Disqualified))
    }
}

/// What a customer has of one product, in one tenure.
pub(crate) struct Subscription {
    /// Place in the accounts.
    pub account: usize,
    /// Place in PRODUCTS.
    pub product: usize,
    pub from: Minute,
    /// Unset while it is live.
    pub until: Option<Minute>,
    /// A month in minor units, now or at its end.
    pub monthly: i64,
    /// By time.
    pub movements: Vec<Movement>,
    /// By time.
    pub renewals: Vec<Renewal>,
}

/// A change of a subscription's value.
pub(crate) struct Movement {
    pub kind: mrr_movements::Kind,
    pub change: i64,
    pub at: Minute,
}

/// A date on which a subscription runs out.
pub(crate) struct Renewal {
    pub due: Minute,
    /// Unset where it ended then.
    pub renewed: Option<Minute>,
}

impl Subscription {
    pub fn new(account: usize, product: usize, from: Minute) -> Self {
        let (movements, renewals) = (Vec::new(), Vec::new());
        Self { account, product, from, until: None, monthly: 0, movements, renewals }
    }

    pub fn change(&mut self, kind: mrr_movements::Kind, change: i64, at: Minute) {
        self.monthly += change;
        self.movements.push(Movement { kind, change, at });
    }

    pub fn end(&mut self, at: Minute) {
        let last = self.renewals.last().map_or(self.from, |renewal| renewal.due);
        if at - last >= NOTICE {
            self.renewals.push(Renewal { due: at, renewed: None });
        }
        self.movements.push(Movement { kind: mrr_movements::Kind::Churn, change: -self.monthly, at });
        self.until = Some(at);
    }
}

/// What a customer wants of the service.
pub(crate) struct Case {
    /// Place of the seat of the rep who looks after it.
    pub seat: usize,
    /// Place in the accounts.
    pub account: usize,
    /// Place in PRODUCTS.
    pub product: usize,
    pub kind: service_cases::Kind,
    pub channel: &'static str,
    pub opened: Minute,
    pub responded: Option<Minute>,
    pub due: Minute,
    pub resolved: Option<Minute>,
}
