use super::catalog::{dimension, kind, unit};
use crate::catalog::Catalog;
use crate::engine::{Column, Key, NullReason, Question, Row, Value};
use crate::names::{self, Language};
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
        buckets: timeline
            .buckets
            .iter()
            .map(|bucket| proto::Bucket {
                label: bucket.label.clone(),
                first_date: bucket.first.to_string(),
                last_date: bucket.last.to_string(),
                partial: bucket.partial,
            })
            .collect(),
        first_date: timeline.first().to_string(),
        last_date: timeline.last().to_string(),
        time_zone: timeline.calendar.zone.name().into(),
        data_version: data_version.into(),
        as_of: Some(timestamp(as_of)),
        catalog_version: Catalog::get().version().into(),
    }
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
        rank: row.rank.map_or(0, |rank| i32::try_from(rank).unwrap_or(i32::MAX)),
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
    proto::KpiValue {
        value,
        null_reason: reason.unwrap_or_default().into(),
        numerator,
        denominator,
        ..Default::default()
    }
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
