use super::catalog::{dimension, kind, unit};
use super::period::calendar_as_understood as calendar;
use crate::catalog::Catalog;
use crate::engine::{Attainment, Column, Key, NullReason, Question, Row, Value};
use crate::names::{self, Language};
use crate::period::{Bucket, Compared};
use crate::proto;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

/// The resolved question, over one version of the data.
pub fn header(
    question: &Question,
    language: Language,
    data_version: &str,
    as_of: DateTime<Utc>,
) -> proto::ResultHeader {
    let timeline = &question.timeline;
    proto::ResultHeader {
        columns: question.columns().iter().map(|c| column(c, language)).collect(),
        keys: question.group_by.iter().map(|&key| dimension(key, language)).collect(),
        buckets: timeline.buckets.iter().map(bucket).collect(),
        first_date: timeline.first().to_string(),
        last_date: timeline.last().to_string(),
        time_zone: timeline.calendar.zone.name().into(),
        calendar: Some(calendar(&timeline.calendar)),
        compared: question.compare_to.map(|comparison| compared(timeline.compared(comparison))),
        data_version: data_version.into(),
        as_of: Some(timestamp(as_of)),
        catalog_version: Catalog::get().version().into(),
    }
}

fn bucket(bucket: &Bucket) -> proto::Bucket {
    proto::Bucket {
        label: bucket.label.clone(),
        first_date: bucket.first.to_string(),
        last_date: bucket.last.to_string(),
        partial: bucket.partial,
    }
}

fn compared(compared: Compared) -> proto::ComparedPeriod {
    let dates = compared.whole.map(|whole| (whole.first.to_string(), whole.last.to_string()));
    let (first_date, last_date) = dates.unwrap_or_default();
    let buckets = compared.buckets.iter().map(|compared| compared.as_ref().map(bucket).unwrap_or_default());
    proto::ComparedPeriod { first_date, last_date, buckets: buckets.collect() }
}

/// An instant.
pub fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: at.timestamp(), nanos: at.timestamp_subsec_nanos().cast_signed() }
}

fn column(column: &Column, language: Language) -> proto::KpiColumn {
    proto::KpiColumn {
        kpi_id: column.kpi.id.into(),
        name: names::kpi(column.kpi.id, language).into(),
        unit: unit(column.kpi.unit).into(),
        kind: kind(column.kpi.kind).into(),
        scale: column.scale.cast_signed(),
        currency_code: column.currency.map_or_else(String::new, |currency| currency.code().into()),
    }
}

/// A row of an answer.
pub fn row(row: Row) -> proto::ResultRow {
    proto::ResultRow {
        bucket: row.bucket.map_or(-1, |bucket| i32::try_from(bucket).unwrap_or(i32::MAX)),
        keys: row.keys.into_iter().map(key).collect(),
        values: row.values.into_iter().map(value).collect(),
        rank: row.rank.map_or(0, |rank| number(rank.place)),
        ranked: row.rank.map_or(0, |rank| number(rank.of)),
    }
}

/// A value of a dimension.
pub fn key(key: Key) -> proto::DimensionValue {
    proto::DimensionValue { id: key.id, label: key.label }
}

fn value(figure: Value) -> proto::KpiValue {
    let (numerator, denominator) = figure.quotient.map(|(n, d)| (exact(n), exact(d))).unzip();
    let (value, reason) = match figure.value {
        Ok(value) => (Some(value.to_string()), None),
        Err(NullReason::ZeroDenominator) => (None, Some(proto::NullReason::ZeroDenominator)),
        Err(NullReason::MixedCurrencies) => (None, Some(proto::NullReason::MixedCurrencies)),
    };
    let beside = figure.beside.map(|beside| *beside).unwrap_or_default();
    let text = |decimal: Option<Decimal>| decimal.map(|decimal| decimal.to_string());
    let aim = |attainment: Option<Attainment>| match attainment {
        Some(Attainment { target, attainment }) => (Some(target.to_string()), text(attainment)),
        None => (None, None),
    };
    let ((target, attainment), (reps_target, reps_attainment)) = (aim(beside.target), aim(beside.reps_target));
    proto::KpiValue {
        value,
        null_reason: reason.unwrap_or_default().into(),
        numerator,
        denominator,
        compared_value: text(beside.compared),
        change: text(beside.change),
        change_ratio: text(beside.change_ratio),
        target,
        attainment,
        reps_target,
        reps_attainment,
        standing: beside.standing.map(|standing| proto::Standing {
            rank: standing.rank.map_or(0, number),
            ranked: number(standing.ranked),
            total_value: text(standing.total),
            difference: text(standing.difference),
        }),
    }
}

fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// With as many decimals as it needs.
fn exact(value: Decimal) -> String {
    value.normalize().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn decimals_are_plain() {
        assert_eq!(exact(decimal("4238.000")), "4238");
        assert_eq!(exact(decimal("-0.0")), "0");
        assert_eq!(exact(decimal("0.000000000001")), "0.000000000001");
        assert_eq!(exact(decimal("79228162514264337593543950335")), "79228162514264337593543950335");
    }
}
