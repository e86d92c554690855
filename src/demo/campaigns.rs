//! Campaigns, and what they are credited with.

use super::calendar::{Day, MINUTES_A_DAY, Minute, date_of, day_at};
use super::dataset::Dataset;
use super::dice::Dice;
use chrono::Datelike;

/// What campaigns go through.
pub(super) struct Channel {
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

pub(super) const CHANNELS: [Channel; 6] = [
    Channel {
        name: "email",
        label: "mailing",
        source: 3,
        days: (70, 110),
        yields: 4_200,
        regional: false,
        lasting: false,
    },
    Channel {
        name: "search",
        label: "search ads",
        source: 4,
        days: (110, 160),
        yields: 900,
        regional: false,
        lasting: true,
    },
    Channel {
        name: "social",
        label: "social ads",
        source: 0,
        days: (45, 80),
        yields: -450,
        regional: false,
        lasting: false,
    },
    Channel { name: "event", label: "fair", source: 2, days: (60, 100), yields: 150, regional: true, lasting: false },
    Channel {
        name: "webinar",
        label: "webinar",
        source: 1,
        days: (60, 110),
        yields: 2_400,
        regional: false,
        lasting: false,
    },
    Channel {
        name: "partner",
        label: "with partners",
        source: 6,
        days: (100, 150),
        yields: 1_700,
        regional: true,
        lasting: true,
    },
];

/// A marketing campaign.
pub(super) struct Campaign {
    pub name: String,
    /// Place in CHANNELS.
    pub channel: usize,
    /// The only region that it is for.
    pub region: Option<&'static str>,
    /// The only segment that it is for.
    pub segment: Option<usize>,
    /// Number of the rep who runs it.
    pub rep: u32,
    pub from: Minute,
    /// Unset while it runs.
    pub until: Option<Minute>,
}

impl Campaign {
    pub fn runs(&self, at: Minute) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// When it ended, or the data do.
    pub fn end(&self, data: &Dataset) -> Minute {
        self.until.unwrap_or(data.span.end)
    }
}

/// Two a year through each channel, by their start.
pub(super) fn campaigns(data: &Dataset) -> Vec<Campaign> {
    const THEMES: [&str; 4] = ["Ledger", "Insight", "Connect", "Terminal"];
    let (span, reps) = (&data.span, data.options.reps());
    let slots = 2 * data.options.years() as Day;
    let mut campaigns = Vec::new();
    for (place, channel) in CHANNELS.iter().enumerate() {
        let mut dice = Dice::new(data.options.seed, "campaigns", place as u32);
        for slot in 0..slots {
            let day = span.first + slot * (span.last - span.first) / slots + dice.between(0, 50) as Day;
            let rep = (0..reps).map(|_| dice.below(reps)).find(|rep| data.staff[*rep as usize].employed(day));
            let boss = &data.staff[rep.unwrap_or(0) as usize].rep;
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
                rep: boss.number,
                from,
                until: (!lasts).then_some(until),
            });
        }
    }
    campaigns.sort_by_key(|campaign| campaign.from);
    campaigns
}

/// The latest campaign that ran for such companies, through a channel of that source.
pub(super) fn running(
    campaigns: &[Campaign],
    source: usize,
    (segment, region): (usize, &str),
    at: Minute,
) -> Option<usize> {
    campaigns.iter().rposition(|campaign| {
        CHANNELS[campaign.channel].source == source
            && campaign.runs(at)
            && campaign.region.is_none_or(|own| own == region)
            && campaign.segment.is_none_or(|own| own == segment)
    })
}

/// The campaign that each deal is credited to.
pub(super) fn deal_campaigns(data: &Dataset) -> Vec<Option<usize>> {
    let credit = data.deals.iter().map(|deal| {
        let account = &data.accounts[deal.account];
        running(&data.campaigns, deal.source, (account.segment, account.region), deal.created)
    });
    credit.collect()
}

/// Somebody's answer to a campaign.
pub(super) struct Response {
    pub rep: Option<u32>,
    /// Place in the accounts.
    pub account: Option<usize>,
    /// Place in the leads.
    pub lead: Option<usize>,
    pub at: Minute,
}

/// The responses to each campaign, by time: leads that it brought, and others of whom no lead came.
pub(super) fn responses(data: &Dataset) -> Vec<Vec<Response>> {
    let mut responses: Vec<Vec<Response>> = data.campaigns.iter().map(|_| Vec::new()).collect();
    for (place, lead) in data.leads.iter().enumerate() {
        if let Some(campaign) = lead.campaign {
            let account = lead.deal.map(|deal| data.deals[deal].account);
            responses[campaign].push(Response { rep: Some(lead.rep), account, lead: Some(place), at: lead.created });
        }
    }
    for (place, (campaign, responses)) in data.campaigns.iter().zip(&mut responses).enumerate() {
        let mut dice = Dice::new(data.options.seed, "responses", place as u32);
        let minutes = campaign.end(data) - campaign.from;
        for _ in 0..responses.len() as i64 / 2 + dice.between(4, 12) {
            let at = campaign.from + dice.between(0, (minutes - 1).min(400 * MINUTES_A_DAY));
            let account = if dice.chance(600) { data.some_customer(&mut dice, at) } else { None };
            let account = account.filter(|place| {
                let account = &data.accounts[*place];
                campaign.region.is_none_or(|region| region == account.region)
                    && campaign.segment.is_none_or(|segment| segment == account.segment)
            });
            let rep = account.map(|account| data.accounts[account].rep);
            responses.push(Response { rep, account, lead: None, at });
        }
        responses.sort_by_key(|response| response.at);
    }
    responses
}
