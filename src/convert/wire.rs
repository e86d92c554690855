//! Rows as they go over the wire: encoded straight from the engine's figures, without the generated messages between. The
//! field numbers come from the descriptor of `result.proto`.

use crate::engine::{Attainment, Key, MissingRate, NoTarget, NullReason, Row, Standing, Value, ValueContext};
use crate::proto::{self, fields, put_head};
use prost::encoding::{WireType, encode_key, encode_varint, encoded_len_varint};
use rust_decimal::Decimal;

/// Writes a row as a field of another message.
pub fn put_row(out: &mut Vec<u8>, field: u32, row: &Row) {
    use fields::result_row::{BUCKET, KEYS, RANK, RANKED, VALUES};
    nested(out, field, |out| {
        put_int(out, BUCKET, row.bucket.map_or(-1, |bucket| i32::try_from(bucket).unwrap_or(i32::MAX)));
        row.keys.iter().for_each(|key| put_key(out, KEYS, key));
        row.values.iter().for_each(|value| put_value(out, VALUES, value));
        if let Some(rank) = row.rank {
            put_int(out, RANK, number(rank.place));
            put_int(out, RANKED, number(rank.of));
        }
    });
}

fn put_key(out: &mut Vec<u8>, field: u32, key: &Key) {
    use fields::dimension_value::{ID, LABEL};
    nested(out, field, |out| {
        put_text(out, ID, &key.id);
        put_text(out, LABEL, &key.label);
    });
}

fn put_value(out: &mut Vec<u8>, field: u32, figure: &Value) {
    use fields::kpi_value::{DENOMINATOR, MISSING_RATE, NULL_REASON, NUMERATOR, VALUE};
    nested(out, field, |out| {
        match figure.value {
            Ok(value) => put_decimal(out, VALUE, value),
            Err(reason) => put_int(out, NULL_REASON, null_reason(reason).into()),
        }
        if let Some((numerator, denominator)) = figure.quotient {
            put_exact(out, NUMERATOR, numerator);
            put_exact(out, DENOMINATOR, denominator);
        }
        if let Some(context) = &figure.context {
            put_context(out, context);
        }
        if let Some(missing) = missing_rate(figure) {
            put_missing_rate(out, MISSING_RATE, &missing);
        }
    });
}

/// Of the value, or else of its target.
fn missing_rate(figure: &Value) -> Option<MissingRate> {
    let target = figure.context.as_ref().and_then(|context| context.target.as_ref());
    match (&figure.value, target) {
        (Err(NullReason::MissingRate(missing)), _) | (_, Some(Err(NoTarget::MissingRate(missing)))) => Some(*missing),
        _ => None,
    }
}

fn put_missing_rate(out: &mut Vec<u8>, field: u32, missing: &MissingRate) {
    use fields::missing_rate::{CURRENCY_CODE, DATE};
    nested(out, field, |out| {
        put_text(out, CURRENCY_CODE, missing.currency.as_str());
        put_text(out, DATE, &missing.day.to_string());
    });
}

fn null_reason(reason: NullReason) -> proto::NullReason {
    match reason {
        NullReason::ZeroDenominator => proto::NullReason::ZeroDenominator,
        NullReason::MixedCurrencies => proto::NullReason::MixedCurrencies,
        NullReason::NoSource => proto::NullReason::NoSource,
        NullReason::NotYetDue => proto::NullReason::NotYetDue,
        NullReason::MissingRate(_) => proto::NullReason::MissingRate,
    }
}

fn put_context(out: &mut Vec<u8>, context: &ValueContext) {
    use fields::kpi_value::*;
    let ValueContext { compared, change, change_ratio, target, reps_target, standing } = context;
    for (field, decimal) in [(COMPARED_VALUE, compared), (CHANGE, change), (CHANGE_RATIO, change_ratio)] {
        put_some(out, field, *decimal);
    }
    let own = target.as_ref().and_then(|target| target.as_ref().ok());
    let targets = [((TARGET, ATTAINMENT), own), ((REPS_TARGET, REPS_ATTAINMENT), reps_target.as_ref())];
    for ((target_field, attainment_field), target) in targets {
        if let Some(Attainment { target, attainment }) = target {
            put_decimal(out, target_field, *target);
            put_some(out, attainment_field, *attainment);
        }
    }
    if let Some(standing) = standing {
        put_standing(out, STANDING, standing);
    }
    if let Some(Err(reason)) = target {
        let reason = match reason {
            NoTarget::NotSet => proto::NullReason::NoTarget,
            NoTarget::OtherDays => proto::NullReason::TargetOfOtherDays,
            NoTarget::OtherRows => proto::NullReason::TargetOfOtherRows,
            NoTarget::MissingRate(_) => proto::NullReason::MissingRate,
        };
        put_int(out, TARGET_NULL_REASON, reason.into());
    }
}

fn put_standing(out: &mut Vec<u8>, field: u32, standing: &Standing) {
    use fields::standing::{DIFFERENCE, RANK, RANKED, TOTAL_VALUE};
    let Standing { rank, ranked, total, difference } = standing;
    nested(out, field, |out| {
        put_int(out, RANK, rank.map_or(0, number));
        put_int(out, RANKED, number(*ranked));
        put_some(out, TOTAL_VALUE, *total);
        put_some(out, DIFFERENCE, *difference);
    });
}

fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Writes a message as a field. Its length stands before it, and most are short.
fn nested(out: &mut Vec<u8>, field: u32, write: impl FnOnce(&mut Vec<u8>)) {
    put_head(out, field, 0);
    let begin = out.len();
    write(out);
    let length = out.len() - begin;
    match encoded_len_varint(length as u64) {
        1 => out[begin - 1] = length as u8,
        bytes => {
            out.resize(out.len() + bytes - 1, 0);
            out.copy_within(begin..begin + length, begin + bytes - 1);
            encode_varint(length as u64, &mut &mut out[begin - 1..]);
        }
    }
}

/// Proto3: 0 is left out.
fn put_int(out: &mut Vec<u8>, field: u32, number: i32) {
    if number != 0 {
        encode_key(field, WireType::Varint, out);
        // Negative numbers are written as 64 bits.
        encode_varint(i64::from(number).cast_unsigned(), out);
    }
}

/// Proto3: an empty text is left out.
fn put_text(out: &mut Vec<u8>, field: u32, text: &str) {
    if !text.is_empty() {
        put_head(out, field, text.len());
        out.extend_from_slice(text.as_bytes());
    }
}

fn put_some(out: &mut Vec<u8>, field: u32, decimal: Option<Decimal>) {
    if let Some(decimal) = decimal {
        put_decimal(out, field, decimal);
    }
}

/// With the decimals that it has.
fn put_decimal(out: &mut Vec<u8>, field: u32, decimal: Decimal) {
    put_digits(out, field, decimal.mantissa(), decimal.scale());
}

/// With as many decimals as it needs.
fn put_exact(out: &mut Vec<u8>, field: u32, decimal: Decimal) {
    let (mut mantissa, mut scale) = (decimal.mantissa(), decimal.scale());
    match i64::try_from(mantissa) {
        Ok(mut short) => {
            while scale > 0 && short % 10 == 0 {
                (short, scale) = (short / 10, scale - 1);
            }
            mantissa = short.into();
        }
        Err(_) => {
            while scale > 0 && mantissa % 10 == 0 {
                (mantissa, scale) = (mantissa / 10, scale - 1);
            }
        }
    }
    put_digits(out, field, mantissa, scale);
}

/// Writes a plain decimal number: no exponent, a digit before the point.
fn put_digits(out: &mut Vec<u8>, field: u32, mantissa: i128, scale: u32) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(mantissa.unsigned_abs());
    let scale = scale as usize;
    // What a small number lacks: all decimals, and one digit before them.
    let zeros = (scale + 1).saturating_sub(digits.len());
    let (sign, point) = (usize::from(mantissa < 0), usize::from(scale > 0));
    put_head(out, field, sign + zeros + digits.len() + point);
    out.extend_from_slice(&b"-"[..sign]);
    let whole = out.len() + zeros + digits.len() - scale;
    out.resize(out.len() + zeros, b'0');
    out.extend_from_slice(digits.as_bytes());
    if point > 0 {
        out.insert(whole, b'.');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Code, Rank};
    use proptest::prelude::*;
    use prost::Message;

    fn decoded(row: &Row) -> proto::ResultRow {
        let mut out = Vec::new();
        put_row(&mut out, 2, row);
        let mut response = proto::QueryKpisResponse::decode(out.as_slice()).unwrap();
        assert_eq!(response.encode_to_vec(), out, "as the generated code writes it");
        response.rows.pop().unwrap()
    }

    fn decimal() -> impl Strategy<Value = Decimal> {
        let small = (-100_000_i128..100_000, 0_u32..6);
        let any = (-(1_i128 << 96) + 1..1 << 96, 0_u32..=28);
        prop_oneof![small, any].prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale))
    }

    fn row(value: Value) -> Row {
        Row { bucket: Some(0), keys: Vec::new(), values: vec![value], rank: None }
    }

    fn of(value: Decimal, quotient: Option<(Decimal, Decimal)>) -> Value {
        Value { value: Ok(value), quotient, context: None }
    }

    proptest! {
        #[test]
        fn decimals_are_written_as_everybody_writes_them(value in decimal(), numerator in decimal()) {
            let read = decoded(&row(of(value, Some((numerator, value)))));
            prop_assert_eq!(read.values[0].value.clone().unwrap(), value.to_string());
            prop_assert_eq!(read.values[0].numerator.clone().unwrap(), numerator.normalize().to_string());
            prop_assert_eq!(read.values[0].denominator.clone().unwrap(), value.normalize().to_string());
        }
    }

    #[test]
    fn decimals_are_plain() {
        let text = |text: &str| decoded(&row(of(text.parse().unwrap(), Some((text.parse().unwrap(), Decimal::ONE)))));
        for (written, exact) in [
            ("4238.000", "4238"),
            ("-0.05", "-0.05"),
            ("0.000000000001", "0.000000000001"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
            ("-7.9228162514264337593543950335", "-7.9228162514264337593543950335"),
        ] {
            let read = text(written);
            let value = &read.values[0];
            assert_eq!((value.value.as_deref(), value.numerator.as_deref()), (Some(written), Some(exact)));
        }
    }

    /// On paper: every field of a row, and texts long enough for lengths of two and three bytes.
    #[test]
    fn every_field_arrives() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        let context = ValueContext {
            compared: Some(d("1.50")),
            change: Some(d("-0.25")),
            change_ratio: Some(d("-0.166667")),
            target: Some(Ok(Attainment { target: d("2.00"), attainment: Some(d("0.625000")) })),
            reps_target: Some(Attainment { target: d("0.00"), attainment: None }),
            standing: Some(Standing { rank: None, ranked: 7, total: Some(d("3.25")), difference: None }),
        };
        let without = ValueContext { target: Some(Err(NoTarget::OtherDays)), ..ValueContext::default() };
        let missing = MissingRate { day: "2024-02-29".parse().unwrap(), currency: Code::new("XYZ") };
        let long = "ä".repeat(10_000);
        let row = Row {
            bucket: None,
            keys: vec![Key { id: "a".into(), label: long.clone() }, Key { id: String::new(), label: String::new() }],
            values: vec![
                Value { value: Ok(d("1.25")), quotient: Some((d("5.0"), d("4"))), context: Some(Box::new(context)) },
                Value { value: Err(NullReason::MixedCurrencies), quotient: None, context: Some(Box::new(without)) },
                Value { value: Err(NullReason::MissingRate(missing)), quotient: None, context: None },
            ],
            rank: Some(Rank { place: 3, of: 300 }),
        };
        let text = |text: &str| Some(text.to_owned());
        let expected = proto::ResultRow {
            bucket: -1,
            keys: vec![proto::DimensionValue { id: "a".into(), label: long }, proto::DimensionValue::default()],
            values: vec![
                proto::KpiValue {
                    value: text("1.25"),
                    null_reason: 0,
                    numerator: text("5"),
                    denominator: text("4"),
                    compared_value: text("1.50"),
                    change: text("-0.25"),
                    change_ratio: text("-0.166667"),
                    target: text("2.00"),
                    attainment: text("0.625000"),
                    reps_target: text("0.00"),
                    reps_attainment: None,
                    standing: Some(proto::Standing { rank: 0, ranked: 7, total_value: text("3.25"), difference: None }),
                    target_null_reason: 0,
                    missing_rate: None,
                },
                proto::KpiValue {
                    null_reason: proto::NullReason::MixedCurrencies.into(),
                    target_null_reason: proto::NullReason::TargetOfOtherDays.into(),
                    ..Default::default()
                },
                proto::KpiValue {
                    null_reason: proto::NullReason::MissingRate.into(),
                    missing_rate: Some(proto::MissingRate { currency_code: "XYZ".into(), date: "2024-02-29".into() }),
                    ..Default::default()
                },
            ],
            rank: 3,
            ranked: 300,
        };
        assert_eq!(decoded(&row), expected);
    }
}
