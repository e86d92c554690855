//! What reps learn about what they sell.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, instant};
use crate::keys::product_id;
use crate::vocabulary::PRODUCTS;
use crm_kpi_crm::training_results::Model;

/// Days between trainings.
const TRAINING_DAYS: i64 = 91;

impl Branch<'_> {
    /// Trainings by time: about one a quarter for every rep.
    pub fn training_results(&self) -> impl Iterator<Item = Model> {
        let mut rows = Vec::new();
        for (seat, rep) in self.keepers() {
            let mut dice = self.dice("trainings", seat);
            let days = rep.days(&self.company.span);
            let mut day = days.start() + dice.between(10, 60) as Day;
            while day <= *days.end() {
                if dice.chance(930) {
                    let score = dice.around(64, 94) + (rep.skill - 250) / 25;
                    let product = dice.place(PRODUCTS.len());
                    let at = rep.time_around(&mut dice, day);
                    let row = Model {
                        rep_id: Some(self.company.rep_id(rep.number)),
                        product_id: Some(product_id(product)),
                        score: Some(score.clamp(60, 100) as i32),
                        completed_at: instant(at),
                        ..Default::default()
                    };
                    rows.push((at, row));
                }
                day += dice.around(TRAINING_DAYS - 25, TRAINING_DAYS + 25) as Day;
            }
        }
        by_time(rows).map(|(place, row)| Model { id: self.id("train", place), ..row })
    }
}
