//! The book of one rep: accounts, deals and what comes of them, in the order of time.

use super::accounts::{Account, Order, Standing, price};
use super::calendar::{Day, Minute, creation_permille};
use super::customers::{complete_orders, tenure};
use super::deals::{Deal, deal};
use super::dice::Dice;
use super::options::{Options, Span};
use super::people::Rep;
use crate::crm::opportunities::Status;
use crate::crm::orders::Kind;

/// Deals created so long before the first day may still be open on it.
const LEAD_DAYS: Day = 380;

/// Customers of the time before the deals began so long before the first day.
const OLDER_CUSTOMER_DAYS: Day = 900;

/// Deals that an average rep creates in a year, before growth.
const DEALS_A_YEAR: i64 = 142;

/// After a lost deal an account is left alone for so long.
const REST: Minute = 60 * 24 * 60;

/// What a rep sells and to whom.
pub(super) struct Book {
    pub accounts: Vec<Account>,
    /// By creation.
    pub deals: Vec<Deal>,
}

impl Book {
    pub fn new(options: &Options, span: &Span, rep: &Rep) -> Self {
        let mut dice = Dice::new(options.seed, "book", rep.number);
        let mut book = Self { accounts: Vec::new(), deals: Vec::new() };
        book.add_older_customers(&mut dice, span, rep);
        for created in creations(&mut dice, span, rep) {
            book.add_deal(&mut dice, span, rep, created);
        }
        for account in &mut book.accounts {
            complete_orders(&mut dice, span, rep, account);
        }
        book
    }

    /// Customers won before there were records of deals.
    fn add_older_customers(&mut self, dice: &mut Dice, span: &Span, rep: &Rep) {
        let earliest = rep.hired.max(span.first - OLDER_CUSTOMER_DAYS);
        let days = i64::from(span.first - earliest);
        let count = days * DEALS_A_YEAR * rep.pace / 1000 * rep.skill / 1000 * 65 / 100 / 365;
        for _ in 0..count.max(0) {
            let day = earliest + dice.between(0, days - 3) as Day;
            let at = rep.time_around(dice, day);
            let mut account = Account::new(dice, rep, at);
            let (product, kind) = account.next_product(dice, Standing::Prospect);
            let (amount, monthly) = price(dice, account.segment, product, span.grown(day, 35));
            let order = new_order(at, None, (product, account.source), kind, amount, monthly);
            account.orders.push(order);
            account.tenures.push(tenure(dice, span, rep, account.segment, at));
            self.accounts.push(account);
        }
    }

    fn add_deal(&mut self, dice: &mut Dice, span: &Span, rep: &Rep, created: Minute) {
        let known = if dice.chance(430) { self.known_account(dice, created) } else { None };
        let new = known.is_none().then(|| Account::new(dice, rep, created));
        let place = known.unwrap_or(self.accounts.len());
        let Some(account) = new.as_ref().or_else(|| self.accounts.get(place)) else { return };
        let Some(deal) = deal(dice, span, rep, (place, account), created) else { return };
        self.accounts.extend(new);
        let Some(account) = self.accounts.get_mut(place) else { return };
        account.busy_until = match (deal.status, deal.closed) {
            (Status::Open, _) | (_, None) => Minute::MAX,
            (Status::Lost, Some(closed)) => closed + REST,
            (Status::Won, Some(closed)) => {
                if account.standing(closed) != Standing::Customer {
                    account.tenures.push(tenure(dice, span, rep, account.segment, closed));
                }
                let what = (deal.product, deal.source);
                let order = new_order(closed, Some(self.deals.len()), what, deal.kind, deal.amount, deal.monthly);
                account.orders.push(order);
                closed
            }
        };
        self.deals.push(deal);
    }

    /// An account that another deal may be made with.
    fn known_account(&self, dice: &mut Dice, at: Minute) -> Option<usize> {
        (0..6).find_map(|_| {
            let place = dice.below(self.accounts.len() as u32) as usize;
            let account = self.accounts.get(place)?;
            let may = match account.standing(at) {
                Standing::Customer => 1000,
                Standing::Former => 700,
                Standing::Prospect => 300,
            };
            (account.seen_at < at && account.busy_until < at && dice.chance(may)).then_some(place)
        })
    }
}

fn new_order(
    at: Minute,
    deal: Option<usize>,
    (product, source): (usize, usize),
    kind: Kind,
    amount: i64,
    monthly: Option<i64>,
) -> Order {
    Order { at, deal, product, source, kind, amount, monthly: monthly.unwrap_or_default(), by_subscriber: false }
}

/// When the rep creates deals, in order.
fn creations(dice: &mut Dice, span: &Span, rep: &Rep) -> Vec<Minute> {
    let mut creations = Vec::new();
    for day in (span.first - LEAD_DAYS).max(rep.hired)..=span.last {
        let a_year = DEALS_A_YEAR * rep.pace / 1000 * rep.ramp(day) / 1000 * span.grown(day, 130) / 1000;
        // Four tries a working day: the average is met and busy days occur.
        let permille = a_year * creation_permille(day) / (4 * 261);
        let from = creations.len();
        for _ in 0..4 {
            if dice.chance(permille) {
                creations.push(rep.time_on(dice, day));
            }
        }
        creations[from..].sort_unstable();
    }
    creations
}
