//! A book of one rep: accounts, deals and what comes of them, in the order of time.

use crate::accounts::{Account, Order, Standing, price};
use crate::calendar::{Day, Minute, Season, day_at};
use crate::company::{Company, Seat};
use crate::customers::{complete_orders, tenure};
use crate::deals::{Deal, deal};
use crate::dice::Dice;
use crm_kpi_crm::opportunities::Status;
use crm_kpi_crm::orders::Kind;

/// Customers of the time before the deals began so long before the first day.
const OLDER_CUSTOMER_DAYS: Day = 900;

/// After a lost deal an account is left alone for so long.
const REST: Minute = 60 * 24 * 60;

/// Of deals with accounts that are known, those that former customers are asked for, in per mille.
const WINNING_BACK: i64 = 50;

/// What a rep sells and to whom.
pub(crate) struct Book<'a> {
    company: &'a Company,
    seat: &'a Seat,
    dice: Dice,
    pub accounts: Vec<Account>,
    /// By creation, about.
    pub deals: Vec<Deal>,
}

impl<'a> Book<'a> {
    /// The book of a seat; `number` tells it from the others of the company.
    pub fn new(company: &'a Company, seat: &'a Seat, number: u64) -> Self {
        let dice = company.dice("book", number);
        let mut book = Self { company, seat, dice, accounts: Vec::new(), deals: Vec::with_capacity(seat.deals) };
        let first = company.span.first - Season::BEFORE;
        let created = seat.rep.times(&mut book.dice, &company.season, first, seat.deals);
        book.add_older_customers();
        for at in created {
            book.add_deal(at);
        }
        for account in &mut book.accounts {
            complete_orders(&mut book.dice, &company.span, &seat.rep, account);
        }
        book
    }

    /// Customers won before there were records of deals.
    fn add_older_customers(&mut self) {
        let (company, rep, dice) = (self.company, &self.seat.rep, &mut self.dice);
        let earliest = rep.hired.max(company.span.first - OLDER_CUSTOMER_DAYS);
        let days = i64::from(company.span.first - earliest);
        let known = company.span.last - company.span.first.max(rep.hired) + 1;
        let count = dice.rounded(days.max(0) * self.seat.deals as i64 * rep.skill * 55 / 100 / i64::from(known).max(1));
        for _ in 0..count {
            let day = earliest + dice.between(0, days - 3) as Day;
            let at = rep.time_around(dice, day);
            let mut account = Account::new(dice, rep, at);
            let (product, kind) = account.next_product(dice, Standing::Prospect);
            let (amount, monthly) = price(dice, account.market.segment, product, company.span.grown(day, 35));
            account.orders.push(new_order(at, None, (product, account.source), kind, amount, monthly));
            account.tenures.push(tenure(dice, &company.span, rep, account.market.segment, at));
            self.accounts.push(account);
        }
    }

    /// Adds a deal. What would have been closed before the first day is tried again, then later.
    fn add_deal(&mut self, created: Minute) {
        let mut at = created;
        for tried in 1.. {
            if self.made_deal(at) {
                return;
            }
            if tried % 6 == 0 {
                at = self.seat.rep.time_on(&mut self.dice, day_at(at) + 14);
            }
        }
    }

    fn made_deal(&mut self, created: Minute) -> bool {
        let (span, rep) = (&self.company.span, &self.seat.rep);
        let known = if self.dice.chance(430) { self.known_account(created) } else { None };
        let new = known.is_none().then(|| Account::new(&mut self.dice, rep, created));
        let place = known.unwrap_or(self.accounts.len());
        let Some(account) = new.as_ref().or_else(|| self.accounts.get(place)) else { return false };
        let Some(deal) = deal(&mut self.dice, span, rep, (place, account), created) else { return false };
        self.accounts.extend(new);
        let Some(account) = self.accounts.get_mut(place) else { return false };
        account.busy_until = match (deal.status, deal.closed) {
            (Status::Open, _) | (_, None) => Minute::MAX,
            (Status::Lost, Some(closed)) => closed + REST,
            (Status::Won, Some(closed)) => {
                if account.standing(closed) != Standing::Customer {
                    account.tenures.push(tenure(&mut self.dice, span, rep, account.market.segment, closed));
                }
                let what = (deal.product, deal.source);
                let order = new_order(closed, Some(self.deals.len()), what, deal.kind, deal.amount, deal.monthly);
                account.orders.push(order);
                closed
            }
        };
        self.deals.push(deal);
        true
    }

    /// An account that another deal may be made with: now and then one that is to be won back.
    fn known_account(&mut self, at: Minute) -> Option<usize> {
        let (tries, may) = if self.dice.chance(WINNING_BACK) { (30, [0, 0, 1000]) } else { (6, [250, 1000, 1000]) };
        (0..tries).find_map(|_| {
            let place = self.dice.place(self.accounts.len());
            let account = self.accounts.get(place)?;
            let may = match account.standing(at) {
                Standing::Prospect => may[0],
                Standing::Customer => may[1],
                Standing::Former => may[2],
            };
            (account.seen_at < at && account.busy_until < at && self.dice.chance(may)).then_some(place)
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
