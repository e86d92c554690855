//! Who recommends and who wants to be written to: referrals and mailing lists.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, MINUTES_A_DAY, Minute, day_at, instant, midnight};
use crate::dice::Dice;
use crate::keys::{source_id, time};
use crate::names;
use crate::vocabulary::{INDUSTRIES, REFERRAL, WEBINAR};
use crm_kpi_crm::{mailing_list_subscriptions, referrals};

/// How many subscribers unsubscribe in a month, in per mille.
const UNSUBSCRIBE: i64 = 12;

/// Subscribers for each thousand deals of a year who came before the first day, and how many days before it at most.
const EARLIER_SUBSCRIBERS: i64 = 400;
const EARLIER_DAYS: i64 = 730;

impl Branch<'_> {
    /// Referrals by time: the leads that came through one, and some that came to nothing.
    pub fn referrals(&self) -> impl Iterator<Item = referrals::Model> {
        let mut dice = self.dice("referrals", 0);
        let books = self.accounts_by_seat();
        let mut referrals = Vec::new();
        let row = |at: Minute, seat: usize, account: usize, lead: Option<usize>| {
            let row = referrals::Model {
                account_id: Some(self.account_id(account)),
                rep_id: Some(self.rep_id(seat)),
                lead_id: lead.map(|lead| self.lead_id(lead)),
                referred_at: instant(at),
                ..Default::default()
            };
            (at, row)
        };
        for (place, lead) in self.leads.iter().enumerate().filter(|(_, lead)| lead.source == REFERRAL) {
            let own = lead.deal.map(|deal| self.deals[deal].account);
            let book = &books[lead.seat];
            let referrer = (0..12)
                .filter(|_| !book.is_empty())
                .map(|_| dice.pick(book))
                .find(|account| Some(*account) != own && self.accounts[*account].is_customer(lead.created));
            let Some(account) = referrer else { continue };
            referrals.push(row(lead.created, lead.seat, account, Some(place)));
            let later = lead.created + dice.between(1, 30 * MINUTES_A_DAY);
            let at = self.rep(lead.seat).time_around(&mut dice, day_at(later)).max(lead.created);
            if dice.chance(200) && at < self.company.span.end && self.accounts[account].is_customer(at) {
                referrals.push(row(at, lead.seat, account, None));
            }
        }
        by_time(referrals).map(|(place, row)| referrals::Model { id: self.id("ref", place), ..row })
    }

    /// Addresses on mailing lists, by when they were put there: of people who are not known, of leads and of customers.
    pub fn mailing_list_subscriptions(&self) -> impl Iterator<Item = mailing_list_subscriptions::Model> {
        let span = &self.company.span;
        let mut dice = self.dice("mailing lists", 0);
        let mut rows = Vec::new();
        let a_year = self.deals.len() as i64 / i64::from(self.company.options().years);
        for number in 0..dice.rounded(a_year * EARLIER_SUBSCRIBERS) as usize {
            let day = span.first - dice.between(1, EARLIER_DAYS) as Day;
            let from = midnight(day) + dice.between(6 * 60, 23 * 60);
            // Behind the companies of accounts and leads.
            let place = self.accounts.len() + self.leads.len() + number;
            let company = names::company(self.unique(place), number % INDUSTRIES.len());
            let email = names::email(&names::person(self.person(number)), &company);
            rows.push(self.listed(&mut dice, "Newsletter", email, from));
        }
        for (place, lead) in self.leads.iter().enumerate() {
            if lead.created < midnight(span.first) || !dice.chance(300) {
                continue;
            }
            let list = if lead.source == WEBINAR { "Events" } else { "Newsletter" };
            let (from, row) = self.listed(&mut dice, list, self.lead_email(place, lead), lead.created);
            let (segment, region, industry, country) = lead.market.words();
            let row = mailing_list_subscriptions::Model {
                rep_id: Some(self.rep_id(lead.seat)),
                lead_id: Some(self.lead_id(place)),
                source_id: Some(source_id(lead.source)),
                campaign_id: lead.campaign.map(|campaign| self.campaign_id(campaign)),
                segment,
                region,
                industry,
                country,
                ..row
            };
            rows.push((from, row));
        }
        for (place, account) in self.accounts.iter().enumerate() {
            let Some(tenure) = account.tenures.first() else { continue };
            if !dice.chance(400) {
                continue;
            }
            let email = names::email("office", &self.account_name(place));
            let (from, row) = self.listed(&mut dice, "Customer letter", email, tenure.from);
            let (segment, region, industry, country) = account.market.words();
            let row = mailing_list_subscriptions::Model {
                rep_id: Some(self.rep_id(account.seat)),
                account_id: Some(self.account_id(place)),
                source_id: Some(source_id(account.source)),
                segment,
                region,
                industry,
                country,
                ..row
            };
            rows.push((from, row));
        }
        by_time(rows).map(|(place, row)| mailing_list_subscriptions::Model { id: self.id("mail", place), ..row })
    }

    /// An address from when it was put on a list until it was taken off.
    fn listed(
        &self,
        dice: &mut Dice,
        list: &str,
        email: String,
        from: Minute,
    ) -> (Minute, mailing_list_subscriptions::Model) {
        let span = &self.company.span;
        let mut months = (1..).map(|month| day_at(from) + 30 * month).take_while(|day| *day <= span.last + 30);
        let left = months.find(|_| dice.chance(UNSUBSCRIBE));
        let left = left.map(|day| midnight(day - dice.between(0, 28) as Day) + dice.between(7 * 60, 23 * 60));
        let row = mailing_list_subscriptions::Model {
            email: Some(email),
            list: Some(list.to_owned()),
            subscribed_at: instant(from),
            unsubscribed_at: time(left.filter(|at| *at < span.end)),
            ..Default::default()
        };
        (from, row)
    }
}
