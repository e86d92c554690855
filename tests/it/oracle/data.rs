//! A small, dirty CRM: what real exports hold and more. Unset and dangling references, deals closed before they were
//! created, events exactly at the edges of months and a millisecond before, refunds, customers who leave and come back.

mod activity;
mod costs;
mod customers;
mod deals;
mod dirt;
mod marketing;
mod reference;
mod service;
mod subscriptions;

use chrono::TimeDelta;
use crm_kpi::crm::orders;
use crm_kpi::database::upsert;
use dirt::Dirt;
use rand::RngExt;
use rand::seq::IndexedRandom;
use sea_orm::{DatabaseConnection, IntoActiveModel};

/// Fills an empty database. The same seed makes the same rows.
pub async fn fill(connection: &DatabaseConnection, seed: u64) {
    let mut dirt = Dirt::new(seed);
    macro_rules! write {
        ($rows:expr) => {
            upsert(connection, $rows.into_iter().map(IntoActiveModel::into_active_model).collect()).await.unwrap()
        };
    }
    write!(reference::teams());
    write!(reference::reps());
    write!(reference::sources());
    write!(reference::products());
    write!(reference::pipelines());
    write!(reference::stages());
    let (accounts, tenures) = dirt.customers();
    write!(accounts);
    write!(tenures);
    let mut deals: Vec<_> = (0..220).map(|number| dirt.deal(number)).collect();
    deals.extend(dirt.deals_at_edges());
    write!(deals.iter().flat_map(|deal| dirt.stays(deal)).collect::<Vec<_>>());
    write!(dirt.stays_of_nothing());
    let (expected, stays): (Vec<_>, Vec<_>) = dirt.stays_expected_until_edges().into_iter().unzip();
    deals.extend(expected);
    write!(stays);
    write!(dirt.proposals(&deals));
    write!(deals);
    write!((0..300).map(|number| dirt.order(number)).collect::<Vec<_>>());
    write!([first_order_of_no_channel()]);
    let subscriptions: Vec<_> = (0..70).map(|number| dirt.subscription(number)).collect();
    write!(dirt.mrr_movements(&subscriptions));
    write!(dirt.renewals(&subscriptions));
    write!(subscriptions);
    write!((0..160).map(|number| dirt.subscription_cost(number)).collect::<Vec<_>>());
    let (accounts, subscriptions, movements) = Dirt::new(seed + 2000).newcomers();
    write!(accounts);
    write!(subscriptions);
    write!(movements);
    let mut service = Dirt::new(seed + 1000);
    write!(service.activities());
    write!(service.profiles());
    write!(service.posts());
    write!(service.trainings());
    write!(service.cases());
    write!(service.calls());
    write!(service.service_costs());
    write!(service.answers());
    write!(service.sign_ins());
    write!(activity::never_employed());
    write!(dirt.leads());
    write!(dirt.campaigns());
    write!(dirt.campaign_responses());
    write!(dirt.costs());
    write!(dirt.referrals());
    write!(dirt.web_sessions());
    write!(dirt.mailing_list_subscriptions());
}

const REPS: [&str; 9] = ["Zed", "abe", "bob", "cid", "dan", "eve", "fay", "gus", "rep nobody knows"];
const SOURCES: [&str; 5] = ["fair", "partner", "unkind", "web", "gone"];
const CAMPAIGNS: [&str; 4] = ["spring", "webinar", "expo", "gone"];
const PRODUCTS: [&str; 4] = ["p1", "p2", "p3", "gone"];
const PIPELINES: [&str; 3] = ["new", "growth", "gone"];
const STAGES: [&str; 5] = ["lead", "proposal", "talks", "contract", "gone"];
const REASONS: [&str; 3] = ["price", "rival", "silence"];
/// The periods that are asked about: half a year of whole months, and from a leap day into the middle of a month.
pub const PERIODS: [(&str, &str); 2] = [("2024-01-01", "2024-06-30"), ("2024-02-29", "2024-04-15")];

const CURRENCY: &str = "USD";

/// A first order that is credited to a campaign which is not on record.
fn first_order_of_no_channel() -> orders::Model {
    orders::Model {
        id: "first of no channel".into(),
        campaign_id: text("gone"),
        amount_minor: 1_000,
        currency: CURRENCY.into(),
        ordered_at: "2024-03-15T00:00:00Z".parse().unwrap(),
        customer_order_number: Some(1),
        ..Default::default()
    }
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

impl Dirt {
    /// Some order, perhaps a refund itself, one that is not on record, or mostly none: null or an empty text.
    fn refunded(&mut self) -> Option<String> {
        match self.rng.random_range(0..20) {
            0..4 => Some(format!("order {}", self.rng.random_range(0..300))),
            4 => text("gone"),
            5 => text(""),
            _ => None,
        }
    }

    fn order(&mut self, number: u32) -> orders::Model {
        use orders::Kind;
        let kinds = [Kind::New, Kind::Upsell, Kind::CrossSell, Kind::Renewal, Kind::Repeat];
        let kind = kinds.choose(&mut self.rng).copied();
        let (mut account_id, mut ordered_at) = (self.account(), self.instant());
        if self.chance(15)
            && let Some((account, since)) = self.customers.choose(&mut self.rng).cloned()
        {
            let year = TimeDelta::days(365) - TimeDelta::milliseconds(self.rng.random_range(0..2));
            (account_id, ordered_at) = (Some(account), since + year);
        }
        orders::Model {
            id: format!("order {number}"),
            rep_id: self.maybe(10, &REPS),
            account_id,
            product_id: self.maybe(15, &PRODUCTS),
            source_id: self.maybe(15, &SOURCES),
            campaign_id: self.maybe(40, &CAMPAIGNS),
            kind: if self.chance(10) { None } else { kind },
            refund_of: self.refunded(),
            amount_minor: self.amount(),
            currency: CURRENCY.into(),
            ordered_at,
            customer_order_number: (!self.chance(20)).then_some(self.rng.random_range(1..4)),
            by_subscriber: self.chance(50),
            ..Default::default()
        }
    }
}
