use super::draw::{Draw, Stream};
use super::time::{DAY, Second};
use super::vocabulary::{LOSS_REASONS, PROPOSAL, SEGMENTS, STAGES};
use super::world::World;
use crate::crm::opportunities::Status;
use crate::crm::opportunity_stages::Outcome;

/// How many stays in stages deals have: two and a half.
const STAYS: [u64; 5] = [20, 35, 25, 15, 5];

/// Products with odd numbers are paid for every month.
pub(super) fn is_recurring(product: u64) -> bool {
    product % 2 == 1
}

/// A deal, as far as it went before the end of the data.
pub(super) struct Deal {
    pub number: u64,
    pub account: u64,
    pub rep: u64,
    /// Who owned it during its first stay.
    pub first_rep: u64,
    pub product: u64,
    pub source: u64,
    pub status: Status,
    pub loss_reason: Option<&'static str>,
    pub amount: i64,
    pub monthly: Option<i64>,
    pub created: Second,
    pub first_contact: Option<Second>,
    pub closed: Option<Second>,
    /// In how many stages it would be.
    stays: usize,
    /// How long it takes, at least.
    time: Second,
    /// Draws its way.
    way: Draw,
}

/// A stay in a stage.
pub(super) struct Stay {
    /// Place in [`STAGES`].
    pub stage: usize,
    pub entered: Second,
    /// Unset while it lasts.
    pub left: Option<(Second, Outcome)>,
}

impl World {
    /// A deal by its number: they are in the order of their creation, give or take two days.
    pub fn deal(&self, number: u64) -> Deal {
        let mut draw = self.draw(Stream::Deal, number);
        let account_number = self.account_of(number);
        let account = self.account(account_number);
        let span = &self.span;
        let created = (span.part(number, self.deals) + draw.between(0, 2 * DAY)).min(span.end - 1);
        let time = draw.between(span.cycle.0, span.cycle.1);
        // Some are never closed: with those that go on at the end they are one in ten.
        let going_on = (span.cycle.0 + span.cycle.1) * 500 / (span.end - span.start);
        let forgotten = draw.chance((100 - going_on).max(0).unsigned_abs());
        let closed = span.before_end(created + time).filter(|_| !forgotten);
        let won = draw.chance(450);
        let reason = draw.pick(&LOSS_REASONS);
        let (status, loss_reason) = match (closed, won) {
            (None, _) => (Status::Open, None),
            (Some(_), true) => (Status::Won, None),
            (Some(_), false) => (Status::Lost, Some(reason)),
        };
        let rep = if draw.chance(900) { account.rep } else { self.some_rep(&mut draw) };
        let first_rep = if draw.chance(970) { rep } else { self.some_rep(&mut draw) };
        let product = draw.skewed(20);
        let (_, low, high) = SEGMENTS[account.market.segment];
        let part = draw.between(0, 1000);
        let amount = (low + (high - low) * part * part / 1_000_000) * 100;
        Deal {
            number,
            account: account_number,
            rep,
            first_rep,
            product,
            source: Self::some_source(&mut draw),
            status,
            loss_reason,
            amount,
            monthly: is_recurring(product).then_some(amount / 12),
            created,
            first_contact: draw.chance(900).then(|| created - draw.between(0, 20 * DAY)),
            closed,
            stays: 1 + draw.weighted(&STAYS),
            time,
            way: draw,
        }
    }
}

impl Deal {
    pub fn is_won(&self) -> bool {
        self.status == Status::Won
    }

    /// Its stays in stages, without gaps, and when proposals were sent.
    pub fn way(mut self, end: Second) -> (Vec<Stay>, Vec<Second>) {
        let draw = &mut self.way;
        let count = self.stays as i64;
        let first = match self.status {
            Status::Won => STAGES.len() - self.stays,
            _ => usize::from(draw.chance(300)),
        };
        let back = self.status != Status::Won && self.stays > 2 && draw.chance(150);
        let proposals = draw.weighted(&[10, 60, 30]);
        let mut stays = Vec::with_capacity(self.stays);
        let mut entered = self.created;
        for place in 0..self.stays {
            let last = place + 1 == self.stays;
            let stage = if last && back { first + place - 2 } else { first + place };
            let outcome = match self.status {
                Status::Won if last => Outcome::Won,
                _ if last => Outcome::Lost,
                _ if back && place + 2 == self.stays => Outcome::Returned,
                _ => Outcome::Advanced,
            };
            let share = (place as i64 + 1) * 100 + draw.between(-40, 40);
            let left = if last { self.closed } else { Some(self.created + self.time * share / (count * 100)) };
            let left = left.filter(|at| *at < end).map(|at| (at, outcome));
            stays.push(Stay { stage, entered, left });
            match left {
                Some((at, _)) => entered = at,
                None => break,
            }
        }
        let sent = stays.iter().find(|stay| stay.stage >= PROPOSAL).map_or(Vec::new(), |stay| {
            let until = self.closed.unwrap_or(end);
            (0..proposals as i64).map(|number| stay.entered + (until - stay.entered) * (number + 1) / 5).collect()
        });
        (stays, sent)
    }
}
