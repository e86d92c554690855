//! What reps do all day: calls, e-mails, meetings and messages.

use super::calendar::{Day, Minute, by_day, day_at, is_weekend, midnight};
use super::dataset::Dataset;
use super::dice::Dice;
use super::staff::Employee;
use crate::crm::activities::{Direction, Kind};

/// A lead that nothing was decided about is worked on for so many days.
const LEAD_DAYS: Day = 40;

/// How many working days a rep is away, in per mille.
const AWAY: i64 = 110;

/// What somebody did.
pub(super) struct Activity {
    pub rep: u32,
    pub kind: Kind,
    pub direction: Direction,
    pub subject: Subject,
    pub prospecting: bool,
    pub personalized: bool,
    pub at: Minute,
}

/// Whom or what it was about.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    /// Nobody in the records.
    Stranger,
    /// A place in the leads.
    Lead(usize),
    /// A place in the deals.
    Deal(usize),
    /// A place in the accounts.
    Customer(usize),
}

/// Activities by time.
pub(super) fn activities(data: &Dataset) -> impl Iterator<Item = Activity> {
    let mut desks = Desk::all(data);
    by_day(
        data.span.first..=data.span.last,
        |activity: &Activity| activity.at,
        move |day, activities| {
            for desk in &mut desks {
                desk.move_to(data, day);
                desk.work(data, day, activities);
            }
        },
    )
}

/// What a rep has to do on some day.
struct Desk<'a> {
    employee: &'a Employee,
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
        (!self.live.is_empty()).then(|| *dice.pick(&self.live))
    }
}

impl<'a> Desk<'a> {
    fn all(data: &'a Dataset) -> Vec<Self> {
        let mut books = data.accounts_by_rep();
        let mut desks: Vec<Self> = data
            .staff
            .iter()
            .map(|employee| Self {
                employee,
                dice: Dice::new(data.options.seed, "activities", employee.rep.number),
                accounts: std::mem::take(&mut books[employee.rep.number as usize]),
                deals: Queue::default(),
                leads: Queue::default(),
            })
            .collect();
        for (place, deal) in data.deals.iter().enumerate() {
            desks[deal.rep as usize].deals.all.push(place);
        }
        for (place, lead) in data.leads.iter().enumerate() {
            desks[lead.rep as usize].leads.all.push(place);
        }
        desks
    }

    fn move_to(&mut self, data: &Dataset, day: Day) {
        let deals = &data.deals;
        self.deals.move_to(
            day,
            |place| deals[place].created,
            |place| deals[place].closed.is_some_and(|closed| day_at(closed) <= day),
        );
        let leads = &data.leads;
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

    fn work(&mut self, data: &Dataset, day: Day, activities: &mut Vec<Activity>) {
        if is_weekend(day) || !self.employee.employed(day) || self.dice.chance(AWAY) {
            return;
        }
        let count = (self.dice.around(1, 5) * self.employee.diligence + self.dice.between(0, 999)) / 1000;
        for _ in 0..count {
            let at = self.employee.rep.time_on(&mut self.dice, day);
            activities.push(self.activity(data, at));
        }
    }

    fn activity(&mut self, data: &Dataset, at: Minute) -> Activity {
        let dice = &mut self.dice;
        let subject = match dice.weighted(&[32, 38, 10, 20]) {
            1 => self.deals.pick(dice).map(Subject::Deal),
            2 => self.leads.pick(dice).map(Subject::Lead),
            3 => {
                let tries = if self.accounts.is_empty() { 0 } else { 8 };
                let mut customers = (0..tries).map(|_| *dice.pick(&self.accounts));
                customers.find(|account| data.accounts[*account].is_customer(at)).map(Subject::Customer)
            }
            _ => None,
        };
        let Some(subject) = subject else { return self.approach(at) };
        const KINDS: [Kind; 4] = [Kind::Call, Kind::Email, Kind::Meeting, Kind::Message];
        let kind = KINDS[dice.weighted(&[38, 36, 18, 8])];
        let direction = if dice.chance(740) { Direction::Outbound } else { Direction::Inbound };
        let personalized = direction == Direction::Outbound && self.personal(kind);
        let rep = self.employee.rep.number;
        Activity { rep, kind, direction, subject, prospecting: false, personalized, at }
    }

    /// A first approach, to a lead or to a stranger.
    fn approach(&mut self, at: Minute) -> Activity {
        let lead = if self.dice.chance(450) { self.leads.pick(&mut self.dice) } else { None };
        let subject = lead.map_or(Subject::Stranger, Subject::Lead);
        const KINDS: [Kind; 3] = [Kind::Call, Kind::Email, Kind::Message];
        let kind = KINDS[self.dice.weighted(&[44, 46, 10])];
        let personalized = self.personal(kind);
        let (rep, direction) = (self.employee.rep.number, Direction::Outbound);
        Activity { rep, kind, direction, subject, prospecting: true, personalized, at }
    }

    /// Whether what is written is written for one recipient.
    fn personal(&mut self, kind: Kind) -> bool {
        matches!(kind, Kind::Email | Kind::Message) && self.dice.chance(self.employee.personal)
    }
}
