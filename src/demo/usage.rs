//! How reps use the CRM, and what they learn about what they sell.

use super::calendar::{Day, Minute, by_day, is_weekend, midnight};
use super::dataset::Dataset;
use super::dice::Dice;
use super::vocabulary::PRODUCTS;

/// How often somebody signs in at a weekend, in per mille.
const WEEKEND: i64 = 15;

/// Days between trainings.
const TRAINING_DAYS: i64 = 91;

/// A rep's sign-in.
pub(super) struct SignIn {
    pub rep: u32,
    pub at: Minute,
}

/// Sign-ins by time.
pub(super) fn sign_ins(data: &Dataset) -> impl Iterator<Item = SignIn> {
    let dice = |rep: u32| Dice::new(data.options.seed, "sign-ins", rep);
    let mut dice: Vec<Dice> = data.staff.iter().map(|employee| dice(employee.rep.number)).collect();
    by_day(
        data.span.first..=data.span.last,
        |sign_in: &SignIn| sign_in.at,
        move |day, sign_ins| {
            for (employee, dice) in data.staff.iter().zip(&mut dice) {
                let chance = if is_weekend(day) { WEEKEND } else { employee.adoption };
                if !employee.employed(day) || !dice.chance(chance) {
                    continue;
                }
                let (rep, opening) = (employee.rep.number, employee.rep.region.opening_hour * 60);
                let at = midnight(day) + opening + dice.around(0, 120);
                sign_ins.push(SignIn { rep, at });
                if dice.chance(120) {
                    sign_ins.push(SignIn { rep, at: at + dice.between(180, 400) });
                }
            }
        },
    )
}

/// A training that a rep completed.
pub(super) struct Training {
    pub rep: u32,
    /// Place in PRODUCTS.
    pub product: usize,
    pub score: i32,
    pub at: Minute,
}

/// Trainings by time: about one a quarter for every rep.
pub(super) fn trainings(data: &Dataset) -> Vec<Training> {
    let mut trainings = Vec::new();
    for employee in &data.staff {
        let rep = &employee.rep;
        let mut dice = Dice::new(data.options.seed, "trainings", rep.number);
        let last = employee.left.unwrap_or(data.span.last);
        let mut day = data.span.first.max(employee.from) + dice.between(10, 60) as Day;
        while day <= last {
            if dice.chance(930) {
                let score = dice.around(64, 94) + (rep.skill - 250) / 25;
                trainings.push(Training {
                    rep: rep.number,
                    product: dice.below(PRODUCTS.len() as u32) as usize,
                    score: score.clamp(60, 100) as i32,
                    at: rep.time_around(&mut dice, day),
                });
            }
            day += dice.around(TRAINING_DAYS - 25, TRAINING_DAYS + 25) as Day;
        }
    }
    trainings.sort_by_key(|training| training.at);
    trainings
}
