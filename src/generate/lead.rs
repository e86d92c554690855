use super::deal::Deal;
use super::draw::{Draw, Stream};
use super::time::{DAY, Second};
use super::world::{Market, World};
use crate::crm::leads::Status;

/// A lead, as far as it went before the end of the data.
pub(super) struct Lead {
    pub rep: u64,
    pub source: u64,
    pub market: Market,
    /// What it became.
    pub deal: Option<Deal>,
    /// By time, the first at its creation. Each lasts until the next.
    pub steps: Vec<(Status, Second)>,
    /// Draws what else is to be known of it.
    pub draw: Draw,
}

impl Lead {
    /// When it came to a status.
    pub fn at(&self, status: Status) -> Option<Second> {
        self.steps.iter().find(|(step, _)| *step == status).map(|(_, at)| *at)
    }

    pub fn created(&self) -> Second {
        self.steps.first().map_or(0, |(_, at)| *at)
    }

    pub fn status(&self) -> Status {
        self.steps.last().map_or(Status::New, |(status, _)| *status)
    }
}

impl World {
    /// A lead by its number: in the order of their creation, give or take two months. Every second deal is one that a lead
    /// may have become.
    pub fn lead(&self, number: u64) -> Lead {
        let mut draw = self.draw(Stream::Lead, number);
        let deal = self.deal(2 * number);
        let time = draw.between(5 * DAY, 60 * DAY);
        let created = deal.created - time;
        let mut steps = vec![(Status::New, created)];
        let contacted = created + time * draw.between(50, 300) / 1000;
        let qualified = created + time * draw.between(400, 900) / 1000;
        let became = draw.chance(400);
        // Of those that come to nothing some are never looked at.
        let further = if became { 3 } else { draw.weighted(&[15, 25, 40, 20]) };
        if further > 0 {
            steps.push((Status::Contacted, contacted));
        }
        match further {
            2 => steps.push((Status::Disqualified, qualified)),
            3 => steps.push((Status::Qualified, qualified)),
            _ => {}
        }
        if let Some(closed) = deal.closed.filter(|_| became && deal.is_won()) {
            steps.push((Status::Converted, closed));
        }
        let (rep, source, market) = match became {
            true => (deal.rep, deal.source, self.account(deal.account).market),
            false => (self.some_rep(&mut draw), Self::some_source(&mut draw), Market::draw(&mut draw)),
        };
        Lead { rep, source, market, deal: became.then_some(deal), steps, draw }
    }
}
