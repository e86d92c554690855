use super::Answer;
use super::args::Totals;
use crate::cli::Failure;
use crate::proto::{self, NullReason};
use std::collections::BTreeSet;

/// What can stand beside a value: its name in the heading, and where it is.
type Part = (&'static str, fn(&proto::KpiValue) -> Option<String>);

const PARTS: [Part; 13] = [
    ("numerator", |value| value.numerator.clone()),
    ("denominator", |value| value.denominator.clone()),
    ("compared_value", |value| value.compared_value.clone()),
    ("change", |value| value.change.clone()),
    ("change_ratio", |value| value.change_ratio.clone()),
    ("target", |value| value.target.clone()),
    ("target_null_reason", |value| {
        let reason = value.target_null_reason();
        (reason != NullReason::Unspecified).then(|| reason.as_str_name().to_owned())
    }),
    ("attainment", |value| value.attainment.clone()),
    ("reps_target", |value| value.reps_target.clone()),
    ("reps_attainment", |value| value.reps_attainment.clone()),
    ("rank", |value| value.standing.as_ref().filter(|standing| standing.rank > 0).map(|s| s.rank.to_string())),
    ("total_value", |value| value.standing.as_ref()?.total_value.clone()),
    ("difference", |value| value.standing.as_ref()?.difference.clone()),
];

/// The answer as CSV (RFC 4180): a heading, then a record for each row, figures as exact decimals, absent ones empty.
///
/// The columns are `row` (`group`, `total` or `whole` for the total of the whole period), id and label of each key,
/// `first_date` and `last_date`, and for each KPI its id and what stands beside it somewhere, such as `win_rate.numerator`.
/// Amounts end with their currency: `won_value (USD)`.
pub(super) fn render(answer: &Answer, totals: Totals) -> Result<String, Failure> {
    let rows = if totals == Totals::Only { &[][..] } else { &answer.rows[..] };
    let totals = if totals == Totals::None { &[][..] } else { &answer.totals[..] };
    let shown: Vec<Vec<Part>> = (0..answer.header.columns.len())
        .map(|column| {
            let values = || rows.iter().chain(totals).filter_map(|row| row.values.get(column));
            PARTS.into_iter().filter(|(_, part)| values().any(|value| part(value).is_some())).collect()
        })
        .collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| Failure::new(format_args!("the answer cannot be written as CSV: {error}"));
    writer.write_record(heading(&answer.header, &shown)).map_err(failed)?;
    for (row, is_total) in rows.iter().map(|row| (row, false)).chain(totals.iter().map(|row| (row, true))) {
        writer.write_record(record(&answer.header, row, is_total, &shown)).map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    String::from_utf8(bytes).map_err(Failure::new)
}

fn heading(header: &proto::ResultHeader, shown: &[Vec<Part>]) -> Vec<String> {
    let mut names = vec!["row".to_owned()];
    for key in &header.keys {
        names.extend([key.id.clone(), format!("{}_label", key.id)]);
    }
    names.extend(["first_date".to_owned(), "last_date".to_owned()]);
    for (column, parts) in header.columns.iter().zip(shown) {
        let currency = &column.currency_code;
        let named = |name: &str| if currency.is_empty() { name.to_owned() } else { format!("{name} ({currency})") };
        names.push(named(&column.kpi_id));
        names.extend(parts.iter().map(|(part, _)| format!("{}.{part}", column.kpi_id)));
    }
    debug_assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    names
}

fn record(header: &proto::ResultHeader, row: &proto::ResultRow, is_total: bool, shown: &[Vec<Part>]) -> Vec<String> {
    let bucket = usize::try_from(row.bucket).ok().and_then(|bucket| header.buckets.get(bucket));
    let kind = match (is_total, bucket) {
        (false, _) => "group",
        (true, Some(_)) => "total",
        (true, None) => "whole",
    };
    let mut fields = vec![kind.to_owned()];
    for place in 0..header.keys.len() {
        let key = row.keys.get(place);
        fields.extend(key.map_or_else(Default::default, |key| [key.id.clone(), key.label.clone()]));
    }
    let (first, last) = bucket.map_or((&header.first_date, &header.last_date), |b| (&b.first_date, &b.last_date));
    fields.extend([first.clone(), last.clone()]);
    for (value, parts) in row.values.iter().zip(shown) {
        fields.push(value.value.clone().unwrap_or_default());
        fields.extend(parts.iter().map(|(_, part)| part(value).unwrap_or_default()));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: Option<&str>, numerator: Option<&str>) -> proto::KpiValue {
        let text = |text: Option<&str>| text.map(str::to_owned);
        proto::KpiValue { value: text(value), numerator: text(numerator), ..Default::default() }
    }

    #[test]
    fn an_answer_is_a_heading_and_records() {
        let column = |id: &str, currency: &str| proto::KpiColumn {
            kpi_id: id.into(),
            currency_code: currency.into(),
            ..Default::default()
        };
        let bucket = |first: &str, last: &str| proto::Bucket {
            first_date: first.into(),
            last_date: last.into(),
            ..Default::default()
        };
        let header = proto::ResultHeader {
            columns: vec![column("won_value", "USD"), column("win_rate", "")],
            keys: vec![proto::Dimension { id: "rep".into(), ..Default::default() }],
            buckets: vec![bucket("2024-01-01", "2024-01-31"), bucket("2024-02-01", "2024-02-29")],
            first_date: "2024-01-01".into(),
            last_date: "2024-02-29".into(),
            ..Default::default()
        };
        let key = proto::DimensionValue { id: "ann".into(), label: "Ann, \"the\" rep".into() };
        let rows = vec![proto::ResultRow {
            bucket: 1,
            keys: vec![key],
            values: vec![value(Some("10.50"), None), value(None, Some("0"))],
            ..Default::default()
        }];
        let total = proto::ResultRow {
            bucket: -1,
            values: vec![value(Some("10.50"), None), value(None, None)],
            ..Default::default()
        };
        let answer = Answer { header, rows, totals: vec![total] };
        let expected = [
            "row,rep,rep_label,first_date,last_date,won_value (USD),win_rate,win_rate.numerator",
            "group,ann,\"Ann, \"\"the\"\" rep\",2024-02-01,2024-02-29,10.50,,0",
            "whole,,,2024-01-01,2024-02-29,10.50,,",
            "",
        ];
        assert_eq!(render(&answer, Totals::End).unwrap(), expected.join("\n"));
        assert_eq!(render(&answer, Totals::Only).unwrap().lines().count(), 2);
    }
}
