//! What it costs to win and to keep customers.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, Minute, day_at, instant, midnight, months};
use crate::campaigns::CHANNELS;
use crate::dice::Dice;
use crate::keys::{currency, segment, source_id};
use crate::vocabulary::REGIONS;
use crm_kpi_crm::costs::{Kind, Model};
use crm_kpi_crm::opportunities::Status;
use std::collections::BTreeMap;

/// What an employed rep costs a month with everybody who helps to sell, in minor units.
const SALES: i64 = 18_500_000;

/// How much of a rep's time a deal of each of SEGMENTS takes, against the first.
const EFFORT: [i64; 3] = [2, 3, 6];

/// What marketing costs a month for each rep beside campaigns, in minor units.
const MARKETING: i64 = 2_500_000;

/// What it costs a month to keep and to help a customer of each of SEGMENTS, in minor units.
const RETENTION: [i64; 3] = [2_000, 7_500, 24_000];
const SERVICE: [i64; 3] = [1_600, 3_600, 9_000];

/// How many deals are won, in per mille.
const WON: i64 = 280;

/// A campaign that brought no deal costs this, in minor units.
const SMALLEST_CAMPAIGN: i64 = 400_000;

const DAYS_A_MONTH: i64 = 30;

type Rows = Vec<(Minute, Model)>;

/// In whole dollars, as much as a stretch of days is of a month.
fn prorated(amount: i64, (from, until): (Day, Day)) -> i64 {
    amount * i64::from(until - from) / DAYS_A_MONTH / 100 * 100
}

/// Adds money spent on a stretch of days, if it is any.
fn spend(rows: &mut Rows, amount: i64, (from, until): (Day, Day), row: Model) {
    let (from, until) = (midnight(from), midnight(until));
    let (starts_at, ends_at) = (instant(from), Some(instant(until)));
    if amount > 0 {
        rows.push((from, Model { amount_minor: amount, currency: currency(), starts_at, ends_at, ..row }));
    }
}

impl Branch<'_> {
    /// Costs by the start of their time.
    pub fn costs(&self) -> impl Iterator<Item = Model> {
        let mut rows = Vec::new();
        self.add_campaigns(&mut rows);
        let mut dice = self.dice("costs", 0);
        let customers = Customers::new(self);
        for month in months(self.company.span.first, self.company.span.last + 1) {
            self.add_sales(&mut dice, month, &mut rows);
            self.add_marketing(&mut dice, month, &mut rows);
            self.add_by_customers(&mut dice, &customers, month, &mut rows);
        }
        by_time(rows).map(|(place, row)| Model { id: self.id("cost", place), ..row })
    }

    /// What is spent on a rep, where those who keep records stand for all.
    fn of_all(&self, amount: i64) -> i64 {
        amount * i64::from(self.company.detail.keepers)
    }

    /// A campaign costs by segment and region as much as its channel spends to win what it did.
    fn add_campaigns(&self, rows: &mut Rows) {
        let mut credited: Vec<BTreeMap<(usize, &'static str), i64>> = vec![BTreeMap::new(); self.campaigns.len()];
        for (deal, campaign) in self.deals.iter().zip(&self.credits) {
            if let Some(campaign) = campaign {
                let market = &self.accounts[deal.account].market;
                let won = if deal.status == Status::Won { deal.amount } else { 0 };
                let value = (won + deal.amount / 1000 * WON) / 2;
                *credited[*campaign].entry((market.segment, market.region)).or_default() += value;
            }
        }
        for (place, (campaign, credited)) in self.campaigns.iter().zip(&credited).enumerate() {
            let channel = &CHANNELS[campaign.channel];
            let luck = self.dice("campaign costs", place).around(820, 1180);
            let days = (day_at(campaign.from), campaign.until.map_or(self.company.span.last, day_at) + 1);
            let mut add = |of: Option<usize>, region: Option<&'static str>, amount: i64| {
                let row = Model {
                    kind: Kind::Marketing,
                    campaign_id: Some(self.campaign_id(place)),
                    channel: Some(channel.name.to_owned()),
                    source_id: Some(source_id(channel.source)),
                    segment: of.and_then(segment),
                    region: region.map(str::to_owned),
                    ..Default::default()
                };
                spend(rows, (amount / 100 * 100).max(100), days, row);
            };
            if credited.is_empty() {
                add(campaign.segment, campaign.region, SMALLEST_CAMPAIGN / 1000 * luck);
            }
            for ((segment, region), value) in credited {
                add(Some(*segment), Some(*region), value / (1000 + channel.yields) * luck);
            }
        }
    }

    /// A rep's month, split over the segments that the rep sells to.
    fn add_sales(&self, dice: &mut Dice, month: (Day, Day), rows: &mut Rows) {
        let (span, load) = (&self.company.span, self.company.detail.load);
        for (_, rep) in self.keepers() {
            let days = (month.0.max(rep.from()), rep.left.map_or(month.1, |left| month.1.min(left + 1)));
            if days.0 >= days.1 {
                continue;
            }
            let effort: Vec<i64> =
                rep.segments.iter().zip(EFFORT).map(|(weight, effort)| i64::from(*weight) * effort).collect();
            let salary = SALES * load / 1000 * span.grown(month.0, 35) / 1000 * (700 + rep.skill) / 1000;
            let amount = prorated(self.of_all(salary) * dice.around(920, 1080) / 1000, days);
            for (place, share) in effort.iter().enumerate() {
                let row = Model {
                    kind: Kind::Sales,
                    rep_id: Some(self.company.rep_id(rep.number)),
                    segment: segment(place),
                    region: Some(rep.region.name.to_owned()),
                    ..Default::default()
                };
                spend(rows, amount / 100 * share / effort.iter().sum::<i64>() * 100, days, row);
            }
        }
    }

    /// What it costs to be known in each region and segment.
    fn add_marketing(&self, dice: &mut Dice, month: (Day, Day), rows: &mut Rows) {
        for region in &REGIONS {
            let reps = self.seats.iter().filter(|seat| seat.first).map(|seat| &seat.rep);
            let reps = reps.filter(|rep| rep.region.name == region.name && rep.employed(month.0)).count() as i64;
            for (place, share) in [30, 40, 30].into_iter().enumerate() {
                let mean = MARKETING * self.company.detail.load / 1000 * reps * share / 100;
                let row = Model {
                    kind: Kind::Marketing,
                    channel: Some("web".to_owned()),
                    source_id: Some(source_id(0)),
                    segment: segment(place),
                    region: Some(region.name.to_owned()),
                    ..Default::default()
                };
                spend(rows, prorated(mean * dice.around(900, 1100) / 1000, month), month, row);
            }
        }
    }

    /// What it costs to keep and to help the customers whom each rep looks after.
    fn add_by_customers(&self, dice: &mut Dice, customers: &Customers, month: (Day, Day), rows: &mut Rows) {
        for (&(seat, place, region), times) in &customers.0 {
            for (kind, a_customer) in [(Kind::Retention, RETENTION[place]), (Kind::Service, SERVICE[place])] {
                let mean = self.of_all(a_customer) * times.customers_on(month.0);
                let row = Model {
                    kind,
                    rep_id: Some(self.rep_id(seat)),
                    segment: segment(place),
                    region: Some(region.to_owned()),
                    ..Default::default()
                };
                spend(rows, prorated(mean * dice.around(900, 1100) / 1000, month), month, row);
            }
        }
    }
}

/// When customers came and went, by the seat of the rep who looks after them, segment and region: of reps who keep records.
struct Customers(BTreeMap<(usize, usize, &'static str), Times>);

/// Each in order.
#[derive(Default)]
struct Times {
    came: Vec<Minute>,
    went: Vec<Minute>,
}

impl Customers {
    fn new(branch: &Branch) -> Self {
        let mut all: BTreeMap<_, Times> = BTreeMap::new();
        let recorded =
            branch.accounts.iter().filter(|account| branch.company.keeps_records(branch.rep(account.seat).number));
        for account in recorded {
            let times = all.entry((account.seat, account.market.segment, account.market.region)).or_default();
            times.came.extend(account.tenures.iter().map(|tenure| tenure.from));
            times.went.extend(account.tenures.iter().filter_map(|tenure| tenure.end.map(|(at, _)| at)));
        }
        for times in all.values_mut() {
            times.came.sort_unstable();
            times.went.sort_unstable();
        }
        Self(all)
    }
}

impl Times {
    /// How many customers there were when a day began.
    fn customers_on(&self, day: Day) -> i64 {
        let before = |times: &[Minute]| times.partition_point(|at| *at < midnight(day)) as i64;
        before(&self.came) - before(&self.went)
    }
}
