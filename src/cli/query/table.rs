use super::Answer;
use super::args::Totals;
use crate::proto;
use crate::proto::{KpiUnit, NullReason};
use comfy_table::{Cell, CellAlignment, Table, presets};
use rust_decimal::Decimal;

/// What stands for no figure.
const NOTHING: &str = "–";

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
    let shown: Vec<_> = header.columns.iter().enumerate().map(|(i, column)| (column, Beside::of(answer, i))).collect();
    let columns = shown.iter().flat_map(|(column, beside)| beside.titles(column)).map(figure_cell);
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
        let figures = row.values.iter().zip(&shown).flat_map(|(value, (column, beside))| beside.figures(value, column));
        cells.extend(figures.map(figure_cell));
        table.add_row(cells);
    }
    let zone = &header.time_zone;
    format!("{}\n{table}\n{} rows", period(header, zone), rows.len())
}

fn period(header: &proto::ResultHeader, zone: &str) -> String {
    let compared = header.compared.as_ref().map_or_else(String::new, |compared| {
        let dates = [&compared.first_date, &compared.last_date].map(String::as_str);
        if dates[0].is_empty() {
            ", compared with nothing".into()
        } else {
            format!(", compared with {}", dates.join(" to "))
        }
    });
    format!("{} to {} ({zone}){compared}", header.first_date, header.last_date)
}

/// What is shown beside the values of a column.
struct Beside {
    compared: bool,
    targets: bool,
    reps_targets: bool,
    standing: bool,
}

impl Beside {
    fn of(answer: &Answer, column: usize) -> Self {
        let any = |has: fn(&proto::KpiValue) -> bool| {
            answer.rows.iter().chain(&answer.totals).any(|row| row.values.get(column).is_some_and(has))
        };
        Self {
            compared: answer.header.compared.is_some(),
            targets: any(|value| value.target.is_some()),
            reps_targets: any(|value| value.reps_target.is_some()),
            standing: any(|value| value.standing.is_some()),
        }
    }

    fn titles(&self, column: &proto::KpiColumn) -> Vec<String> {
        let shown = [
            (self.compared, vec!["before", "change", "change %"]),
            (self.targets, vec!["target", "attained %"]),
            (self.reps_targets, vec!["reps' targets", "attained %"]),
            (self.standing, vec!["rank", "from total"]),
        ];
        let beside = shown.into_iter().filter(|(shown, _)| *shown).flat_map(|(_, titles)| titles);
        [title(column)].into_iter().chain(beside.map(str::to_owned)).collect()
    }

    fn figures(&self, value: &proto::KpiValue, column: &proto::KpiColumn) -> Vec<String> {
        let own =
            |text: &Option<String>| text.as_ref().map_or_else(|| NOTHING.into(), |text| shown(text, column.unit()));
        let percent =
            |text: &Option<String>| text.as_ref().map_or_else(|| NOTHING.into(), |text| shown(text, KpiUnit::Ratio));
        let mut figures = vec![figure(value, column)];
        if self.compared {
            figures.extend([own(&value.compared_value), own(&value.change), percent(&value.change_ratio)]);
        }
        if self.targets {
            figures.extend([own(&value.target), percent(&value.attainment)]);
        }
        if self.reps_targets {
            figures.extend([own(&value.reps_target), percent(&value.reps_attainment)]);
        }
        if self.standing {
            let standing = value.standing.as_ref().filter(|standing| standing.rank > 0);
            let rank =
                standing.map_or_else(|| NOTHING.into(), |standing| format!("{} of {}", standing.rank, standing.ranked));
            figures.extend([rank, standing.map_or_else(|| NOTHING.into(), |standing| own(&standing.difference))]);
        }
        figures
    }
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
        KpiUnit::Count | KpiUnit::Number | KpiUnit::Score | KpiUnit::Unspecified => "",
    };
    if unit.is_empty() { column.name.clone() } else { format!("{} ({unit})", column.name) }
}

/// For a reader: ratios in percent, plain quotients to a hundredth, durations to a tenth, thousands apart.
fn figure(value: &proto::KpiValue, column: &proto::KpiColumn) -> String {
    let Some(text) = &value.value else {
        return match value.null_reason() {
            NullReason::MixedCurrencies => "(several currencies)".into(),
            _ => NOTHING.into(),
        };
    };
    shown(text, column.unit())
}

fn shown(text: &str, unit: KpiUnit) -> String {
    let Ok(number) = text.parse::<Decimal>() else { return text.to_owned() };
    let shown = match unit {
        KpiUnit::Ratio => match number.checked_mul(Decimal::ONE_HUNDRED) {
            Some(percent) => with_scale(percent, 2),
            None => return text.to_owned(),
        },
        KpiUnit::Number => with_scale(number, 2),
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
        // 2,258 service calls in a day are no 225,800 %.
        assert_eq!(show(KpiUnit::Number, "2258.000000"), "2,258.00");
        assert_eq!(show(KpiUnit::Days, "51.7820"), "51.8");
        assert_eq!(show(KpiUnit::Count, "999"), "999");
        assert_eq!(show(KpiUnit::Count, "0"), "0");
    }
}
