use crate::crm;
use crate::crm::costs::Kind;
use crate::generate::draw::{Draw, Stream};
use crate::generate::keys;
use crate::generate::time::{Second, instant};
use crate::generate::vocabulary::{CHANNELS, CURRENCY};
use crate::generate::world::{Market, World};

/// What money is spent for.
const KINDS: [Kind; 4] = [Kind::Marketing, Kind::Sales, Kind::Retention, Kind::Service];

impl World {
    pub const CAMPAIGNS: u64 = 40;

    /// Campaigns that run at a time.
    const AT_ONCE: u64 = 4;

    /// A campaign that runs then; before all of them the first.
    pub fn some_campaign(&self, draw: &mut Draw, at: Second) -> u64 {
        let passed = (at - self.span.start).max(0).unsigned_abs();
        let latest = passed * Self::CAMPAIGNS / (self.span.end - self.span.start).unsigned_abs().max(1);
        latest.min(Self::CAMPAIGNS - 1).saturating_sub(draw.below(Self::AT_ONCE))
    }

    /// When a campaign starts and ends.
    fn campaign_time(&self, number: u64) -> (Second, Second) {
        let part = |number| self.span.part(number, Self::CAMPAIGNS);
        (part(number), part(number + Self::AT_ONCE))
    }

    pub fn campaign_row(&self, number: u64) -> [crm::campaigns::Model; 1] {
        let mut draw = self.draw(Stream::Campaign, number);
        let market = Market::draw(&mut draw);
        let (starts, ends) = self.campaign_time(number);
        [crm::campaigns::Model {
            id: keys::campaign(number),
            name: format!("Campaign {}", number + 1),
            channel: Some(CHANNELS[(number % CHANNELS.len() as u64) as usize].into()),
            source_id: Some(keys::source(number % 5)),
            rep_id: Some(keys::rep(self.some_rep(&mut draw))),
            segment: Some(market.segment().into()),
            region: Some(market.region.into()),
            industry: Some(market.industry.into()),
            country: Some(market.country.into()),
            starts_at: Some(instant(starts)),
            ends_at: self.span.before_end(ends).map(instant),
        }]
    }

    /// A response, of as many to each campaign.
    pub fn campaign_response_row(&self, number: u64, of: u64) -> [crm::campaign_responses::Model; 1] {
        let mut draw = self.draw(Stream::Response, number);
        let of_each = of / Self::CAMPAIGNS;
        let (campaign, place) = (number / of_each, number % of_each);
        let (starts, ends) = self.campaign_time(campaign);
        let at = draw.between(starts, ends.min(self.span.end) - 1);
        let account = draw.below(self.accounts);
        let lead = draw.chance(400).then(|| draw.below(self.leads));
        [crm::campaign_responses::Model {
            campaign_id: keys::campaign(campaign),
            number: place as i32 + 1,
            rep_id: Some(keys::rep(self.account(account).rep)),
            account_id: Some(keys::account(account)),
            lead_id: lead.map(keys::lead),
            responded_at: instant(at),
        }]
    }

    /// What a rep, or a campaign, costs in a month.
    pub fn cost_row(&self, number: u64, of: u64) -> [crm::costs::Model; 1] {
        let mut draw = self.draw(Stream::Cost, number);
        let market = Market::draw(&mut draw);
        let month = (number * self.span.months.len() as u64 / of) as usize;
        let (starts, ends) = self.span.month(month);
        let kind = KINDS[(number % KINDS.len() as u64) as usize];
        let campaign = (kind == Kind::Marketing && draw.chance(500)).then(|| self.some_campaign(&mut draw, starts));
        let account = (kind == Kind::Retention).then(|| draw.below(self.accounts));
        let rep = account.map(|account| self.account(account).rep).unwrap_or_else(|| self.some_rep(&mut draw));
        [crm::costs::Model {
            id: keys::other("cost", number),
            kind,
            rep_id: Some(keys::rep(rep)),
            campaign_id: campaign.map(keys::campaign),
            channel: (kind == Kind::Marketing).then(|| draw.pick(&CHANNELS).into()),
            source_id: (kind == Kind::Marketing).then(|| keys::source(Self::some_source(&mut draw))),
            account_id: account.map(keys::account),
            segment: Some(market.segment().into()),
            region: Some(market.region.into()),
            industry: Some(market.industry.into()),
            country: Some(market.country.into()),
            amount_minor: draw.between(2_000, 40_000) * 100,
            currency: CURRENCY.into(),
            starts_at: instant(starts),
            ends_at: Some(instant(ends)),
        }]
    }
}
