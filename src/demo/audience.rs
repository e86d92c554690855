//! Who recommends and who wants to be written to: referrals and mailing lists.

use super::calendar::{Day, MINUTES_A_DAY, Minute, day_at, midnight};
use super::dataset::Dataset;
use super::dice::Dice;
use super::vocabulary::SOURCES;

/// How many subscribers unsubscribe in a month, in per mille.
const UNSUBSCRIBE: i64 = 12;

/// Subscribers per rep before the first day, and how many days before it they came at most.
const EARLIER_SUBSCRIBERS: i64 = 60;
const EARLIER_DAYS: i64 = 730;

/// A customer's recommendation.
pub(super) struct Referral {
    /// Who recommended, a place in the accounts.
    pub account: usize,
    pub rep: u32,
    /// Place in the leads; unset where none came of it.
    pub lead: Option<usize>,
    pub at: Minute,
}

/// Referrals by time: the leads that came through one, and some that came to nothing.
pub(super) fn referrals(data: &Dataset) -> Vec<Referral> {
    let mut dice = Dice::new(data.options.seed, "referrals", 0);
    let books = data.accounts_by_rep();
    let mut referrals = Vec::new();
    for (place, lead) in data.leads.iter().enumerate() {
        if SOURCES[lead.source].name != "Referral" {
            continue;
        }
        let own = lead.deal.map(|deal| data.deals[deal].account);
        let book = &books[lead.rep as usize];
        let referrer = (0..12)
            .filter(|_| !book.is_empty())
            .map(|_| *dice.pick(book))
            .find(|account| Some(*account) != own && data.accounts[*account].is_customer(lead.created));
        if let Some(account) = referrer {
            referrals.push(Referral { account, rep: lead.rep, lead: Some(place), at: lead.created });
            let later = lead.created + dice.between(1, 30 * MINUTES_A_DAY);
            let at = data.staff[lead.rep as usize].rep.time_around(&mut dice, day_at(later)).max(lead.created);
            if dice.chance(200) && at < data.span.end && data.accounts[account].is_customer(at) {
                referrals.push(Referral { account, rep: lead.rep, lead: None, at });
            }
        }
    }
    referrals.sort_by_key(|referral| referral.at);
    referrals
}

/// Whose address is on a list.
#[derive(Clone, Copy)]
pub(super) enum Subscriber {
    /// A place in the leads.
    Lead(usize),
    /// A place in the accounts.
    Customer(usize),
    /// Nobody that is known more of.
    Unknown,
}

/// An address on a mailing list.
pub(super) struct Mailing {
    pub who: Subscriber,
    pub list: &'static str,
    pub from: Minute,
    /// Unset while subscribed.
    pub until: Option<Minute>,
}

/// Addresses on mailing lists, by when they were put there.
pub(super) fn mailings(data: &Dataset) -> Vec<Mailing> {
    let mut dice = Dice::new(data.options.seed, "mailing lists", 0);
    let mut mailings = Vec::new();
    let mut subscribe = |dice: &mut Dice, who: Subscriber, list: &'static str, from: Minute| {
        let mut day = day_at(from);
        let unsubscribed = loop {
            day += 30;
            if day > data.span.last + 30 {
                break None;
            }
            if dice.chance(UNSUBSCRIBE) {
                break Some(midnight(day - dice.between(0, 28) as Day) + dice.between(7 * 60, 23 * 60));
            }
        };
        let until = unsubscribed.filter(|until| *until < data.span.end);
        mailings.push(Mailing { who, list, from, until });
    };
    for _ in 0..EARLIER_SUBSCRIBERS * i64::from(data.options.reps()) {
        let day = data.span.first - dice.between(1, EARLIER_DAYS) as Day;
        let from = midnight(day) + dice.between(6 * 60, 23 * 60);
        subscribe(&mut dice, Subscriber::Unknown, "Newsletter", from);
    }
    for (place, lead) in data.leads.iter().enumerate() {
        if lead.created >= midnight(data.span.first) && dice.chance(300) {
            let list = if SOURCES[lead.source].name == "Webinar" { "Events" } else { "Newsletter" };
            subscribe(&mut dice, Subscriber::Lead(place), list, lead.created);
        }
    }
    for (place, account) in data.accounts.iter().enumerate() {
        if let Some(tenure) = account.tenures.first()
            && dice.chance(400)
        {
            subscribe(&mut dice, Subscriber::Customer(place), "Customer letter", tenure.from);
        }
    }
    mailings.sort_by_key(|mailing| mailing.from);
    mailings
}
