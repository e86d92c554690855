//! A branch: the records of some reps that fit together, and keys for them.

use crate::accounts::Account;
use crate::calendar::{Day, Minute};
use crate::company::{Company, Seat};
use crate::deals::Deal;
use crate::dice::Dice;
use crate::records::{Campaign, Case, Lead, PlacedOrder, Refund, Subscription};
use crate::reps::Rep;

/// The records of some of the company's reps, from which the rows of a table are made when they are asked for.
///
/// Keys go by time within a branch, and those of a branch come after those of the branches before it.
pub struct Branch<'a> {
    pub(crate) company: &'a Company,
    /// From 0.
    pub(crate) number: u64,
    pub(crate) seats: Vec<Seat>,
    /// By when they were first seen.
    pub(crate) accounts: Vec<Account>,
    /// By creation; their accounts are places in `accounts`.
    pub(crate) deals: Vec<Deal>,
    /// By time.
    pub(crate) orders: Vec<PlacedOrder>,
    /// By the time of their orders.
    pub(crate) refunds: Vec<Refund>,
    /// By start.
    pub(crate) campaigns: Vec<Campaign>,
    /// The campaign of each deal: places in `campaigns`.
    pub(crate) credits: Vec<Option<usize>>,
    /// By creation.
    pub(crate) leads: Vec<Lead>,
    /// By start.
    pub(crate) subscriptions: Vec<Subscription>,
    /// By opening.
    pub(crate) cases: Vec<Case>,
}

impl Branch<'_> {
    /// How many opportunities there are.
    pub fn opportunity_count(&self) -> usize {
        self.deals.len()
    }

    pub(crate) fn dice(&self, what: &str, place: usize) -> Dice {
        self.company.dice(what, (self.number << 32) | place as u64)
    }

    /// The key of a record by its kind and its place, from 0.
    pub(crate) fn id(&self, kind: &str, place: usize) -> String {
        let number = self.number * 1_000_000 + place as u64 + 1;
        match self.company.branch_count() {
            1 => format!("{kind}-{number:07}"),
            _ => format!("{kind}-{number:010}"),
        }
    }

    pub(crate) fn account_id(&self, place: usize) -> String {
        self.id("acc", place)
    }

    pub(crate) fn deal_id(&self, place: usize) -> String {
        self.id("opp", place)
    }

    pub(crate) fn lead_id(&self, place: usize) -> String {
        self.id("lead", place)
    }

    pub(crate) fn campaign_id(&self, place: usize) -> String {
        self.id("camp", place)
    }

    pub(crate) fn rep(&self, seat: usize) -> &Rep {
        &self.seats[seat].rep
    }

    pub(crate) fn rep_id(&self, seat: usize) -> String {
        self.company.rep_id(self.rep(seat).number)
    }

    /// A number that no record of that kind has elsewhere in the company: what names are made from.
    pub(crate) fn unique(&self, place: usize) -> u64 {
        self.number * 1_000_000 + place as u64
    }

    /// The number of a person who is no rep, unless there are very many.
    pub(crate) fn person(&self, place: usize) -> u64 {
        10_000 + self.unique(place)
    }

    /// Reps who keep records of themselves, with the places of their seats.
    pub(crate) fn keepers(&self) -> impl Iterator<Item = (usize, &Rep)> {
        let seats = self.seats.iter().enumerate();
        seats
            .filter(|(_, seat)| seat.first && self.company.keeps_records(seat.rep.number))
            .map(|(place, seat)| (place, &seat.rep))
    }

    /// Some seat with a book, or the first one.
    pub(crate) fn some_seat(&self, dice: &mut Dice, fits: impl Fn(&Rep) -> bool) -> usize {
        let tries = (0..12).map(|_| dice.place(self.seats.len()));
        tries.into_iter().find(|seat| fits(self.rep(*seat))).unwrap_or(0)
    }

    /// Some account that was a customer then, unless luck fails.
    pub(crate) fn some_customer(&self, dice: &mut Dice, at: Minute) -> Option<usize> {
        let known = self.accounts.partition_point(|account| account.seen_at <= at);
        (0..6)
            .map(|_| dice.place(known))
            .find(|place| self.accounts.get(*place).is_some_and(|account| account.is_customer(at)))
    }

    /// Places of the accounts of each seat.
    pub(crate) fn accounts_by_seat(&self) -> Vec<Vec<usize>> {
        let mut books: Vec<Vec<usize>> = self.seats.iter().map(|_| Vec::new()).collect();
        for (place, account) in self.accounts.iter().enumerate() {
            books[account.seat].push(place);
        }
        books
    }

    /// What each account bought first, as a place in PRODUCTS; 0 where it bought nothing.
    pub(crate) fn first_products(&self) -> Vec<usize> {
        let mut products = vec![0; self.accounts.len()];
        for placed in self.orders.iter().filter(|placed| placed.number == 1) {
            products[placed.account] = placed.order.product;
        }
        products
    }

    /// The seat, or often that of somebody else of the team who is there on that day.
    pub(crate) fn colleague(&self, dice: &mut Dice, seat: usize, day: Day) -> usize {
        let own = self.rep(seat).number;
        let other = self.company.colleague(dice, own);
        let place = seat as i64 + i64::from(other) - i64::from(own);
        let near = usize::try_from(place).ok().filter(|place| {
            self.seats.get(*place).is_some_and(|seat| seat.rep.number == other && seat.rep.employed(day))
        });
        near.filter(|_| dice.chance(400) && self.company.span.first <= day).unwrap_or(seat)
    }
}

/// Rows by time, each with its place.
pub(crate) fn by_time<M>(mut rows: Vec<(Minute, M)>) -> impl Iterator<Item = (usize, M)> {
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).enumerate()
}
