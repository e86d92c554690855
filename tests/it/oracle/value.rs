//! The values that the service has to write for an oracle's integers.

use super::sql::{Figure, Oracle, Quantity};
use crm_kpi::proto;
use rust_decimal::Decimal;

/// Decimals that values of a unit are rounded to.
pub fn scale(kpi: &proto::Kpi) -> usize {
    match kpi.unit() {
        proto::KpiUnit::Count => 0,
        proto::KpiUnit::Currency => 2,
        proto::KpiUnit::Ratio | proto::KpiUnit::Number => 6,
        _ => 4,
    }
}

/// The value as the service has to write it.
pub fn right_value(oracle: &Oracle, scale: usize, figure: Figure) -> proto::KpiValue {
    let numerator_per_unit = oracle.numerator.per_unit();
    let Some(denominator) = oracle.denominator else {
        let value = Some(rounded(figure.numerator, numerator_per_unit, scale));
        return proto::KpiValue { value, ..Default::default() };
    };
    let (value, null_reason) = if figure.denominator == 0 {
        (None, proto::NullReason::ZeroDenominator)
    } else {
        let (over, under) = (figure.numerator * denominator.per_unit(), figure.denominator * numerator_per_unit);
        (Some(rounded(over, under, scale)), proto::NullReason::Unspecified)
    };
    proto::KpiValue {
        value,
        null_reason: null_reason.into(),
        numerator: Some(part(oracle.numerator, figure.numerator)),
        denominator: Some(part(denominator, figure.denominator)),
        ..Default::default()
    }
}

/// A numerator or denominator: exact, or a duration with 12 decimals.
fn part(quantity: Quantity, integer: i128) -> String {
    let scale = match quantity {
        Quantity::Ones | Quantity::Seconds => 0,
        Quantity::MinorUnits => 2,
        Quantity::MinorUnitsTimes10000 => 6,
        Quantity::Milliseconds | Quantity::MillisecondsAsHours => 12,
    };
    rounded(integer, quantity.per_unit(), scale)
}

/// A quotient of integers as a plain decimal, rounded half to even.
pub fn rounded(numerator: i128, denominator: i128, scale: usize) -> String {
    let power = 10i128.pow(u32::try_from(scale).unwrap());
    let (over, under) = ((numerator * power).abs(), denominator.abs());
    let (quotient, rest) = (over / under, over % under);
    let up = rest * 2 > under || (rest * 2 == under && quotient % 2 == 1);
    let digits = (quotient + i128::from(up)).to_string();
    let sign = if digits != "0" && (numerator < 0) != (denominator < 0) { "-" } else { "" };
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, decimals) = digits.split_at(digits.len() - scale);
    if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") }
}

/// Values are the same text; numerators and denominators the same numbers, however many zeros they end with.
pub fn same(right: &proto::KpiValue, found: &proto::KpiValue) -> bool {
    let number = |text: &Option<String>| text.as_ref().map(|text| text.parse::<Decimal>().unwrap());
    right.value == found.value
        && right.null_reason == found.null_reason
        && number(&right.numerator) == number(&found.numerator)
        && number(&right.denominator) == number(&found.denominator)
}

/// A value as a reader wants it.
pub fn describe(value: &proto::KpiValue) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".into());
    match (&value.numerator, &value.denominator) {
        (None, None) => text(&value.value),
        (numerator, denominator) => format!("{} = {} / {}", text(&value.value), text(numerator), text(denominator)),
    }
}

#[test]
fn rounding_is_half_to_even() {
    let cases = [(5, 2, 0, "2"), (7, 2, 0, "4"), (-5, 2, 0, "-2"), (1, 8, 2, "0.12"), (3, 8, 2, "0.38")];
    for (numerator, denominator, scale, text) in cases {
        assert_eq!(rounded(numerator, denominator, scale), text);
    }
    assert_eq!(rounded(-1, 1000, 2), "0.00");
    assert_eq!(rounded(1_000_553_400, 100, 2), "10005534.00");
    assert_eq!(rounded(2, -3, 6), "-0.666667");
}
