use super::Answer;
use super::args::Totals;
use crate::cli::output;
use crate::proto;
use crate::proto::{KpiUnit, NullReason};
use comfy_table::{Cell, CellAlignment, Table, presets};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

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
    let labels: Vec<_> = (0..header.keys.len()).map(|place| Labels::of_keys(rows, place)).collect();
    let columns = shown.iter().flat_map(|(column, beside)| beside.titles(column)).map(figure_cell);
    table.set_header(names.chain(bucket).chain(columns).collect::<Vec<_>>());
    for (row, is_total) in rows.iter().map(|row| (row, false)).chain(totals.iter().map(|row| (row, true))) {
        let mut cells: Vec<Cell> =
            row.keys.iter().zip(&labels).map(|(key, labels)| Cell::new(labels.of(key))).collect();
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
    format!("{}\n{table}\n{}", period(header, zone), output::counted(rows.len(), "row"))
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
        [title(column)].into_iter().chain(beside.map(|part| format!("{}: {part}", column.name))).collect()
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

/// The labels of a key: where two values have the same one, it has the id behind it.
struct Labels<'a> {
    twice: BTreeSet<&'a str>,
}

impl<'a> Labels<'a> {
    fn of_keys(rows: &'a [proto::ResultRow], place: usize) -> Self {
        let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
        let keys = rows.iter().filter_map(|row| row.keys.get(place)).filter(|key| !key.id.is_empty());
        let same = |key: &&'a proto::DimensionValue| *ids.entry(&key.label).or_insert(&key.id) != key.id;
        Self { twice: keys.filter(same).map(|key| key.label.as_str()).collect() }
    }

    fn of(&self, key: &proto::DimensionValue) -> String {
        match key {
            key if key.id.is_empty() => "(not set)".into(),
            key if self.twice.contains(key.label.as_str()) => format!("{} ({})", key.label, key.id),
            key => key.label.clone(),
        }
    }
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
    fn values_with_the_same_label_show_their_ids() {
        let row = |id: &str, label: &str| proto::ResultRow {
            keys: vec![proto::DimensionValue { id: id.into(), label: label.into() }],
            ..Default::default()
        };
        let rows = [row("r1", "Ann"), row("r2", "Ann"), row("r3", "Bob"), row("r3", "Bob"), row("", "")];
        let labels = Labels::of_keys(&rows, 0);
        let shown: Vec<_> = rows.iter().map(|row| labels.of(&row.keys[0])).collect();
        assert_eq!(shown, ["Ann (r1)", "Ann (r2)", "Bob", "Bob", "(not set)"]);
    }

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
