//! What reps do all day: calls, e-mails, meetings and messages; and when they sign in.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, Minute, day_at, instant, is_weekend, midnight};
use crate::dice::Dice;
use crate::reps::Rep;
use crm_kpi_crm::activities::{Direction, Kind};
use crm_kpi_crm::{activities, sign_ins};

/// A lead that nothing was decided about is worked on for so many days.
const LEAD_DAYS: Day = 40;

/// How often somebody signs in at a weekend, in per mille.
const WEEKEND: i64 = 15;

impl Branch<'_> {
    /// Activities by time.
    pub fn activities(&self) -> impl Iterator<Item = activities::Model> {
        let mut rows = Vec::new();
        for mut desk in Desk::all(self) {
            let mut days = self.dice("recorded activities", desk.seat);
            for day in self.recorded_days(&mut days, desk.rep) {
                desk.move_to(day);
                desk.work(day, &mut rows);
            }
        }
        by_time(rows).map(|(place, row)| activities::Model { id: self.id("act", place), ..row })
    }

    /// Sign-ins by time.
    pub fn sign_ins(&self) -> impl Iterator<Item = sign_ins::Model> {
        let mut rows = Vec::new();
        for (place, seat) in self.seats.iter().enumerate().filter(|(_, seat)| seat.first) {
            let rep = &seat.rep;
            let mut dice = self.dice("sign-ins", place);
            let mut sign_in = |at: Minute| {
                let rep_id = Some(self.company.rep_id(rep.number));
                rows.push((at, sign_ins::Model { rep_id, signed_in_at: instant(at), ..Default::default() }));
            };
            let mut days = self.dice("recorded sign-ins", place);
            for day in self.recorded_days(&mut days, rep) {
                if !dice.chance(if is_weekend(day) { WEEKEND } else { rep.adoption }) {
                    continue;
                }
                let at = rep.opening(day) + dice.around(0, 120);
                sign_in(at);
                if dice.chance(120) {
                    sign_in(at + dice.between(180, 400));
                }
            }
        }
        by_time(rows).map(|(place, row)| sign_ins::Model { id: self.id("sign", place), ..row })
    }

    /// The days of a rep of which it is recorded what was done: all of the demo, some of them where there is less to do.
    fn recorded_days(&self, dice: &mut Dice, rep: &Rep) -> Vec<Day> {
        let pause = (1000 / self.company.detail.days).max(1);
        let days = rep.days(&self.company.span);
        let mut day = i64::from(*days.start()) + dice.between(0, 2 * pause - 2);
        let mut recorded = Vec::new();
        while day <= i64::from(*days.end()) {
            recorded.push(day as Day);
            day += dice.between(1, 2 * pause - 1);
        }
        recorded
    }
}

/// What a rep has to do on some day.
struct Desk<'a> {
    branch: &'a Branch<'a>,
    seat: usize,
    rep: &'a Rep,
    dice: Dice,
    accounts: Vec<usize>,
    deals: Queue,
    leads: Queue,
}

/// Places of deals or leads: those to come, by creation, and those that are live.
#[derive(Default)]
struct Queue {
    all: Vec<usize>,
    next: usize,
    live: Vec<usize>,
}

impl Queue {
    /// Takes up those that were created before the day, and puts away those that are over on it.
    fn move_to(&mut self, day: Day, created: impl Fn(usize) -> Minute, over: impl Fn(usize) -> bool) {
        while let Some(&place) = self.all.get(self.next).filter(|place| created(**place) < midnight(day)) {
            self.live.push(place);
            self.next += 1;
        }
        self.live.retain(|place| !over(*place));
    }

    fn pick(&self, dice: &mut Dice) -> Option<usize> {
        (!self.live.is_empty()).then(|| dice.pick(&self.live))
    }
}

impl<'a> Desk<'a> {
    fn all(branch: &'a Branch) -> Vec<Self> {
        let books = branch.accounts_by_seat().into_iter().enumerate();
        let mut desks: Vec<Self> = books
            .map(|(seat, accounts)| Self {
                branch,
                seat,
                rep: branch.rep(seat),
                dice: branch.dice("activities", seat),
                accounts,
                deals: Queue::default(),
                leads: Queue::default(),
            })
            .collect();
        for (place, deal) in branch.deals.iter().enumerate() {
            desks[deal.seat].deals.all.push(place);
        }
        for (place, lead) in branch.leads.iter().enumerate() {
            desks[lead.seat].leads.all.push(place);
        }
        desks
    }

    fn move_to(&mut self, day: Day) {
        let (deals, leads) = (&self.branch.deals, &self.branch.leads);
        self.deals.move_to(
            day,
            |place| deals[place].created,
            |place| deals[place].closed.is_some_and(|closed| day_at(closed) <= day),
        );
        self.leads.move_to(
            day,
            |place| leads[place].created,
            |place| {
                let lead = &leads[place];
                lead.deal.map(|deal| deals[deal].created).or(lead.done()).is_some_and(|end| day_at(end) <= day)
                    || day - day_at(lead.created) > LEAD_DAYS
            },
        );
    }

    fn work(&mut self, day: Day, rows: &mut Vec<(Minute, activities::Model)>) {
        if !self.rep.is_at_work(&mut self.dice, day) {
            return;
        }
        let busy = self.branch.company.detail.days.max(1000);
        let count = self.dice.around(1, 6) * self.rep.diligence * busy / 1000;
        for _ in 0..self.dice.rounded(count) {
            let at = self.rep.time_on(&mut self.dice, day);
            rows.push((at, self.activity(at)));
        }
    }

    fn activity(&mut self, at: Minute) -> activities::Model {
        const KINDS: [Kind; 4] = [Kind::Call, Kind::Email, Kind::Meeting, Kind::Message];
        let dice = &mut self.dice;
        let row = activities::Model {
            rep_id: Some(self.branch.company.rep_id(self.rep.number)),
            occurred_at: instant(at),
            ..Default::default()
        };
        let subject = match dice.weighted(&[32, 38, 10, 20]) {
            1 => self.deals.pick(dice).map(|deal| activities::Model {
                opportunity_id: Some(self.branch.deal_id(deal)),
                account_id: Some(self.branch.account_id(self.branch.deals[deal].account)),
                ..row.clone()
            }),
            2 => self.leads.pick(dice).map(|lead| self.about_lead(row.clone(), lead)),
            3 => {
                let mut customers = (0..8).filter_map(|_| self.accounts.get(dice.place(self.accounts.len())));
                let customer = customers.find(|account| self.branch.accounts[**account].is_customer(at));
                let account_id = customer.map(|account| self.branch.account_id(*account));
                account_id.map(|id| activities::Model { account_id: Some(id), ..row.clone() })
            }
            _ => None,
        };
        let Some(row) = subject else { return self.approach(row) };
        let kind = KINDS[self.dice.weighted(&[38, 36, 18, 8])];
        let direction = if self.dice.chance(740) { Direction::Outbound } else { Direction::Inbound };
        let personalized = direction == Direction::Outbound && self.personal(kind);
        activities::Model { kind, direction, personalized, ..row }
    }

    /// A first approach, to a lead or to a stranger.
    fn approach(&mut self, row: activities::Model) -> activities::Model {
        const KINDS: [Kind; 3] = [Kind::Call, Kind::Email, Kind::Message];
        let lead = if self.dice.chance(450) { self.leads.pick(&mut self.dice) } else { None };
        let kind = KINDS[self.dice.weighted(&[44, 46, 10])];
        let personalized = self.personal(kind);
        let row = match lead {
            Some(lead) => self.about_lead(row, lead),
            None => row,
        };
        activities::Model { kind, direction: Direction::Outbound, prospecting: true, personalized, ..row }
    }

    fn about_lead(&self, row: activities::Model, lead: usize) -> activities::Model {
        activities::Model { lead_id: Some(self.branch.lead_id(lead)), ..row }
    }

    /// Whether what is written is written for one recipient.
    fn personal(&mut self, kind: Kind) -> bool {
        matches!(kind, Kind::Email | Kind::Message) && self.dice.chance(self.rep.personal)
    }
}
