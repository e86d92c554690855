use crate::crm;
use crate::crm::activities::{Direction, Kind};
use crate::generate::draw::Stream;
use crate::generate::keys;
use crate::generate::time::{DAY, instant};
use crate::generate::world::World;

const KINDS: [Kind; 4] = [Kind::Call, Kind::Email, Kind::Meeting, Kind::Message];

/// How likely an activity is of a kind.
const KIND_WEIGHTS: [u64; 4] = [35, 40, 15, 10];

impl World {
    /// Something done about every second deal, or for a lead.
    pub fn activity_row(&self, number: u64) -> [crm::activities::Model; 1] {
        let mut draw = self.draw(Stream::Activity, number);
        let kind = KINDS[draw.weighted(&KIND_WEIGHTS)];
        let direction = if draw.chance(800) { Direction::Outbound } else { Direction::Inbound };
        let personalized = draw.chance(400);
        let row = crm::activities::Model {
            id: keys::other("act", number),
            kind,
            direction,
            rep_id: None,
            account_id: None,
            lead_id: None,
            opportunity_id: None,
            prospecting: false,
            personalized,
            occurred_at: instant(0),
        };
        [match draw.chance(700) {
            true => {
                let deal = self.deal(2 * number);
                let until = deal.closed.unwrap_or(self.span.end).min(deal.created + 60 * DAY).min(self.span.end);
                crm::activities::Model {
                    rep_id: Some(keys::rep(deal.rep)),
                    account_id: Some(keys::account(deal.account)),
                    opportunity_id: Some(keys::deal(deal.number)),
                    occurred_at: instant(draw.between(deal.created, until - 1)),
                    ..row
                }
            }
            false => {
                let lead = self.lead(number);
                let at = (lead.created() + draw.between(0, 20 * DAY)).min(self.span.end - 1);
                crm::activities::Model {
                    rep_id: Some(keys::rep(lead.rep)),
                    account_id: lead.deal.as_ref().map(|deal| keys::account(deal.account)),
                    lead_id: Some(keys::lead(number)),
                    prospecting: direction == Direction::Outbound && draw.chance(600),
                    occurred_at: instant(at),
                    ..row
                }
            }
        }]
    }

    pub fn training_row(&self, number: u64, of: u64) -> [crm::training_results::Model; 1] {
        let mut draw = self.draw(Stream::Training, number);
        let at = self.spread(&mut draw, number, of);
        [crm::training_results::Model {
            id: keys::other("trn", number),
            rep_id: Some(keys::rep(self.some_rep(&mut draw))),
            product_id: Some(keys::product(draw.below(20))),
            score: draw.chance(900).then(|| draw.between(40, 100) as i32),
            completed_at: instant(at),
        }]
    }

    pub fn sign_in_row(&self, number: u64, of: u64) -> [crm::sign_ins::Model; 1] {
        let mut draw = self.draw(Stream::SignIn, number);
        let at = self.spread(&mut draw, number, of);
        [crm::sign_ins::Model {
            id: keys::other("sgn", number),
            rep_id: Some(keys::rep(self.some_rep(&mut draw))),
            signed_in_at: instant(at),
        }]
    }
}
