//! What reps reached, month by month.

use crate::branch::Branch;
use crate::calendar::{Day, Span, date_of, day_at, day_of};
use crate::vocabulary::SEGMENTS;
use chrono::{Datelike, NaiveDate};
use crm_kpi_crm::opportunities::Status;

/// What somebody did in a calendar month; amounts are in minor units.
#[derive(Clone, Copy, Default)]
pub(crate) struct Month {
    pub won_amount: i64,
    pub sales: i64,
    pub won: i64,
    pub closed: i64,
    /// Of the deals that are open at its end, or when the data end.
    pub open_amount: i64,
}

/// Adds what others did to what is there.
pub(crate) fn add(total: &mut [Month], months: &[Month]) {
    for (all, one) in total.iter_mut().zip(months) {
        all.won_amount += one.won_amount;
        all.sales += one.sales;
        all.won += one.won;
        all.closed += one.closed;
        all.open_amount += one.open_amount;
    }
}

/// Calendar months, from January of the year that the data begin in to December of the year that they end in.
#[derive(Clone, Copy)]
pub(crate) struct Months {
    pub span: Span,
    first_year: i32,
    pub count: usize,
}

impl Months {
    pub fn new(span: Span) -> Self {
        let first_year = date_of(span.first).year();
        let years = date_of(span.last).year() - first_year + 1;
        Self { span, first_year, count: 12 * years.unsigned_abs() as usize }
    }

    pub fn none(&self) -> Vec<Month> {
        vec![Month::default(); self.count]
    }

    /// The place of a day's month; nothing before the first one.
    pub fn place(&self, day: Day) -> Option<usize> {
        let date = date_of(day);
        let place = (date.year() - self.first_year) * 12 + date.month0() as i32;
        usize::try_from(place).ok()
    }

    /// The day that a month begins on.
    pub fn start(&self, place: usize) -> Day {
        let year = self.first_year + (place / 12) as i32;
        NaiveDate::from_ymd_opt(year, (place % 12) as u32 + 1, 1).map_or(Day::MAX, day_of)
    }

    /// What each seat of a branch did.
    pub fn of_seats<'b>(&'b self, branch: &'b Branch) -> impl Iterator<Item = Vec<Month>> + 'b {
        let mut deals: Vec<Vec<usize>> = vec![Vec::new(); branch.seats.len()];
        for (place, deal) in branch.deals.iter().enumerate() {
            deals[deal.seat].push(place);
        }
        let mut orders: Vec<Vec<usize>> = vec![Vec::new(); branch.seats.len()];
        for (place, placed) in branch.orders.iter().enumerate() {
            orders[branch.accounts[placed.account].seat].push(place);
        }
        deals.into_iter().zip(orders).map(|(deals, orders)| self.of_records(branch, &deals, &orders))
    }

    /// What was done with the accounts of each segment.
    pub fn of_segments<'b>(&'b self, branch: &'b Branch) -> impl Iterator<Item = Vec<Month>> + 'b {
        let of = |account: usize| branch.accounts[account].market.segment;
        (0..SEGMENTS.len()).map(move |segment| {
            let deals = branch.deals.iter().enumerate().filter(|(_, deal)| of(deal.account) == segment);
            let orders = branch.orders.iter().enumerate().filter(|(_, placed)| of(placed.account) == segment);
            let deals: Vec<usize> = deals.map(|(place, _)| place).collect();
            self.of_records(branch, &deals, &orders.map(|(place, _)| place).collect::<Vec<_>>())
        })
    }

    fn of_records(&self, branch: &Branch, deals: &[usize], orders: &[usize]) -> Vec<Month> {
        let mut months = self.none();
        let last = self.place(self.span.last).unwrap_or_default();
        for deal in deals.iter().map(|place| &branch.deals[*place]) {
            let closed = deal.closed.and_then(|at| self.place(day_at(at)));
            if let Some(month) = closed.and_then(|place| months.get_mut(place)) {
                month.closed += 1;
                if deal.status == Status::Won {
                    month.won += 1;
                    month.won_amount += deal.amount;
                }
            }
            let open = self.place(day_at(deal.created)).unwrap_or_default()..closed.unwrap_or(last + 1);
            for month in months.get_mut(open).unwrap_or_default() {
                month.open_amount += deal.amount;
            }
        }
        for order in orders.iter().map(|place| &branch.orders[*place].order) {
            if let Some(month) = self.place(day_at(order.at)).and_then(|place| months.get_mut(place)) {
                month.sales += order.amount;
            }
        }
        months
    }
}
