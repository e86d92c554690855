use crate::crm;
use crate::generate::draw::Stream;
use crate::generate::keys;
use crate::generate::time::{HOUR, instant};
use crate::generate::vocabulary::NETWORKS;
use crate::generate::world::{Market, World};

impl World {
    /// Half of the visitors are leads.
    pub fn web_session_row(&self, number: u64, of: u64) -> [crm::web_sessions::Model; 1] {
        let mut draw = self.draw(Stream::Session, number);
        let at = self.spread(&mut draw, number, of);
        let known = draw.chance(500).then(|| number * self.leads / of);
        let lead = known.map(|lead| self.lead(lead));
        let market = lead.as_ref().map_or_else(|| Market::draw(&mut draw), |lead| lead.market);
        let pages = draw.between(1, 12);
        [crm::web_sessions::Model {
            id: keys::other("web", number),
            rep_id: lead.as_ref().map(|lead| keys::rep(lead.rep)),
            account_id: lead.as_ref().and_then(|lead| lead.deal.as_ref()).map(|deal| keys::account(deal.account)),
            lead_id: known.map(keys::lead),
            source_id: Some(keys::source(Self::some_source(&mut draw))),
            campaign_id: draw.chance(300).then(|| keys::campaign(self.some_campaign(&mut draw, at))),
            segment: Some(market.segment().into()),
            region: Some(market.region.into()),
            industry: Some(market.industry.into()),
            country: Some(market.country.into()),
            started_at: instant(at),
            duration_seconds: draw.chance(950).then(|| pages * draw.between(5, 90)),
            page_views: pages as i32,
            goal_completed: draw.chance(80),
        }]
    }

    /// Profiles that are looked at every month: of as many reps as a tenth of the deals allows.
    pub fn profiles(&self) -> u64 {
        (self.deals / 10 / self.span.months.len().max(1) as u64).clamp(1, self.reps)
    }

    /// The snapshot of one profile in one month: those of a month follow each other.
    pub fn profile_row(&self, number: u64) -> Option<crm::social_profile_snapshots::Model> {
        let (month, rep) = (number / self.profiles(), number % self.profiles());
        let taken = |month: u64| {
            let (starts, _) = self.span.month(month as usize);
            let hours = self.draw(Stream::Profile, 1 << 40 | rep).between(0, 20 * 24);
            self.span.before_end(starts.max(self.span.start) + hours * HOUR)
        };
        let next = month + 1;
        let replaced = if next < self.span.months.len() as u64 { taken(next) } else { None };
        let taken = taken(month)?;
        let mut draw = self.draw(Stream::Profile, number);
        let sent = draw.between(0, 60);
        Some(crm::social_profile_snapshots::Model {
            id: keys::other("prof", number),
            rep_id: Some(keys::rep(rep)),
            network: Some(NETWORKS[(rep % NETWORKS.len() as u64) as usize].into()),
            followers: Some((100 + 20 * month as i64 + draw.between(0, 15)) as i32),
            strength: draw.chance(950).then(|| 1 + draw.weighted(&[5, 15, 30, 30, 20]) as i32),
            profile_views: draw.between(0, 200) as i32,
            requests_sent: sent as i32,
            requests_accepted: (sent * draw.between(20, 70) / 100) as i32,
            inbound_requests: draw.between(0, 12) as i32,
            taken_at: instant(taken),
            replaced_at: replaced.map(instant),
        })
    }

    pub fn social_post_row(&self, number: u64, of: u64) -> [crm::social_posts::Model; 1] {
        let mut draw = self.draw(Stream::Post, number);
        let at = self.spread(&mut draw, number, of);
        [crm::social_posts::Model {
            id: keys::other("post", number),
            rep_id: Some(keys::rep(self.some_rep(&mut draw))),
            network: Some(draw.pick(&NETWORKS).into()),
            shares: draw.between(0, 20) as i32,
            comments: draw.between(0, 30) as i32,
            likes: draw.between(0, 200) as i32,
            published_at: instant(at),
        }]
    }
}
