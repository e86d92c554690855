//! What it costs to win and to keep customers.

use super::calendar::{Day, Minute, day_at, midnight, months};
use super::campaigns::CHANNELS;
use super::dataset::Dataset;
use super::dice::Dice;
use super::vocabulary::REGIONS;
use crate::crm::costs::Kind;
use crate::crm::opportunities::Status;
use std::collections::BTreeMap;

/// What an employed rep costs a month with everybody who helps to sell, in minor units.
const SALES: i64 = 13_500_000;

/// How much of a rep's time a deal of each of SEGMENTS takes, against the first.
const EFFORT: [i64; 3] = [2, 3, 5];

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

/// Money spent on a stretch of time.
pub(super) struct Cost {
    pub kind: Kind,
    /// Number of the rep.
    pub rep: Option<u32>,
    /// Place in the campaigns.
    pub campaign: Option<usize>,
    pub channel: Option<&'static str>,
    pub source: Option<usize>,
    pub segment: Option<usize>,
    pub region: Option<&'static str>,
    /// In minor units.
    pub amount: i64,
    pub from: Minute,
    pub until: Minute,
}

/// All costs by the start of their time.
pub(super) fn costs(data: &Dataset) -> Vec<Cost> {
    let mut costs = Vec::new();
    add_campaigns(data, &mut costs);
    let mut dice = Dice::new(data.options.seed, "costs", 0);
    let customers = Customers::new(data);
    for month in months(data.span.first, data.span.last + 1) {
        add_sales(data, &mut dice, month, &mut costs);
        add_marketing(data, &mut dice, month, &mut costs);
        add_by_customers(&mut dice, &customers, month, &mut costs);
    }
    costs.retain(|cost| cost.amount > 0);
    costs.sort_by_key(|cost| cost.from);
    costs
}

/// In whole dollars, as much as a stretch of days is of a month.
fn prorated(amount: i64, (from, until): (Day, Day)) -> i64 {
    amount * i64::from(until - from) / DAYS_A_MONTH / 100 * 100
}

fn cost(kind: Kind, amount: i64, (from, until): (Day, Day)) -> Cost {
    let (from, until) = (midnight(from), midnight(until));
    let (rep, campaign, channel, source, segment, region) = (None, None, None, None, None, None);
    Cost { kind, rep, campaign, channel, source, segment, region, amount, from, until }
}

/// A campaign costs by segment and region as much as its channel spends to win what it did.
fn add_campaigns(data: &Dataset, costs: &mut Vec<Cost>) {
    let mut credited: Vec<BTreeMap<(usize, &'static str), i64>> =
        data.campaigns.iter().map(|_| BTreeMap::new()).collect();
    for (deal, campaign) in data.deals.iter().zip(&data.deal_campaigns) {
        if let Some(campaign) = campaign {
            let account = &data.accounts[deal.account];
            let won = if deal.status == Status::Won { deal.amount } else { 0 };
            let value = (won + deal.amount / 1000 * WON) / 2;
            *credited[*campaign].entry((account.segment, account.region)).or_default() += value;
        }
    }
    for (place, (campaign, credited)) in data.campaigns.iter().zip(&credited).enumerate() {
        let mut dice = Dice::new(data.options.seed, "campaign costs", place as u32);
        let channel = &CHANNELS[campaign.channel];
        let luck = dice.around(820, 1180);
        let from = day_at(campaign.from);
        let until = campaign.until.map_or(data.span.last, day_at) + 1;
        let mut spend = |segment: Option<usize>, region: Option<&'static str>, amount: i64| {
            costs.push(Cost {
                campaign: Some(place),
                channel: Some(channel.name),
                source: Some(channel.source),
                segment,
                region,
                ..cost(Kind::Marketing, amount / 100 * 100, (from, until))
            });
        };
        if credited.is_empty() {
            spend(campaign.segment, campaign.region, SMALLEST_CAMPAIGN / 1000 * luck);
        }
        for ((segment, region), value) in credited {
            spend(Some(*segment), Some(*region), value / (1000 + channel.yields) * luck);
        }
    }
}

/// A rep's month, split over the segments that the rep sells to.
fn add_sales(data: &Dataset, dice: &mut Dice, month: (Day, Day), costs: &mut Vec<Cost>) {
    for employee in &data.staff {
        let from = month.0.max(employee.from);
        let until = employee.left.map_or(month.1, |left| month.1.min(left + 1));
        if from >= until {
            continue;
        }
        let effort: Vec<i64> =
            employee.rep.segments.iter().zip(EFFORT).map(|(weight, effort)| i64::from(*weight) * effort).collect();
        let salary = SALES * data.span.grown(month.0, 35) / 1000 * (700 + employee.rep.skill) / 1000;
        let amount = prorated(salary * dice.around(920, 1080) / 1000, (from, until));
        for (segment, share) in effort.iter().enumerate() {
            costs.push(Cost {
                rep: Some(employee.rep.number),
                segment: Some(segment),
                region: Some(employee.rep.region.name),
                ..cost(Kind::Sales, amount / 100 * share / effort.iter().sum::<i64>() * 100, (from, until))
            });
        }
    }
}

/// What it costs to be known in each region and segment.
fn add_marketing(data: &Dataset, dice: &mut Dice, month: (Day, Day), costs: &mut Vec<Cost>) {
    for region in &REGIONS {
        let reps = data.staff.iter().filter(|one| one.rep.region.name == region.name && one.employed(month.0));
        let reps = reps.count() as i64;
        for (segment, share) in [30, 40, 30].into_iter().enumerate() {
            let amount = prorated(MARKETING * reps * share / 100 * dice.around(900, 1100) / 1000, month);
            costs.push(Cost {
                channel: Some("web"),
                source: Some(0),
                segment: Some(segment),
                region: Some(region.name),
                ..cost(Kind::Marketing, amount, month)
            });
        }
    }
}

/// What it costs to keep and to help the customers whom each rep looks after.
fn add_by_customers(dice: &mut Dice, customers: &Customers, month: (Day, Day), costs: &mut Vec<Cost>) {
    for (&(rep, segment, region), times) in &customers.0 {
        for (kind, a_customer) in [(Kind::Retention, RETENTION[segment]), (Kind::Service, SERVICE[segment])] {
            let amount = a_customer * times.customers_on(month.0) * dice.around(900, 1100) / 1000;
            costs.push(Cost {
                rep: Some(rep),
                segment: Some(segment),
                region: Some(region),
                ..cost(kind, prorated(amount, month), month)
            });
        }
    }
}

/// When customers came and went, by the rep who looks after them, segment and region.
struct Customers(BTreeMap<(u32, usize, &'static str), Times>);

/// Each in order.
#[derive(Default)]
struct Times {
    came: Vec<Minute>,
    went: Vec<Minute>,
}

impl Customers {
    fn new(data: &Dataset) -> Self {
        let mut all: BTreeMap<_, Times> = BTreeMap::new();
        for account in &data.accounts {
            let times = all.entry((account.rep, account.segment, account.region)).or_default();
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
