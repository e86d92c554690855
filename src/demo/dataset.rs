use super::accounts::{Account, Order};
use super::book::Book;
use super::calendar::Minute;
use super::deals::Deal;
use super::options::Options;
use super::people::Rep;
use super::vocabulary::{PRODUCTS, SOURCES, STAGES};

/// The rows of every table, made when they are asked for.
pub struct Dataset {
    pub(super) options: Options,
    /// By when they were first seen.
    pub(super) accounts: Vec<Account>,
    /// By creation; their accounts are places in `accounts`.
    pub(super) deals: Vec<Deal>,
    /// By time.
    pub(super) orders: Vec<PlacedOrder>,
}

/// An order; its deal is a place in `deals`.
pub(super) struct PlacedOrder {
    /// Place in `accounts`.
    pub account: usize,
    /// Its place among the account's orders, from 1.
    pub number: i32,
    pub order: Order,
}

/// Makes the data: the same for the same options, on every machine.
pub fn generate(options: &Options) -> Dataset {
    let span = options.span();
    let mut accounts = Vec::new();
    let mut deals = Vec::new();
    for number in 0..options.reps() {
        let book = Book::new(options, &span, &Rep::new(options, &span, number));
        let (first_account, first_deal) = (accounts.len(), deals.len());
        deals.extend(book.deals.into_iter().map(|deal| Deal { account: first_account + deal.account, ..deal }));
        accounts.extend(book.accounts.into_iter().map(|mut account| {
            for order in &mut account.orders {
                order.deal = order.deal.map(|deal| first_deal + deal);
            }
            account
        }));
    }
    let (mut accounts, account_places) = sorted(accounts, |account| account.seen_at);
    let (mut deals, deal_places) = sorted(deals, |deal| deal.created);
    for deal in &mut deals {
        deal.account = account_places[deal.account];
    }
    let mut orders: Vec<PlacedOrder> = Vec::new();
    for (place, account) in accounts.iter_mut().enumerate() {
        orders.extend(std::mem::take(&mut account.orders).into_iter().map(|mut order| {
            order.deal = order.deal.map(|deal| deal_places[deal]);
            PlacedOrder { account: place, number: 0, order }
        }));
    }
    orders.sort_by_key(|placed| placed.order.at);
    let mut numbers = vec![0; accounts.len()];
    for placed in &mut orders {
        numbers[placed.account] += 1;
        placed.number = numbers[placed.account];
    }
    Dataset { options: options.clone(), accounts, deals, orders }
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

impl Dataset {
    /// How many rows there are in all.
    pub fn row_count(&self) -> u64 {
        let stays: usize = self.deals.iter().map(|deal| 1 + deal.stays.len() + deal.proposals.len()).sum();
        let tenures: usize = self.accounts.iter().map(|account| 1 + account.tenures.len()).sum();
        let small = self.teams().count() + SOURCES.len() + PRODUCTS.len() + STAGES.len() + self.options.reps() as usize;
        (stays + tenures + self.orders.len() + small) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_and_last_day_gives_data() {
        for (reps, years, last_day) in
            [(0, 0, "2024-02-29"), (1, 1, "2025-01-01"), (2, 2, "2026-03-31"), (7, 1, "2026-11-22")]
        {
            let last_day = last_day.parse().unwrap();
            let data = generate(&Options { reps, years, seed: 7, last_day });
            let closed: Vec<_> = data.opportunities().filter_map(|deal| deal.closed_at).collect();
            assert!(
                closed.len() > 10 && closed.iter().all(|at| at.date_naive() <= last_day),
                "{reps} {years} {last_day}"
            );
            assert!(data.orders().count() > 5);
        }
    }

    #[test]
    fn ids_go_by_time() {
        let data = generate(&Options { reps: 3, years: 1, ..Options::until("2026-06-30".parse().unwrap()) });
        let orders: Vec<_> = data.orders().map(|order| (order.id, order.ordered_at)).collect();
        assert!(orders.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1));
        let deals: Vec<_> = data.opportunities().map(|deal| (deal.id, deal.created_at)).collect();
        assert!(deals.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1));
    }

    #[test]
    fn the_row_count_is_that_of_all_tables() {
        let data = generate(&Options { reps: 2, years: 1, ..Options::until("2026-06-30".parse().unwrap()) });
        let facts = data.opportunities().count() + data.opportunity_stages().count() + data.proposals().count();
        let customers = data.accounts().count() + data.customer_tenures().count() + data.orders().count();
        let small = data.teams().count() + data.reps().count() + data.sources().count() + data.products().count();
        assert_eq!(data.row_count(), (facts + customers + small + data.stages().count()) as u64);
    }
}
