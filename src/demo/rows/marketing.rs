use super::keys::{account_id, campaign_id, lead_id, rep_id, source_id};
use super::leads::{email, person};
use super::{CURRENCY, account_name};
use crate::crm;
use crate::demo::audience::{Mailing, Subscriber};
use crate::demo::calendar::instant;
use crate::demo::campaigns::CHANNELS;
use crate::demo::dataset::Dataset;
use crate::demo::names;
use crate::demo::vocabulary::{INDUSTRIES, SEGMENTS};
use crate::demo::web::{Visit, visits};

impl Dataset {
    /// Campaigns by start.
    pub fn campaigns(&self) -> impl Iterator<Item = crm::campaigns::Model> {
        self.campaigns.iter().enumerate().map(|(place, campaign)| crm::campaigns::Model {
            id: campaign_id(place),
            name: campaign.name.clone(),
            channel: Some(CHANNELS[campaign.channel].name.to_owned()),
            source_id: Some(source_id(CHANNELS[campaign.channel].source)),
            rep_id: Some(rep_id(campaign.rep)),
            segment: campaign.segment.map(|segment| SEGMENTS[segment].to_owned()),
            region: campaign.region.map(str::to_owned),
            industry: None,
            country: None,
            starts_at: Some(instant(campaign.from)),
            ends_at: campaign.until.map(instant),
        })
    }

    /// Responses by campaign and time.
    pub fn campaign_responses(&self) -> impl Iterator<Item = crm::campaign_responses::Model> {
        self.responses.iter().enumerate().flat_map(|(place, responses)| {
            (1..).zip(responses).map(move |(number, response)| crm::campaign_responses::Model {
                campaign_id: campaign_id(place),
                number,
                rep_id: response.rep.map(rep_id),
                account_id: response.account.map(account_id),
                lead_id: response.lead.map(lead_id),
                responded_at: instant(response.at),
            })
        })
    }

    /// Costs by the start of their time.
    pub fn costs(&self) -> impl Iterator<Item = crm::costs::Model> {
        self.costs.iter().enumerate().map(|(place, cost)| crm::costs::Model {
            id: format!("cost-{:07}", place + 1),
            kind: cost.kind,
            rep_id: cost.rep.map(rep_id),
            campaign_id: cost.campaign.map(campaign_id),
            channel: cost.channel.map(str::to_owned),
            source_id: cost.source.map(source_id),
            account_id: None,
            segment: cost.segment.map(|segment| SEGMENTS[segment].to_owned()),
            region: cost.region.map(str::to_owned),
            industry: None,
            country: None,
            amount_minor: cost.amount,
            currency: CURRENCY.to_owned(),
            starts_at: instant(cost.from),
            ends_at: Some(instant(cost.until)),
        })
    }

    /// Referrals by time.
    pub fn referrals(&self) -> impl Iterator<Item = crm::referrals::Model> {
        self.referrals.iter().enumerate().map(|(place, referral)| crm::referrals::Model {
            id: format!("ref-{:07}", place + 1),
            account_id: Some(account_id(referral.account)),
            rep_id: Some(rep_id(referral.rep)),
            lead_id: referral.lead.map(lead_id),
            referred_at: instant(referral.at),
        })
    }

    /// Visits to the website by time.
    pub fn web_sessions(&self) -> impl Iterator<Item = crm::web_sessions::Model> {
        visits(self).enumerate().map(|(place, visit)| self.web_session(place, &visit))
    }

    fn web_session(&self, place: usize, visit: &Visit) -> crm::web_sessions::Model {
        let account = visit.account.map(|place| &self.accounts[place]);
        let lead = visit.lead.map(|place| &self.leads[place]);
        let region = self.staff[visit.near as usize].rep.region.name;
        let segment = account.map(|known| known.segment).or(lead.map(|known| known.company.segment));
        let industry = account.map(|known| known.industry).or(lead.map(|known| known.company.industry));
        let region = account.map(|known| known.region).or(lead.map(|known| known.company.region)).unwrap_or(region);
        let country = account.map(|known| known.country).or(lead.map(|known| known.company.country));
        crm::web_sessions::Model {
            id: format!("web-{:08}", place + 1),
            rep_id: account.map(|known| known.rep).or(lead.map(|known| known.rep)).map(rep_id),
            account_id: visit.account.map(account_id),
            lead_id: visit.lead.map(lead_id),
            source_id: Some(source_id(visit.source)),
            campaign_id: visit.campaign.map(campaign_id),
            segment: segment.map(|segment| SEGMENTS[segment].to_owned()),
            region: Some(region.to_owned()),
            industry: industry.map(|industry| INDUSTRIES[industry].0.to_owned()),
            country: Some(country.unwrap_or(visit.country).to_owned()),
            started_at: instant(visit.at),
            duration_seconds: visit.seconds,
            page_views: visit.pages,
            goal_completed: visit.goal,
        }
    }

    /// Addresses on mailing lists, by when they were put there.
    pub fn mailing_list_subscriptions(&self) -> impl Iterator<Item = crm::mailing_list_subscriptions::Model> {
        self.mailings.iter().enumerate().map(|(place, mailing)| self.mailing(place, mailing))
    }

    fn mailing(&self, place: usize, mailing: &Mailing) -> crm::mailing_list_subscriptions::Model {
        let row = crm::mailing_list_subscriptions::Model {
            id: format!("mail-{:07}", place + 1),
            email: None,
            list: Some(mailing.list.to_owned()),
            rep_id: None,
            account_id: None,
            lead_id: None,
            source_id: None,
            campaign_id: None,
            segment: None,
            region: None,
            industry: None,
            country: None,
            subscribed_at: instant(mailing.from),
            unsubscribed_at: mailing.until.map(instant),
        };
        let name = person(place);
        match mailing.who {
            Subscriber::Unknown => {
                let number = self.accounts.len() + self.leads.len() + place;
                let company = names::account(number as u32, place % INDUSTRIES.len());
                crm::mailing_list_subscriptions::Model { email: Some(email(&name, &company)), ..row }
            }
            Subscriber::Lead(lead_place) => {
                let lead = &self.leads[lead_place];
                crm::mailing_list_subscriptions::Model {
                    email: self.lead_email(lead_place),
                    rep_id: Some(rep_id(lead.rep)),
                    lead_id: Some(lead_id(lead_place)),
                    source_id: Some(source_id(lead.source)),
                    campaign_id: lead.campaign.map(campaign_id),
                    segment: Some(SEGMENTS[lead.company.segment].to_owned()),
                    region: Some(lead.company.region.to_owned()),
                    industry: Some(INDUSTRIES[lead.company.industry].0.to_owned()),
                    country: Some(lead.company.country.to_owned()),
                    ..row
                }
            }
            Subscriber::Customer(account_place) => {
                let account = &self.accounts[account_place];
                crm::mailing_list_subscriptions::Model {
                    email: Some(email("office", &account_name(account_place, account))),
                    rep_id: Some(rep_id(account.rep)),
                    account_id: Some(account_id(account_place)),
                    source_id: Some(source_id(account.source)),
                    segment: Some(SEGMENTS[account.segment].to_owned()),
                    region: Some(account.region.to_owned()),
                    industry: Some(INDUSTRIES[account.industry].0.to_owned()),
                    country: Some(account.country.to_owned()),
                    ..row
                }
            }
        }
    }
}
