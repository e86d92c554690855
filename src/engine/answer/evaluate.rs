//! From measures to figures that people read.

use crate::catalog::{Dimension, Direction, Quantity};
use crate::crm::{currency_code, currency_decimals};
use crate::engine::model::{Code, MissingRate, NullReason, Question};
use crate::engine::plan::{Computation, Plan, Term};
use crate::engine::read::{Figures, GroupKey, fine_decimals};
use crate::error::{Error, Result};
use rust_decimal::{Decimal, RoundingStrategy};

const MILLISECONDS_A_DAY: i64 = 86_400_000;

const MILLISECONDS_AN_HOUR: i64 = 3_600_000;

/// Decimals of a duration's sum: enough to recover every millisecond.
const DURATION_SCALE: u32 = 12;

/// Decimals of basis points.
const BASIS_POINTS_SCALE: u32 = 4;

/// The measures of one group at one bucket.
struct Cell<'a> {
    figures: &'a Figures,
    group: usize,
    key: &'a GroupKey,
    bucket: usize,
    /// Decimals of its currency.
    money_scale: u32,
}

/// Numerator and denominator.
type Parts = (Decimal, Decimal);

/// A value before it is rounded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    pub value: Result<Decimal, NullReason>,
    /// Of a quotient.
    pub quotient: Option<Parts>,
    /// Decimals that it is rounded to.
    pub scale: u32,
    /// Which values of its KPI are better.
    pub direction: Direction,
}

/// The values of one group at one bucket, one for each KPI.
pub(super) fn values(
    plan: &Plan,
    question: &Question,
    figures: &Figures,
    (key, group): (&GroupKey, usize),
    bucket: usize,
) -> Result<Vec<Exact>> {
    let any_money = plan.formulas.iter().any(Computation::has_money);
    let code = if any_money { own_currency(question, key) } else { None };
    let own_scale = code.map(|code| currency_decimals(&currency_code(code)));
    let money_scale = own_scale.flatten().or_else(|| currency_decimals(question.currency.code())).unwrap_or_default();
    // How many decimals amounts have is not known of a code that is no currency's.
    let unknown = code.filter(|_| own_scale == Some(None)).map(|code| {
        let day = question.timeline.buckets.get(bucket).map_or(question.timeline.first(), |bucket| bucket.last);
        MissingRate { day, currency: Code::new(code) }
    });
    if let Some(missing) = unknown.filter(|_| question.require_rates) {
        return Err(missing.into_error(question.currency));
    }
    let cell = Cell { figures, group, key, bucket, money_scale };
    let mut values = Vec::with_capacity(plan.formulas.len());
    let ahead = figures.stretches[bucket].ahead;
    for (place, (formula, kpi)) in plan.formulas.iter().zip(&question.kpis).enumerate() {
        let overflow = || Error::Overflow(format!("the KPI {}", kpi.id));
        let unknown = unknown.filter(|_| formula.has_money());
        let (value, quotient) = if figures.without_source.get(place) == Some(&true) {
            (Err(NullReason::NoSource), None)
        } else if ahead && plan.ends_now[place] {
            (Err(NullReason::NotYetDue), None)
        } else if figures.foreign.is_some() && formula.has_money() {
            (Err(NullReason::MixedCurrencies), None)
        } else if let Some(missing) = unknown.or_else(|| cell.lost(formula)) {
            (Err(NullReason::MissingRate(missing)), None)
        } else {
            cell.value(formula).ok_or_else(overflow)?
        };
        values.push(Exact { value, quotient, scale: kpi.unit.scale(money_scale), direction: kpi.direction });
    }
    Ok(values)
}

/// The code of a group's amounts, where groups have currencies of their own.
fn own_currency<'a>(question: &Question, key: &'a GroupKey) -> Option<&'a String> {
    let place = question.group_by.iter().position(|&dimension| dimension == Dimension::Currency);
    let own = place.filter(|_| question.own_currency);
    own.and_then(|place| key.get(place)).filter(|code| !code.is_empty())
}

/// Whether a group has data: anything that its KPIs are computed from is other than 0 in some bucket.
pub(super) fn has_data(plan: &Plan, figures: &Figures, key: &GroupKey, group: usize) -> bool {
    plan.formulas.iter().flat_map(Computation::leaves).any(|(measure, at_start)| {
        let first = usize::from(!at_start);
        let is_some =
            |slot| figures.at(group, key, measure, slot) != 0 || figures.lost(group, key, measure, slot).is_some();
        (first..first + figures.buckets).any(is_some)
    })
}

impl Cell<'_> {
    /// The earliest day without a rate, of everything that a formula is computed from.
    fn lost(&self, formula: &Computation) -> Option<MissingRate> {
        if !self.figures.has_lost() {
            return None;
        }
        let slot = |at_start: bool| self.bucket + usize::from(!at_start);
        let lost = |(measure, at_start)| self.figures.lost(self.group, self.key, measure, slot(at_start));
        formula.leaves().into_iter().filter_map(lost).min()
    }

    /// The value, and of a quotient numerator and denominator. `None` where one does not fit a decimal.
    fn value(&self, formula: &Computation) -> Option<(Result<Decimal, NullReason>, Option<Parts>)> {
        Some(match formula {
            Computation::Figure(figure) => (Ok(self.term(figure)?), None),
            Computation::Quotient(numerator, denominator) => {
                let (numerator, denominator) = (self.term(numerator)?, self.term(denominator)?);
                let value = if denominator.is_zero() {
                    Err(NullReason::ZeroDenominator)
                } else {
                    Ok(numerator.checked_div(denominator)?)
                };
                (value, Some((numerator, denominator)))
            }
        })
    }

    fn term(&self, term: &Term) -> Option<Decimal> {
        match term {
            Term::Measure(measure, quantity) => self.quantity(*measure, *quantity, self.bucket + 1),
            Term::AtStart(measure, quantity) => self.quantity(*measure, *quantity, self.bucket),
            Term::Sum(terms) => terms.iter().try_fold(Decimal::ZERO, |sum, term| sum.checked_add(self.term(term)?)),
            Term::Difference(left, right) => self.term(left)?.checked_sub(self.term(right)?),
            Term::Product(left, right) => self.term(left)?.checked_mul(self.term(right)?),
            Term::Times(factor, term) => self.term(term)?.checked_mul(Decimal::from(*factor)),
            Term::DaysInBucket => Some(Decimal::from(self.figures.stretches[self.bucket].days)),
        }
    }

    fn quantity(&self, measure: usize, quantity: Quantity, slot: usize) -> Option<Decimal> {
        let figure = self.figures.at(self.group, self.key, measure, slot);
        let decimal = |scale| Decimal::try_from_i128_with_scale(figure, scale).ok();
        match quantity {
            Quantity::Count => decimal(0),
            Quantity::Money => fine_decimal(figure, fine_decimals(quantity), self.money_scale),
            Quantity::WeightedMoney => {
                fine_decimal(figure, fine_decimals(quantity), self.money_scale + BASIS_POINTS_SCALE)
            }
            Quantity::Days => Some(rounded(decimal(0)?.checked_div(MILLISECONDS_A_DAY.into())?, DURATION_SCALE)),
            Quantity::Hours => Some(rounded(decimal(0)?.checked_div(MILLISECONDS_AN_HOUR.into())?, DURATION_SCALE)),
            Quantity::Seconds => decimal(0),
        }
    }
}

/// A figure of money as a decimal with a scale beside its fine decimals; these are rounded where 28 digits do not hold them.
fn fine_decimal(figure: i128, fine_decimals: u32, scale: u32) -> Option<Decimal> {
    let mut fine = fine_decimals;
    let whole = figure / 10i128.pow(fine);
    if whole * 10i128.pow(fine) == figure {
        return Decimal::try_from_i128_with_scale(whole, scale).ok();
    }
    loop {
        let divisor = 10i128.pow(fine_decimals - fine);
        let half = figure.signum() * (divisor / 2);
        match Decimal::try_from_i128_with_scale((figure + half) / divisor, scale + fine) {
            Ok(decimal) => return Some(decimal),
            Err(_) => fine = fine.checked_sub(1)?,
        }
    }
}

/// Rounded half to even to exactly so many decimals.
pub(super) fn rounded(figure: Decimal, scale: u32) -> Decimal {
    let mut rounded = figure.round_dp_with_strategy(scale, RoundingStrategy::MidpointNearestEven);
    rounded.rescale(scale);
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    rounded
}

#[cfg(test)]
mod tests {
    use super::{fine_decimal, rounded};

    #[test]
    fn fine_figures_keep_as_many_digits_as_there_are() {
        let text = |figure: i128, scale| fine_decimal(figure, 12, scale).map(|decimal| decimal.to_string());
        assert_eq!(text(i128::from(i64::MAX) * 1_000_000_000_000, 2).as_deref(), Some("92233720368547758.07"));
        assert_eq!(text(1_500_000_000_000, 0).as_deref(), Some("1.500000000000"));
        // 29 and 31 digits: the last ones are rounded.
        let figure = 90_071_992_547_409_931_234_567_890_125;
        assert_eq!(text(figure, 2).as_deref(), Some("900719925474099.3123456789013"));
        let figure = -1_234_567_890_123_456_789_012_345_678_950;
        assert_eq!(text(figure, 0).as_deref(), Some("-1234567890123456789.0123456790"));
    }

    #[test]
    fn figures_have_exactly_the_decimals_of_their_column() {
        let fixed = |text: &str, scale| rounded(text.parse().unwrap(), scale).to_string();
        assert_eq!(fixed("0.6315", 6), "0.631500");
        assert_eq!(fixed("10005534", 2), "10005534.00");
        assert_eq!(fixed("-0.00", 2), "0.00");
        assert_eq!(fixed("0.125", 2), "0.12");
        assert_eq!(fixed("12.00", 0), "12");
    }
}
