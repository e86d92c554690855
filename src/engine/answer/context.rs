//! What values are read beside: an earlier period and targets.

use super::evaluate::{Exact, rounded};
use crate::catalog::Direction;
use crate::engine::model::{Attainment, Value, ValueContext};
use crate::engine::read::Aim;
use rust_decimal::Decimal;

/// Decimals of ratios.
const RATIO_SCALE: u32 = 6;

/// A value over another one, where there is such a ratio.
fn ratio(value: Decimal, base: Decimal) -> Option<Decimal> {
    value.checked_div(base).map(|ratio| rounded(ratio, RATIO_SCALE))
}

impl Exact {
    /// The value as it is answered, beside nothing.
    pub fn answered(&self) -> Value {
        let value = self.value.map(|value| rounded(value, self.scale));
        Value { value, quotient: self.quotient, context: None }
    }

    /// How far a target is reached: 1 on target, more is better. Where lower is better, so much below 1 as the value is above
    /// the target.
    fn attainment(&self, target: Decimal) -> Attainment {
        let reached = |value: Decimal| match self.direction {
            Direction::Higher | Direction::Neither => ratio(value, target),
            Direction::Lower => ratio(target.checked_mul(2.into())?.checked_sub(value)?, target),
        };
        let attainment = self.value.ok().and_then(reached);
        Attainment { target: rounded(target, self.scale), attainment }
    }
}

impl Value {
    pub(super) fn context(&mut self) -> &mut ValueContext {
        self.context.get_or_insert_default()
    }

    /// Sets it beside the value of an earlier period.
    pub(super) fn compare(&mut self, now: &Exact, then: Option<&Exact>) {
        let Some(before) = then.and_then(|then| then.value.ok()) else { return };
        let change = now.value.ok().and_then(|value| value.checked_sub(before));
        let context = self.context();
        context.compared = Some(rounded(before, now.scale));
        context.change = change.map(|change| rounded(change, now.scale));
        context.change_ratio = change.and_then(|change| ratio(change, before.abs()));
    }

    /// Sets it beside its own target and the sum of the reps' targets.
    pub(super) fn aim(&mut self, now: &Exact, aim: Aim) {
        let context = self.context();
        context.target = Some(aim.own.map(|target| now.attainment(target)));
        context.reps_target = aim.of_reps.map(|target| now.attainment(target));
    }
}

/// The values as they are answered, beside those of an earlier period and their targets.
pub(super) fn with_context(now: &[Exact], then: &[Exact], aim: impl Fn(usize) -> Option<Aim>) -> Vec<Value> {
    let value = |(kpi, exact): (usize, &Exact)| {
        let mut value = exact.answered();
        value.compare(exact, then.get(kpi));
        if let Some(aim) = aim(kpi) {
            value.aim(exact, aim);
        }
        value
    };
    now.iter().enumerate().map(value).collect()
}
