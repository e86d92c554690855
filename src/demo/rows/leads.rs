use super::account_name;
use super::keys::{account_id, campaign_id, deal_id, lead_id, rep_id, source_id};
use crate::crm;
use crate::crm::leads::Status;
use crate::demo::calendar::instant;
use crate::demo::dataset::Dataset;
use crate::demo::leads::Lead;
use crate::demo::names;
use crate::demo::options::Options;
use crate::demo::vocabulary::{INDUSTRIES, SEGMENTS};

impl Dataset {
    /// Leads by creation.
    pub fn leads(&self) -> impl Iterator<Item = crm::leads::Model> {
        self.leads.iter().enumerate().map(|(place, lead)| {
            let company = self.company_name(place, lead);
            let name = person(place);
            crm::leads::Model {
                id: lead_id(place),
                email: Some(email(&name, &company)),
                name: Some(name),
                company: Some(company),
                rep_id: Some(rep_id(lead.rep)),
                source_id: Some(source_id(lead.source)),
                campaign_id: lead.campaign.map(campaign_id),
                account_id: lead.deal.map(|deal| account_id(self.deals[deal].account)),
                opportunity_id: lead.deal.map(deal_id),
                segment: Some(SEGMENTS[lead.company.segment].to_owned()),
                region: Some(lead.company.region.to_owned()),
                industry: Some(INDUSTRIES[lead.company.industry].0.to_owned()),
                country: Some(lead.company.country.to_owned()),
                status: lead.status(),
                created_at: instant(lead.created),
                qualified_at: lead.reached(Status::Qualified).map(instant),
                converted_at: lead.reached(Status::Converted).map(instant),
            }
        })
    }

    /// The history of every lead, without gaps.
    pub fn lead_stages(&self) -> impl Iterator<Item = crm::lead_stages::Model> {
        self.leads.iter().enumerate().flat_map(|(place, lead)| {
            let entered = std::iter::once((Status::New, lead.created)).chain(lead.steps.iter().copied());
            let left = lead.steps.iter().map(|(_, at)| Some(*at)).chain([None]);
            (1..).zip(entered.zip(left)).map(move |(number, ((status, entered), left))| crm::lead_stages::Model {
                lead_id: lead_id(place),
                number,
                status,
                rep_id: Some(rep_id(lead.rep)),
                entered_at: Some(instant(entered)),
                left_at: left.map(instant),
            })
        })
    }

    /// What the lead's company is called.
    fn company_name(&self, place: usize, lead: &Lead) -> String {
        match lead.deal.map(|deal| self.deals[deal].account) {
            Some(account) => account_name(account, &self.accounts[account]),
            None => names::account((self.accounts.len() + place) as u32, lead.company.industry),
        }
    }

    /// The lead's e-mail address.
    pub(super) fn lead_email(&self, place: usize) -> Option<String> {
        let lead = self.leads.get(place)?;
        Some(email(&person(place), &self.company_name(place, lead)))
    }
}

/// A name, seldom one of a rep's.
pub(super) fn person(place: usize) -> String {
    names::rep(Options::MAX_REPS + place as u32)
}

/// An address that cannot exist: of the domain reserved for examples.
pub(super) fn email(name: &str, company: &str) -> String {
    let plain = |text: &str, gap: char| {
        let words = text.split(' ').map(|word| word.trim_end_matches('.').to_lowercase());
        words.collect::<Vec<_>>().join(&gap.to_string())
    };
    format!("{}@{}.example", plain(name, '.'), plain(company, '-'))
}
