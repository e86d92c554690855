//! What currencies are worth against the dollar, from the first of each month.

use crate::calendar::{date_of, day_of, months};
use crate::company::Company;
use crate::dice::Dice;
use chrono::{Datelike, NaiveDate};
use crm_kpi_crm::exchange_rates::Model;

/// The rates begin in January, so many years before the year that the deals begin in: before the first order.
const YEARS_BEFORE: i32 = 3;

/// Parts of the last decimal that are counted with.
const FINE: i64 = 1000;

/// A currency against the dollar.
struct Course {
    currency: &'static str,
    quote: &'static str,
    /// In units of its last decimal.
    start: i64,
    decimals: usize,
    /// What it moves in a month at most, and by how much it rises, in per hundred thousand.
    swing: i64,
    trend: i64,
}

const fn course(currency: &'static str, quote: &'static str, start: i64, decimals: usize, moves: (i64, i64)) -> Course {
    Course { currency, quote, start, decimals, swing: moves.0, trend: moves.1 }
}

/// Each as the market tells it.
const COURSES: [Course; 11] = [
    course("EUR", "USD", 10_920, 4, (1_400, 0)),
    course("GBP", "USD", 12_780, 4, (1_500, 0)),
    course("AUD", "USD", 6_780, 4, (1_700, 0)),
    course("KWD", "USD", 32_530, 4, (120, 0)),
    course("USD", "CAD", 13_380, 4, (1_000, 20)),
    course("USD", "CHF", 9_050, 4, (1_300, -60)),
    course("USD", "JPY", 13_140, 2, (1_900, 180)),
    course("USD", "INR", 7_960, 2, (600, 130)),
    course("USD", "BRL", 51_400, 4, (2_200, 90)),
    course("USD", "AED", 36_725, 4, (0, 0)),
    course("USD", "IRR", 412_000, 0, (1_800, 1_350)),
];

impl Company {
    /// Exchange rates, by currencies and day.
    pub fn exchange_rates(&self) -> impl Iterator<Item = Model> {
        let first = NaiveDate::from_ymd_opt(date_of(self.span.first).year() - YEARS_BEFORE, 1, 1);
        let months = months(first.map_or(self.span.first, day_of), self.span.last + 1);
        (0_u64..).zip(&COURSES).flat_map(move |(place, course)| {
            let values = course.values(self.dice("exchange rate", place));
            months.clone().into_iter().zip(values).map(|((from, _), value)| Model {
                currency: course.currency.to_owned(),
                quote_currency: course.quote.to_owned(),
                valid_from: date_of(from),
                rate: course.written(value),
                ..Default::default()
            })
        })
    }
}

impl Course {
    /// Month by month: it keeps some of its pace, and is drawn back to its trend.
    fn values(&self, mut dice: Dice) -> impl Iterator<Item = i64> {
        let mut level = self.start * FINE;
        let mut value = level;
        let mut pace = 0;
        std::iter::from_fn(move || {
            let now = value / FINE;
            level += level * self.trend / 100_000;
            pace = pace / 2 + value / 100_000 * dice.between(-self.swing, self.swing);
            value += pace + value / 100_000 * self.trend + (level - value) / 12;
            Some(now)
        })
    }

    fn written(&self, value: i64) -> String {
        let one = 10_i64.pow(self.decimals as u32);
        match self.decimals {
            0 => value.to_string(),
            decimals => format!("{}.{:0decimals$}", value / one, value % one),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_smooth_and_stay_near() {
        for (seed, course) in (1..40).flat_map(|seed| COURSES.iter().map(move |course| (seed, course))) {
            let values: Vec<i64> = course.values(Dice::new(seed, "test", 0)).take(84).collect();
            assert_eq!(values[0], course.start);
            for pair in values.windows(2) {
                let permille = 1000 * (pair[1] - pair[0]) / pair[0];
                assert!((-60..=70).contains(&permille), "{} moves {permille} per mille", course.currency);
            }
            if course.trend == 0 {
                let near = course.start * 7 / 10..=course.start * 13 / 10;
                assert!(values.iter().all(|value| near.contains(value)), "{} {values:?}", course.currency);
            }
        }
        assert_eq!(COURSES[0].written(10_920), "1.0920");
        assert_eq!(COURSES[0].written(70), "0.0070");
        assert_eq!(COURSES[10].written(412_000), "412000");
    }
}
