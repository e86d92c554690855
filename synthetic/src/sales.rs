//! Rows of accounts, their deals, what came of these, and what customers bought.

use crate::branch::Branch;
use crate::calendar::{Minute, instant};
use crate::deals::Deal;
use crate::keys::{currency, product_id, source_id, stage_id, time};
use crate::names;
use crate::records::{PlacedOrder, Refund};
use crate::vocabulary::PRODUCTS;
use crm_kpi_crm::{accounts, customer_tenures, opportunities, opportunity_stages, orders, proposals};

/// What goes into the table of orders.
enum Sale<'a> {
    /// A place in the orders.
    Order(usize),
    Refund(&'a Refund),
}

impl Branch<'_> {
    pub(crate) fn account_name(&self, place: usize) -> String {
        names::company(self.unique(place), self.accounts[place].market.industry)
    }

    /// Companies, in the order they were first seen in.
    pub fn accounts(&self) -> impl Iterator<Item = accounts::Model> {
        self.accounts.iter().enumerate().map(|(place, account)| {
            let (segment, region, industry, country) = account.market.words();
            accounts::Model {
                id: self.account_id(place),
                name: self.account_name(place),
                segment,
                region,
                industry,
                country,
                rep_id: Some(self.rep_id(account.seat)),
                customer_since: account.tenures.first().map(|tenure| instant(tenure.from)),
                ..Default::default()
            }
        })
    }

    /// Deals by creation.
    pub fn opportunities(&self) -> impl Iterator<Item = opportunities::Model> {
        self.deals.iter().enumerate().map(|(place, deal)| self.with_forecast(place, self.opportunity(place, deal)))
    }

    fn opportunity(&self, place: usize, deal: &Deal) -> opportunities::Model {
        opportunities::Model {
            id: self.deal_id(place),
            name: Some(format!("{}: {}", self.account_name(deal.account), PRODUCTS[deal.product].name)),
            rep_id: Some(self.rep_id(deal.seat)),
            account_id: Some(self.account_id(deal.account)),
            product_id: Some(product_id(deal.product)),
            source_id: Some(source_id(deal.source)),
            stage_id: deal.stays.last().map(|stay| stage_id(deal.pipeline(), stay.stage)),
            status: deal.status,
            loss_reason: deal.loss_reason.map(str::to_owned),
            amount_minor: Some(deal.amount),
            monthly_amount_minor: deal.monthly,
            currency: Some(currency()),
            created_at: Some(instant(deal.created)),
            first_contact_at: Some(instant(deal.first_contact)),
            closed_at: time(deal.closed),
            ..Default::default()
        }
    }

    /// The history of every deal, without gaps.
    pub fn opportunity_stages(&self) -> impl Iterator<Item = opportunity_stages::Model> {
        self.deals.iter().enumerate().flat_map(move |(place, deal)| {
            let owner = self.rep(deal.seat).number;
            let mut entered = deal.created;
            (1..).zip(&deal.stays).map(move |(number, stay)| {
                let handed_over = deal.handed_over && number == 1 && stay.left.is_some();
                let mut dice = self.dice("handed over", place);
                let rep = if handed_over { self.company.colleague(&mut dice, owner) } else { owner };
                let row = opportunity_stages::Model {
                    opportunity_id: self.deal_id(place),
                    number,
                    stage_id: Some(stage_id(deal.pipeline(), stay.stage)),
                    rep_id: Some(self.company.rep_id(rep)),
                    entered_at: Some(instant(entered)),
                    left_at: stay.left.map(|(at, _)| instant(at)),
                    outcome: stay.left.map(|(_, outcome)| outcome),
                    ..Default::default()
                };
                entered = stay.left.map_or(entered, |(at, _)| at);
                row
            })
        })
    }

    /// Proposals, by deal and time.
    pub fn proposals(&self) -> impl Iterator<Item = proposals::Model> {
        self.deals.iter().enumerate().flat_map(move |(place, deal)| {
            (1..).zip(&deal.proposals).map(move |(number, at)| proposals::Model {
                opportunity_id: self.deal_id(place),
                number,
                rep_id: Some(self.rep_id(deal.seat)),
                sent_at: instant(*at),
                ..Default::default()
            })
        })
    }

    /// Orders and their refunds, by time.
    pub fn orders(&self) -> impl Iterator<Item = orders::Model> {
        let orders = self.orders.iter().enumerate().map(|(place, placed)| (placed.order.at, Sale::Order(place)));
        let refunds = self.refunds.iter().map(|refund| (refund.at, Sale::Refund(refund)));
        let mut sales: Vec<(Minute, Sale<'_>)> = orders.chain(refunds).collect();
        sales.sort_by_key(|(at, _)| *at);
        // An order comes before its refund, so that its key is known then.
        let mut keys = vec![0; self.orders.len()];
        sales.into_iter().enumerate().map(move |(key, (_, sale))| match sale {
            Sale::Order(place) => {
                keys[place] = key;
                self.order(key, &self.orders[place])
            }
            Sale::Refund(refund) => self.refund(key, refund, keys[refund.order]),
        })
    }

    fn order(&self, key: usize, PlacedOrder { account, number, order }: &PlacedOrder) -> orders::Model {
        orders::Model {
            id: self.id("ord", key),
            rep_id: Some(self.rep_id(self.accounts[*account].seat)),
            account_id: Some(self.account_id(*account)),
            opportunity_id: order.deal.map(|deal| self.deal_id(deal)),
            product_id: Some(product_id(order.product)),
            source_id: Some(source_id(order.source)),
            campaign_id: order.deal.and_then(|deal| self.credits[deal]).map(|campaign| self.campaign_id(campaign)),
            kind: Some(order.kind),
            amount_minor: order.amount,
            currency: currency(),
            ordered_at: instant(order.at),
            customer_order_number: Some(*number),
            by_subscriber: order.by_subscriber,
            ..Default::default()
        }
    }

    /// Says no more than whose money it was: the rest is as the order, with another key, says.
    fn refund(&self, key: usize, refund: &Refund, order: usize) -> orders::Model {
        let account = self.orders[refund.order].account;
        orders::Model {
            id: self.id("ord", key),
            rep_id: Some(self.rep_id(self.accounts[account].seat)),
            account_id: Some(self.account_id(account)),
            refund_of: Some(self.id("ord", order)),
            amount_minor: -refund.amount,
            currency: currency(),
            ordered_at: instant(refund.at),
            ..Default::default()
        }
    }

    /// Times as a customer, by account and time.
    pub fn customer_tenures(&self) -> impl Iterator<Item = customer_tenures::Model> {
        self.accounts.iter().enumerate().flat_map(move |(place, account)| {
            (1..).zip(&account.tenures).map(move |(number, tenure)| customer_tenures::Model {
                account_id: self.account_id(place),
                number,
                rep_id: Some(self.rep_id(account.seat)),
                started_at: instant(tenure.from),
                ended_at: tenure.end.map(|(at, _)| instant(at)),
                end_reason: tenure.end.map(|(_, reason)| reason.to_owned()),
                ..Default::default()
            })
        })
    }
}
