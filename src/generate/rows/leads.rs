use crate::crm;
use crate::crm::leads::Status;
use crate::generate::draw::Stream;
use crate::generate::keys;
use crate::generate::time::{DAY, instant};
use crate::generate::vocabulary::{COMPANY_NAMES, FIRST_NAMES, LAST_NAMES, LISTS};
use crate::generate::world::World;

impl World {
    pub fn lead_row(&self, number: u64) -> [crm::leads::Model; 1] {
        let mut lead = self.lead(number);
        let created = lead.created();
        let campaign = lead.draw.chance(400).then(|| self.some_campaign(&mut lead.draw, created));
        let (first, last) = (lead.draw.pick(&FIRST_NAMES), lead.draw.pick(&LAST_NAMES));
        [crm::leads::Model {
            id: keys::lead(number),
            name: Some(format!("{first} {last} {}", number + 1)),
            email: Some(format!("{}.{}@example.com", first.to_lowercase(), number + 1)),
            company: Some(lead.draw.pick(&COMPANY_NAMES).into()),
            rep_id: Some(keys::rep(lead.rep)),
            source_id: Some(keys::source(lead.source)),
            campaign_id: campaign.map(keys::campaign),
            account_id: lead.deal.as_ref().map(|deal| keys::account(deal.account)),
            opportunity_id: lead.deal.as_ref().map(|deal| keys::deal(deal.number)),
            segment: Some(lead.market.segment().into()),
            region: Some(lead.market.region.into()),
            industry: Some(lead.market.industry.into()),
            country: Some(lead.market.country.into()),
            status: lead.status(),
            created_at: instant(created),
            qualified_at: lead.at(Status::Qualified).map(instant),
            converted_at: lead.at(Status::Converted).map(instant),
        }]
    }

    pub fn lead_stage_rows(&self, number: u64) -> impl Iterator<Item = crm::lead_stages::Model> {
        let lead = self.lead(number);
        let left: Vec<_> = lead.steps.iter().skip(1).map(|(_, at)| *at).collect();
        (1..).zip(lead.steps).map(move |(place, (status, entered))| crm::lead_stages::Model {
            lead_id: keys::lead(number),
            number: place,
            status,
            rep_id: Some(keys::rep(lead.rep)),
            entered_at: Some(instant(entered)),
            left_at: left.get(place as usize - 1).copied().map(instant),
        })
    }

    /// A referral, by a customer or somebody who may become one; some lead to a lead.
    pub fn referral_row(&self, number: u64, of: u64) -> [crm::referrals::Model; 1] {
        let mut draw = self.draw(Stream::Referral, number);
        let at = self.spread(&mut draw, number, of);
        let account = draw.below(self.accounts);
        let lead = draw.chance(600).then(|| number * self.leads / of);
        [crm::referrals::Model {
            id: keys::other("ref", number),
            account_id: Some(keys::account(account)),
            rep_id: Some(keys::rep(self.account(account).rep)),
            lead_id: lead.map(keys::lead),
            referred_at: instant(at),
        }]
    }

    pub fn mailing_list_row(&self, number: u64, of: u64) -> [crm::mailing_list_subscriptions::Model; 1] {
        let mut draw = self.draw(Stream::Listed, number);
        let at = self.spread(&mut draw, number, of);
        let lead_number = number * self.leads / of;
        let lead = self.lead(lead_number);
        let left = draw.chance(250).then(|| at + draw.between(DAY, 600 * DAY));
        [crm::mailing_list_subscriptions::Model {
            id: keys::other("sbs", number),
            email: Some(format!("reader.{}@example.com", number + 1)),
            list: Some(draw.pick(&LISTS).into()),
            rep_id: Some(keys::rep(lead.rep)),
            account_id: lead.deal.as_ref().map(|deal| keys::account(deal.account)),
            lead_id: Some(keys::lead(lead_number)),
            source_id: Some(keys::source(lead.source)),
            campaign_id: draw.chance(300).then(|| keys::campaign(self.some_campaign(&mut draw, at))),
            segment: Some(lead.market.segment().into()),
            region: Some(lead.market.region.into()),
            industry: Some(lead.market.industry.into()),
            country: Some(lead.market.country.into()),
            subscribed_at: instant(at),
            unsubscribed_at: left.and_then(|at| self.span.before_end(at)).map(instant),
        }]
    }
}
