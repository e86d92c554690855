use crate::crm;
use crate::crm::service_calls::Outcome;
use crate::crm::service_cases::Kind;
use crate::crm::survey_answers::Kind as Survey;
use crate::generate::draw::{Draw, Stream};
use crate::generate::keys;
use crate::generate::time::{DAY, HOUR, Second, instant};
use crate::generate::vocabulary::SERVICE_CHANNELS;
use crate::generate::world::World;

const KINDS: [Kind; 4] = [Kind::Question, Kind::Incident, Kind::Complaint, Kind::Request];

/// Each with its lowest and highest score.
const SURVEYS: [(Survey, i64, i64); 3] = [(Survey::Nps, 0, 10), (Survey::Csat, 1, 5), (Survey::Ces, 1, 7)];

/// A case, as far as it went before the end of the data.
struct Case {
    account: u64,
    rep: u64,
    product: u64,
    opened: Second,
    answered: Option<Second>,
    due: Option<Second>,
    resolved: Option<Second>,
    draw: Draw,
}

impl World {
    fn case(&self, number: u64) -> Case {
        let mut draw = self.draw(Stream::Case, number);
        let span = &self.span;
        let opened = self.spread(&mut draw, number, self.cases);
        let account = draw.below(self.accounts);
        let answered = opened + draw.between(HOUR / 6, 2 * DAY);
        let longest = if draw.chance(500) { 6 * HOUR } else { 9 * DAY };
        let resolved = answered + draw.between(HOUR / 6, longest);
        Case {
            account,
            rep: self.account(account).rep,
            product: draw.skewed(20),
            opened,
            answered: span.before_end(answered),
            due: draw.chance(800).then(|| opened + 5 * DAY),
            resolved: span.before_end(resolved),
            draw,
        }
    }

    pub fn service_case_row(&self, number: u64) -> [crm::service_cases::Model; 1] {
        let mut case = self.case(number);
        [crm::service_cases::Model {
            id: keys::case(number),
            rep_id: Some(keys::rep(case.rep)),
            account_id: Some(keys::account(case.account)),
            product_id: Some(keys::product(case.product)),
            kind: Some(KINDS[case.draw.weighted(&[40, 30, 12, 18])]),
            channel: Some(case.draw.pick(&SERVICE_CHANNELS).into()),
            opened_at: instant(case.opened),
            first_response_at: case.answered.map(instant),
            due_at: case.due.map(instant),
            resolved_at: case.resolved.map(instant),
        }]
    }

    /// As many calls as cases, most of them about one.
    pub fn service_call_row(&self, number: u64) -> [crm::service_calls::Model; 1] {
        let mut draw = self.draw(Stream::Call, number);
        let case = self.case(number);
        let about = draw.chance(700);
        let outcome = if draw.chance(90) { Outcome::Abandoned } else { Outcome::Answered };
        let handled = outcome == Outcome::Answered && draw.chance(950);
        [crm::service_calls::Model {
            id: keys::other("call", number),
            rep_id: Some(keys::rep(case.rep)),
            account_id: Some(keys::account(case.account)),
            case_id: about.then(|| keys::case(number)),
            outcome,
            callback: draw.chance(120),
            handle_seconds: handled.then(|| draw.between(60, 1_500)),
            offered_at: instant((case.opened + draw.between(0, 3 * HOUR)).min(self.span.end - 1)),
        }]
    }

    /// What customers say of their cases once these are resolved; about products where that is not yet so.
    pub fn survey_answer_row(&self, number: u64) -> [crm::survey_answers::Model; 1] {
        let mut draw = self.draw(Stream::Answer, number);
        let case = self.case(number);
        let (kind, low, high) = draw.pick(&SURVEYS);
        let score = draw.between(low, high).max(draw.between(low, high));
        let answered = case.resolved.map(|at| at + draw.between(HOUR, 3 * DAY)).filter(|at| *at < self.span.end);
        [crm::survey_answers::Model {
            id: keys::other("ans", number),
            kind,
            rep_id: Some(keys::rep(case.rep)),
            account_id: Some(keys::account(case.account)),
            product_id: Some(keys::product(case.product)),
            case_id: answered.map(|_| keys::case(number)),
            score: score as i32,
            answered_at: instant(answered.unwrap_or(case.opened)),
        }]
    }
}
