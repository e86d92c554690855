//! What customers say when they are asked.

use super::calendar::{Day, MINUTES_A_DAY, Minute, day_at};
use super::dataset::Dataset;
use super::dice::Dice;
use crate::crm::survey_answers::Kind;

/// How likely each score is, from the lowest that is given: of content customers, and of those about to leave.
const NPS: [u32; 11] = [1, 1, 1, 2, 2, 4, 6, 13, 19, 27, 24];
const NPS_BEFORE_LEAVING: [u32; 11] = [8, 5, 7, 9, 9, 14, 14, 14, 10, 6, 4];
/// Of customers whose case was resolved in time, and of those whose was not.
const CSAT: [u32; 5] = [3, 5, 9, 38, 45];
const CSAT_LATE: [u32; 5] = [16, 22, 28, 24, 10];
const CES: [u32; 7] = [1, 1, 4, 8, 22, 36, 28];
const CES_LATE: [u32; 7] = [10, 14, 20, 22, 18, 11, 5];

/// How many of those who are asked answer, in per mille.
const NPS_ANSWERS: i64 = 380;
const CASE_ANSWERS: i64 = 200;

/// Who leaves is discontent for so long before.
const DISCONTENT: Minute = 150 * MINUTES_A_DAY;

/// A customer's answer.
pub(super) struct Answer {
    pub kind: Kind,
    pub rep: u32,
    /// Place in the accounts.
    pub account: usize,
    /// Place in PRODUCTS.
    pub product: usize,
    /// Place in the cases.
    pub case: Option<usize>,
    pub score: i32,
    pub at: Minute,
}

/// Answers by time: NPS once or twice a year, CSAT and CES after cases.
pub(super) fn answers(data: &Dataset) -> Vec<Answer> {
    let mut answers = Vec::new();
    add_nps(data, &mut answers);
    add_after_cases(data, &mut answers);
    answers.sort_by_key(|answer| answer.at);
    answers
}

fn add_nps(data: &Dataset, answers: &mut Vec<Answer>) {
    let products = data.first_products();
    for (place, account) in data.accounts.iter().enumerate() {
        if account.tenures.is_empty() {
            continue;
        }
        let mut dice = Dice::new(data.options.seed, "nps", place as u32);
        let rep = &data.staff[account.rep as usize].rep;
        for tenure in &account.tenures {
            let until = tenure.end.map_or(data.span.end, |(end, _)| end);
            let mut day = day_at(tenure.from).max(data.span.first - 300);
            loop {
                day += dice.between(60, 300) as Day;
                let at = rep.time_around(&mut dice, day);
                if at >= until {
                    break;
                }
                if at <= tenure.from || day < data.span.first || !dice.chance(NPS_ANSWERS) {
                    continue;
                }
                let leaves = tenure.end.is_some_and(|(end, _)| end - at < DISCONTENT);
                let score = dice.weighted(if leaves { &NPS_BEFORE_LEAVING } else { &NPS });
                answers.push(Answer {
                    kind: Kind::Nps,
                    rep: account.rep,
                    account: place,
                    product: products[place],
                    case: None,
                    score: score as i32,
                    at,
                });
            }
        }
    }
}

fn add_after_cases(data: &Dataset, answers: &mut Vec<Answer>) {
    let mut dice = Dice::new(data.options.seed, "case surveys", 0);
    for (place, case) in data.cases.iter().enumerate() {
        let Some(resolved) = case.resolved else { continue };
        let late = resolved > case.due;
        for kind in [Kind::Csat, Kind::Ces] {
            let at = resolved + dice.between(20, 3 * MINUTES_A_DAY);
            let asked = dice.chance(CASE_ANSWERS) && at < data.span.end;
            if !asked {
                continue;
            }
            let score = match (kind, late) {
                (Kind::Csat, false) => dice.weighted(&CSAT),
                (Kind::Csat, true) => dice.weighted(&CSAT_LATE),
                (_, false) => dice.weighted(&CES),
                (_, true) => dice.weighted(&CES_LATE),
            };
            answers.push(Answer {
                kind,
                rep: case.rep,
                account: case.account,
                product: case.product,
                case: Some(place),
                score: 1 + score as i32,
                at,
            });
        }
    }
}
