use super::Answer;
use super::args::Totals;
use crate::proto::{self, NullReason};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The answer as one JSON document, its figures as exact decimal strings.
pub(super) fn render(answer: &Answer, totals: Totals) -> String {
    let rows = |rows: &[proto::ResultRow]| -> Vec<Value> { rows.iter().map(|row| self::row(answer, row)).collect() };
    let mut document = Map::new();
    document.insert("header".into(), header(&answer.header));
    if totals != Totals::Only {
        document.insert("rows".into(), rows(&answer.rows).into());
    }
    if totals != Totals::None {
        document.insert("totals".into(), rows(&answer.totals).into());
    }
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

fn header(header: &proto::ResultHeader) -> Value {
    let columns = header.columns.iter().map(|column| {
        json!({
            "kpi_id": column.kpi_id, "name": column.name, "unit": column.unit().as_str_name(),
            "kind": column.kind().as_str_name(), "scale": column.scale, "currency_code": column.currency_code,
        })
    });
    let buckets = header.buckets.iter().map(bucket);
    json!({
        "columns": columns.collect::<Vec<_>>(),
        "keys": header.keys.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(),
        "buckets": buckets.collect::<Vec<_>>(),
        "first_date": header.first_date,
        "last_date": header.last_date,
        "time_zone": header.time_zone,
        "calendar": header.calendar.as_ref().map(|calendar| json!({
            "system": calendar.system().as_str_name(), "week_start": calendar.week_start().as_str_name(),
            "fiscal_year_start_month": calendar.fiscal_year_start_month,
        })),
        "compared": header.compared.as_ref().map(|compared| json!({
            "first_date": compared.first_date, "last_date": compared.last_date,
            "buckets": compared.buckets.iter().map(bucket).collect::<Vec<_>>(),
        })),
        "data_version": header.data_version,
        "catalog_version": header.catalog_version,
    })
}

fn bucket(bucket: &proto::Bucket) -> Value {
    json!({
        "label": bucket.label, "first_date": bucket.first_date, "last_date": bucket.last_date,
        "partial": bucket.partial,
    })
}

#[derive(Serialize)]
struct Key<'a> {
    id: &'a str,
    label: &'a str,
}

#[derive(Serialize)]
struct Figure<'a> {
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    null_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    numerator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared_value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change_ratio: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_null_reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attainment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reps_target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reps_attainment: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<Standing<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing_rate: Option<MissingRate<'a>>,
}

#[derive(Serialize)]
struct MissingRate<'a> {
    currency_code: &'a str,
    date: &'a str,
}

#[derive(Serialize)]
struct Standing<'a> {
    rank: i32,
    ranked: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<&'a str>,
}

fn row(answer: &Answer, row: &proto::ResultRow) -> Value {
    let header = &answer.header;
    let bucket = usize::try_from(row.bucket).ok().and_then(|bucket| header.buckets.get(bucket));
    let keys: Map<String, Value> = header
        .keys
        .iter()
        .zip(&row.keys)
        .map(|(dimension, key)| (dimension.id.clone(), json!(Key { id: &key.id, label: &key.label })))
        .collect();
    let values: Map<String, Value> = header
        .columns
        .iter()
        .zip(&row.values)
        .map(|(column, value)| (column.kpi_id.clone(), json!(figure(value))))
        .collect();
    let mut fields = Map::new();
    fields.insert("bucket".into(), bucket.map_or(Value::Null, |bucket| bucket.label.as_str().into()));
    if !keys.is_empty() {
        fields.insert("keys".into(), keys.into());
    }
    if row.rank > 0 {
        fields.insert("rank".into(), row.rank.into());
        fields.insert("ranked".into(), row.ranked.into());
    }
    fields.insert("values".into(), values.into());
    fields.into()
}

/// Why there is no target, where there is none.
fn no_target(value: &proto::KpiValue) -> Option<&'static str> {
    let reason = value.target_null_reason();
    (reason != NullReason::Unspecified).then(|| reason.as_str_name())
}

fn figure(value: &proto::KpiValue) -> Figure<'_> {
    Figure {
        value: value.value.as_deref(),
        null_reason: value.value.is_none().then(|| value.null_reason().as_str_name()),
        numerator: value.numerator.as_deref(),
        denominator: value.denominator.as_deref(),
        compared_value: value.compared_value.as_deref(),
        change: value.change.as_deref(),
        change_ratio: value.change_ratio.as_deref(),
        target: value.target.as_deref(),
        target_null_reason: no_target(value),
        attainment: value.attainment.as_deref(),
        reps_target: value.reps_target.as_deref(),
        reps_attainment: value.reps_attainment.as_deref(),
        standing: value.standing.as_ref().map(|standing| Standing {
            rank: standing.rank,
            ranked: standing.ranked,
            total_value: standing.total_value.as_deref(),
            difference: standing.difference.as_deref(),
        }),
        missing_rate: value
            .missing_rate
            .as_ref()
            .map(|missing| MissingRate { currency_code: &missing.currency_code, date: &missing.date }),
    }
}
