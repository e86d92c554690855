//! The KPIs that have targets, and how these are written.

use crate::results::Month;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// In whole units of the currency.
    Amount(i64),
    Count(i64),
    Percent(i64),
}

/// What a KPI was in a stretch of months; nothing where it has no value.
pub(crate) struct Kpi {
    pub id: &'static str,
    pub of: fn(&[Month]) -> Option<i64>,
    /// It adds up over time.
    pub flow: bool,
    /// Of what it was, in per mille: the value of a target.
    pub value: fn(i64) -> Value,
}

pub(crate) const FLOWS: [Kpi; 3] = [
    Kpi { id: "won_value", of: |months| sum(months, |month| month.won_amount), flow: true, value: amount },
    Kpi { id: "total_sales", of: |months| sum(months, |month| month.sales), flow: true, value: amount },
    Kpi { id: "opportunities_won", of: |months| sum(months, |month| month.won), flow: true, value: count },
];

pub(crate) const OTHERS: [Kpi; 2] = [
    Kpi { id: "win_rate", of: win_rate, flow: false, value: percent },
    Kpi { id: "pipeline_value", of: |months| months.last().map(|month| month.open_amount), flow: false, value: amount },
];

fn sum(months: &[Month], of: impl Fn(&Month) -> i64) -> Option<i64> {
    Some(months.iter().map(of).sum())
}

fn win_rate(months: &[Month]) -> Option<i64> {
    let [won, closed] = [|month: &Month| month.won, |month: &Month| month.closed].map(|of| sum(months, of));
    closed.filter(|closed| *closed > 0).and_then(|closed| won.map(|won| won * 1000 / closed))
}

fn amount(permille: i64) -> Value {
    Value::Amount(round(permille / 100_000).max(1000))
}

fn count(permille: i64) -> Value {
    Value::Count(round((permille + 500) / 1000).max(1))
}

fn percent(permille: i64) -> Value {
    Value::Percent(((permille + 5_000) / 10_000).clamp(5, 95))
}

/// To two digits and a half, as plans are written.
fn round(value: i64) -> i64 {
    let step = 10_i64.pow(value.max(1).ilog10().saturating_sub(1)) / 2;
    let step = step.max(1);
    (value + step / 2) / step * step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_are_written_with_two_digits_and_a_half() {
        assert_eq!([3, 14, 123, 4_740, 47_260, 1_234_000].map(round), [3, 14, 125, 4_750, 47_500, 1_250_000]);
        assert_eq!(amount(4_726_000 * 1000), Value::Amount(47_500));
        assert_eq!([0, 1_499, 2_500].map(count), [1, 1, 3].map(Value::Count));
        assert_eq!([0, 274_999, 275_000].map(percent), [5, 27, 28].map(Value::Percent));
    }
}
