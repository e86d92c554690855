//! What customers say when they are asked.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, MINUTES_A_DAY, Minute, day_at, instant};
use crate::dice::Dice;
use crate::keys::product_id;
use crate::service::is_known;
use crm_kpi_crm::survey_answers::{Kind, Model};

/// How likely each score is, from the lowest that is given: of content customers, and of those about to leave.
const NPS: [u32; 11] = [1, 1, 1, 1, 2, 3, 5, 13, 20, 28, 25];
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

impl Branch<'_> {
    /// Answers by time: NPS once or twice a year, CSAT and CES after cases.
    pub fn survey_answers(&self) -> impl Iterator<Item = Model> {
        let mut answers = Vec::new();
        self.add_nps(&mut answers);
        self.add_after_cases(&mut answers);
        by_time(answers).map(|(place, row)| Model { id: self.id("ans", place), ..row })
    }

    fn add_nps(&self, answers: &mut Vec<(Minute, Model)>) {
        let span = &self.company.span;
        let products = self.first_products();
        for (place, account) in self.accounts.iter().enumerate() {
            if account.tenures.is_empty() || !is_known(self, place) {
                continue;
            }
            let mut dice = self.dice("nps", place);
            for tenure in &account.tenures {
                let mut day = day_at(tenure.from).max(span.first - 300);
                loop {
                    day += dice.between(60, 300) as Day;
                    let at = self.rep(account.seat).time_around(&mut dice, day);
                    if at >= tenure.until(span) {
                        break;
                    }
                    if at <= tenure.from || day < span.first || !dice.chance(NPS_ANSWERS) {
                        continue;
                    }
                    let leaves = tenure.end.is_some_and(|(end, _)| end - at < DISCONTENT);
                    let score = dice.weighted(if leaves { &NPS_BEFORE_LEAVING } else { &NPS });
                    answers.push(self.answer(Kind::Nps, score, at, account.seat, place, products[place]));
                }
            }
        }
    }

    fn add_after_cases(&self, answers: &mut Vec<(Minute, Model)>) {
        let mut dice = self.dice("case surveys", 0);
        for (place, case) in self.cases.iter().enumerate() {
            let Some(resolved) = case.resolved else { continue };
            let late = resolved > case.due;
            for kind in [Kind::Csat, Kind::Ces] {
                let at = resolved + dice.between(20, 3 * MINUTES_A_DAY);
                if !dice.chance(CASE_ANSWERS) || at >= self.company.span.end {
                    continue;
                }
                let score = 1 + case_score(&mut dice, kind, late);
                let (at, row) = self.answer(kind, score, at, case.seat, case.account, case.product);
                answers.push((at, Model { case_id: Some(self.case_id(place)), ..row }));
            }
        }
    }

    fn answer(
        &self,
        kind: Kind,
        score: usize,
        at: Minute,
        seat: usize,
        account: usize,
        product: usize,
    ) -> (Minute, Model) {
        let row = Model {
            kind,
            rep_id: Some(self.rep_id(seat)),
            account_id: Some(self.account_id(account)),
            product_id: Some(product_id(product)),
            score: score as i32,
            answered_at: instant(at),
            ..Default::default()
        };
        (at, row)
    }
}

fn case_score(dice: &mut Dice, kind: Kind, late: bool) -> usize {
    match (kind, late) {
        (Kind::Csat, false) => dice.weighted(&CSAT),
        (Kind::Csat, true) => dice.weighted(&CSAT_LATE),
        (_, false) => dice.weighted(&CES),
        (_, true) => dice.weighted(&CES_LATE),
    }
}
