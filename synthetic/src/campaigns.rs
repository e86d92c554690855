//! Campaigns, what they are credited with, and who responds to them.

use crate::branch::Branch;
use crate::calendar::{Day, MINUTES_A_DAY, Minute, date_of, day_at, instant};
use crate::keys::{segment, source_id, time};
use crate::records::Campaign;
use crate::reps::Rep;
use chrono::Datelike;
use crm_kpi_crm::{campaign_responses, campaigns};

/// What campaigns go through.
pub(crate) struct Channel {
    pub name: &'static str,
    label: &'static str,
    /// Where the business that it brings comes from: a place in SOURCES.
    pub source: usize,
    /// Shortest and longest run in days.
    days: (i64, i64),
    /// What it yields beyond its cost, in per mille of the cost.
    pub yields: i64,
    /// Whether its campaigns are held in one region each.
    regional: bool,
    /// Whether the last campaign still runs.
    lasting: bool,
}

const fn channel(name: &'static str, label: &'static str, source: usize, days: (i64, i64), yields: i64) -> Channel {
    Channel { name, label, source, days, yields, regional: false, lasting: false }
}

pub(crate) const CHANNELS: [Channel; 6] = [
    channel("email", "mailing", 3, (70, 110), 4_200),
    Channel { lasting: true, ..channel("search", "search ads", 4, (110, 160), 900) },
    channel("social", "social ads", 0, (45, 80), -450),
    Channel { regional: true, ..channel("event", "fair", 2, (60, 100), 150) },
    channel("webinar", "webinar", 1, (60, 110), 2_400),
    Channel { regional: true, lasting: true, ..channel("partner", "with partners", 6, (100, 150), 1_700) },
];

/// Two a year through each channel, by their start.
pub(crate) fn campaigns(branch: &Branch) -> Vec<Campaign> {
    const THEMES: [&str; 4] = ["Ledger", "Insight", "Connect", "Terminal"];
    let span = &branch.company.span;
    let slots = 2 * branch.company.options().years as Day;
    let mut campaigns = Vec::new();
    for (place, channel) in CHANNELS.iter().enumerate() {
        let mut dice = branch.dice("campaigns", place);
        for slot in 0..slots {
            let day = span.first + slot * (span.last - span.first) / slots + dice.between(0, 50) as Day;
            let seat = branch.some_seat(&mut dice, |rep: &Rep| rep.left.is_none() && rep.employed(day));
            let boss = branch.rep(seat);
            let from = boss.time_around(&mut dice, day);
            let days = dice.between(channel.days.0, channel.days.1);
            let until = boss.closing(day_at(from) + days as Day);
            let lasts = (channel.lasting && slot == slots - 1) || until >= span.end;
            let theme = THEMES[(slot as usize + place) % THEMES.len()];
            let date = date_of(day_at(from));
            campaigns.push(Campaign {
                name: format!("{theme} {} {}-{:02}", channel.label, date.year(), date.month()),
                channel: place,
                region: channel.regional.then_some(boss.region.name),
                segment: (channel.name == "email" && slot % 3 == 2).then_some(0),
                seat,
                from,
                until: (!lasts).then_some(until),
            });
        }
    }
    campaigns.sort_by_key(|campaign| campaign.from);
    campaigns
}

/// The campaign that each deal is credited to.
pub(crate) fn credits(branch: &Branch) -> Vec<Option<usize>> {
    let credit = branch.deals.iter().map(|deal| {
        let market = &branch.accounts[deal.account].market;
        branch.running(deal.source, (market.segment, market.region), deal.created)
    });
    credit.collect()
}

impl Branch<'_> {
    /// The latest campaign that ran for such companies, through a channel of that source.
    pub(crate) fn running(&self, source: usize, (segment, region): (usize, &str), at: Minute) -> Option<usize> {
        self.campaigns.iter().rposition(|campaign| {
            CHANNELS[campaign.channel].source == source && campaign.runs(at) && campaign.is_for(segment, region)
        })
    }

    /// Campaigns by start.
    pub fn campaigns(&self) -> impl Iterator<Item = campaigns::Model> {
        self.campaigns.iter().enumerate().map(|(place, campaign)| campaigns::Model {
            id: self.campaign_id(place),
            name: campaign.name.clone(),
            channel: Some(CHANNELS[campaign.channel].name.to_owned()),
            source_id: Some(source_id(CHANNELS[campaign.channel].source)),
            rep_id: Some(self.rep_id(campaign.seat)),
            segment: campaign.segment.and_then(segment),
            region: campaign.region.map(str::to_owned),
            starts_at: Some(instant(campaign.from)),
            ends_at: time(campaign.until),
            ..Default::default()
        })
    }

    /// Responses by campaign and time: of the leads that it brought, and of others of whom no lead came.
    pub fn campaign_responses(&self) -> impl Iterator<Item = campaign_responses::Model> {
        let mut leads: Vec<Vec<usize>> = vec![Vec::new(); self.campaigns.len()];
        for (place, lead) in self.leads.iter().enumerate() {
            if let Some(campaign) = lead.campaign {
                leads[campaign].push(place);
            }
        }
        leads.into_iter().enumerate().flat_map(|(place, leads)| {
            let responses = self.responses(place, &leads);
            (1..).zip(responses).map(|(number, (_, row))| campaign_responses::Model { number, ..row })
        })
    }

    fn responses(&self, place: usize, leads: &[usize]) -> Vec<(Minute, campaign_responses::Model)> {
        let campaign = &self.campaigns[place];
        let row = |at: Minute, seat: Option<usize>, account: Option<usize>, lead: Option<usize>| {
            let row = campaign_responses::Model {
                campaign_id: self.campaign_id(place),
                rep_id: seat.map(|seat| self.rep_id(seat)),
                account_id: account.map(|account| self.account_id(account)),
                lead_id: lead.map(|lead| self.lead_id(lead)),
                responded_at: instant(at),
                ..Default::default()
            };
            (at, row)
        };
        let mut responses = Vec::new();
        for lead_place in leads {
            let lead = &self.leads[*lead_place];
            let account = lead.deal.map(|deal| self.deals[deal].account);
            responses.push(row(lead.created, Some(lead.seat), account, Some(*lead_place)));
        }
        let mut dice = self.dice("responses", place);
        let minutes = campaign.until.unwrap_or(self.company.span.end) - campaign.from;
        for _ in 0..leads.len() as i64 / 2 + dice.between(4, 12) {
            let at = campaign.from + dice.between(0, (minutes - 1).min(400 * MINUTES_A_DAY));
            let account = if dice.chance(600) { self.some_customer(&mut dice, at) } else { None };
            let account = account.filter(|account| {
                let market = &self.accounts[*account].market;
                campaign.is_for(market.segment, market.region)
            });
            responses.push(row(at, account.map(|account| self.accounts[account].seat), account, None));
        }
        responses.sort_by_key(|(at, _)| *at);
        responses
    }
}
