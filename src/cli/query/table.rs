use super::Answer;
use super::args::Totals;
use crate::proto;
use crate::proto::{KpiUnit, NullReason};
use comfy_table::{Cell, CellAlignment, Table, presets};
use rust_decimal::Decimal;

/// The answer as a table for the terminal, totals at its end.
pub(super) fn render(answer: &Answer, totals: Totals) -> String {
    let header = &answer.header;
    let shows_buckets = header.buckets.len() > 1;
    let rows = if totals == Totals::Only { &[][..] } else { &answer.rows[..] };
    let totals = if totals == Totals::None { &[][..] } else { &answer.totals[..] };
    // In an answer without keys the totals are the rows over again, and the whole period.
    let totals =
        if header.keys.is_empty() && !rows.is_empty() { totals.get(rows.len()..).unwrap_or_default() } else { totals };

    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    let names = header.keys.iter().map(|key| Cell::new(&key.name));
    let bucket = shows_buckets.then(|| Cell::new("Period"));
    let columns = header.columns.iter().map(|column| figure_cell(title(column)));
    table.set_header(names.chain(bucket).chain(columns).collect::<Vec<_>>());
    for (row, is_total) in rows.iter().map(|row| (row, false)).chain(totals.iter().map(|row| (row, true))) {
        let mut cells: Vec<Cell> = row.keys.iter().map(|key| Cell::new(label(key))).collect();
        if is_total {
            cells = (0..header.keys.len()).map(|i| Cell::new(if i == 0 { "Total" } else { "" })).collect();
        }
        if shows_buckets {
            let bucket = usize::try_from(row.bucket).ok().and_then(|bucket| header.buckets.get(bucket));
            cells.push(Cell::new(bucket.map_or("Whole period", |bucket| bucket.label.as_str())));
        }
        cells.extend(row.values.iter().zip(&header.columns).map(|(value, column)| figure_cell(figure(value, column))));
        table.add_row(cells);
    }
    let zone = &header.time_zone;
    format!("{}\n{table}\n{} rows", period(header, zone), rows.len())
}

fn period(header: &proto::ResultHeader, zone: &str) -> String {
    format!("{} to {} ({zone})", header.first_date, header.last_date)
}

fn figure_cell(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

fn label(key: &proto::DimensionValue) -> &str {
    if key.id.is_empty() { "(not set)" } else { &key.label }
}

fn title(column: &proto::KpiColumn) -> String {
    let unit = match column.unit() {
        KpiUnit::Currency => column.currency_code.as_str(),
        KpiUnit::Ratio => "%",
        KpiUnit::Days => "days",
        KpiUnit::Hours => "hours",
        KpiUnit::Seconds => "seconds",
        KpiUnit::Count | KpiUnit::Score | KpiUnit::Unspecified => "",
    };
    if unit.is_empty() { column.name.clone() } else { format!("{} ({unit})", column.name) }
}

/// For a reader: ratios in percent, durations to a tenth, thousands apart.
fn figure(value: &proto::KpiValue, column: &proto::KpiColumn) -> String {
    let Some(text) = &value.value else {
        return match value.null_reason() {
            NullReason::MixedCurrencies => "(several currencies)".into(),
            _ => "–".into(),
        };
    };
    let Ok(number) = text.parse::<Decimal>() else { return text.clone() };
    let shown = match column.unit() {
        KpiUnit::Ratio => match number.checked_mul(Decimal::ONE_HUNDRED) {
            Some(percent) => with_scale(percent, 2),
            None => return text.clone(),
        },
        KpiUnit::Days | KpiUnit::Hours | KpiUnit::Seconds => with_scale(number, 1),
        _ => number,
    };
    thousands(&shown.to_string())
}

fn with_scale(number: Decimal, scale: u32) -> Decimal {
    let mut rounded = number.round_dp(scale);
    rounded.rescale(scale);
    rounded
}

/// Puts commas between groups of three digits.
fn thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let decimals = decimals.map(|decimals| format!(".{decimals}")).unwrap_or_default();
    format!("{sign}{grouped}{decimals}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_for_a_reader() {
        let show = |unit: KpiUnit, value: &str| {
            let column = proto::KpiColumn { unit: unit.into(), ..Default::default() };
            figure(&proto::KpiValue { value: Some(value.into()), ..Default::default() }, &column)
        };
        assert_eq!(show(KpiUnit::Currency, "10005534.00"), "10,005,534.00");
        assert_eq!(show(KpiUnit::Currency, "-123456.70"), "-123,456.70");
        assert_eq!(show(KpiUnit::Ratio, "0.631501"), "63.15");
        assert_eq!(show(KpiUnit::Days, "51.7820"), "51.8");
        assert_eq!(show(KpiUnit::Count, "999"), "999");
        assert_eq!(show(KpiUnit::Count, "0"), "0");
    }
}
