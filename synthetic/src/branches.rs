//! How branches come about.

use crate::accounts::Account;
use crate::book::Book;
use crate::branch::Branch;
use crate::calendar::Minute;
use crate::campaigns::{campaigns, credits};
use crate::company::{Company, Seat};
use crate::deals::Deal;
use crate::leads::leads;
use crate::records::PlacedOrder;
use crate::refunds::refunds;
use crate::service::cases;
use crate::subscriptions::subscriptions;

impl Company {
    /// The branches, one after the other. Each is made when it is asked for, by itself.
    pub fn branches(&self) -> impl Iterator<Item = Branch<'_>> {
        let ends = self.branches.iter().skip(1).copied().chain([self.seats()]);
        (0..).zip(self.branches.iter().copied().zip(ends)).map(|(number, (first, end))| {
            let seats = (first..end).map(|seat| self.seat(seat));
            Branch::new(self, number, first, seats.collect())
        })
    }
}

impl<'a> Branch<'a> {
    fn new(company: &'a Company, number: u64, first_seat: usize, seats: Vec<Seat>) -> Self {
        let (accounts, deals) = books(company, first_seat, &seats);
        let mut branch = Self {
            company,
            number,
            seats,
            accounts,
            deals,
            orders: Vec::new(),
            refunds: Vec::new(),
            campaigns: Vec::new(),
            credits: Vec::new(),
            leads: Vec::new(),
            subscriptions: Vec::new(),
            cases: Vec::new(),
        };
        branch.orders = branch.placed_orders();
        branch.refunds = refunds(&branch);
        branch.campaigns = campaigns(&branch);
        branch.credits = credits(&branch);
        branch.leads = leads(&branch);
        branch.subscriptions = subscriptions(&branch);
        branch.cases = cases(&branch);
        branch
    }

    fn placed_orders(&mut self) -> Vec<PlacedOrder> {
        let accounts = self.accounts.iter_mut().enumerate();
        let mut orders: Vec<PlacedOrder> = accounts
            .flat_map(|(place, account)| {
                let orders = (1..).zip(std::mem::take(&mut account.orders));
                orders.map(move |(number, order)| PlacedOrder { account: place, number, order })
            })
            .collect();
        // Those of an account stay in their order.
        orders.sort_by_key(|placed| placed.order.at);
        orders
    }
}

/// All accounts and deals of the seats, by time.
fn books(company: &Company, first_seat: usize, seats: &[Seat]) -> (Vec<Account>, Vec<Deal>) {
    let mut accounts = Vec::new();
    let mut deals = Vec::new();
    for (place, seat) in seats.iter().enumerate() {
        let book = Book::new(company, seat, (first_seat + place) as u64);
        let (first_account, first_deal) = (accounts.len(), deals.len());
        deals.extend(book.deals.into_iter().map(|deal| Deal {
            seat: place,
            account: first_account + deal.account,
            ..deal
        }));
        accounts.extend(book.accounts.into_iter().map(|mut account| {
            for order in &mut account.orders {
                order.deal = order.deal.map(|deal| first_deal + deal);
            }
            Account { seat: place, ..account }
        }));
    }
    let (mut accounts, account_places) = sorted(accounts, |account| account.seen_at);
    let (mut deals, deal_places) = sorted(deals, |deal| deal.created);
    for deal in &mut deals {
        deal.account = account_places[deal.account];
    }
    for order in accounts.iter_mut().flat_map(|account| &mut account.orders) {
        order.deal = order.deal.map(|deal| deal_places[deal]);
    }
    (accounts, deals)
}

/// The items by time, and the new place of each old one.
fn sorted<T>(items: Vec<T>, time: impl Fn(&T) -> Minute) -> (Vec<T>, Vec<usize>) {
    let mut items: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    items.sort_by_key(|(_, item)| time(item));
    let mut places = vec![0; items.len()];
    for (new, (old, _)) in items.iter().enumerate() {
        places[*old] = new;
    }
    (items.into_iter().map(|(_, item)| item).collect(), places)
}
