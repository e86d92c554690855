use super::catalog::{dimension, kind, unit};
use super::period::calendar_as_understood as calendar;
use crate::catalog::Catalog;
use crate::engine::{Column, Key, Question};
use crate::names::{self, Language};
use crate::period::{Bucket, Compared, Timeline};
use crate::proto;
use chrono::{DateTime, Utc};

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
        buckets: timeline.buckets.iter().map(|one| bucket(one, timeline)).collect(),
        first_date: timeline.first().to_string(),
        last_date: timeline.last().to_string(),
        time_zone: timeline.calendar.zone.name().into(),
        calendar: Some(calendar(&timeline.calendar)),
        compared: question.compare_to.map(|comparison| compared(timeline.compared(comparison), timeline)),
        data_version: data_version.into(),
        as_of: Some(timestamp(as_of)),
        catalog_version: Catalog::get().version().into(),
    }
}

fn bucket(bucket: &Bucket, timeline: &Timeline) -> proto::Bucket {
    proto::Bucket {
        label: bucket.label.clone(),
        first_date: bucket.first.to_string(),
        last_date: bucket.last.to_string(),
        partial: bucket.partial,
        unfinished: timeline.is_unfinished(bucket),
    }
}

fn compared(compared: Compared, timeline: &Timeline) -> proto::ComparedPeriod {
    let dates = compared.whole.map(|whole| (whole.first.to_string(), whole.last.to_string()));
    let (first_date, last_date) = dates.unwrap_or_default();
    let buckets =
        compared.buckets.iter().map(|compared| compared.as_ref().map(|one| bucket(one, timeline)).unwrap_or_default());
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

/// A value of a dimension.
pub fn key(key: Key) -> proto::DimensionValue {
    proto::DimensionValue { id: key.id, label: key.label }
}
