use super::Answer;
use super::args::Totals;
use super::words::Words;
use crate::names::{Language, Part};
use crate::proto;
use crate::proto::{KpiUnit, NullReason};
use comfy_table::{Cell, CellAlignment, Table, presets};
use console::{Alignment, measure_text_width, pad_str};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for no figure.
const NOTHING: &str = "–";

/// The answer for a terminal of so many columns: a table, totals at its end; stacked where the table does not fit. All of it is in
/// one language.
pub(super) fn render(answer: &Answer, totals: Totals, language: Language, width: Option<usize>) -> String {
    let words = Words(language);
    let header = &answer.header;
    let shows_buckets = header.buckets.len() > 1;
    let rows = if totals == Totals::Only { &[][..] } else { &answer.rows[..] };
    let totals = if totals == Totals::None { &[][..] } else { &answer.totals[..] };
    // In an answer without keys the totals are the rows over again, and the whole period.
    let totals =
        if header.keys.is_empty() && !rows.is_empty() { totals.get(rows.len()..).unwrap_or_default() } else { totals };

    let labels: Vec<_> = (0..header.keys.len()).map(|place| Labels::of_keys(rows, place)).collect();
    let shown: Vec<_> = header.columns.iter().enumerate().map(|(i, column)| (column, Beside::of(answer, i))).collect();
    let names = header.keys.iter().map(|key| key.name.clone()).chain(shows_buckets.then(|| words.of("period")));
    let titles = shown.iter().flat_map(|(column, beside)| beside.titles(column, words));
    let mut grid = Grid { names: names.collect(), titles: titles.collect(), lines: Vec::new() };
    for (row, is_total) in rows.iter().map(|row| (row, false)).chain(totals.iter().map(|row| (row, true))) {
        let mut keys: Vec<String> = row.keys.iter().zip(&labels).map(|(key, labels)| labels.of(key, words)).collect();
        if is_total {
            let total = |i| if i == 0 { words.of("total") } else { String::new() };
            keys = (0..header.keys.len()).map(total).collect();
        }
        if shows_buckets {
            let bucket = usize::try_from(row.bucket).ok().and_then(|bucket| header.buckets.get(bucket));
            keys.push(bucket.map_or_else(|| words.of("whole-period"), |bucket| bucket.label.clone()));
        }
        let figures =
            row.values.iter().zip(&shown).flat_map(|(value, (column, beside))| beside.figures(value, column, words));
        grid.lines.push((keys, figures.collect()));
    }
    let counted = words.with("rows", &[("count", Part::Count(rows.len()))]);
    format!("{}\n{}\n{counted}", words.period(header), grid.render(width))
}

/// Texts in rows and columns.
struct Grid {
    /// Names of the keys, and titles of the figures.
    names: Vec<String>,
    titles: Vec<String>,
    /// Keys and figures.
    lines: Vec<(Vec<String>, Vec<String>)>,
}

impl Grid {
    fn render(&self, width: Option<usize>) -> String {
        let table = self.table();
        let needed = table.lines().map(measure_text_width).max().unwrap_or_default();
        if width.is_some_and(|width| needed > width) { self.stacked() } else { table }
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        let right = |text: &String| Cell::new(text).set_alignment(CellAlignment::Right);
        table.set_header(self.names.iter().map(Cell::new).chain(self.titles.iter().map(right)).collect::<Vec<_>>());
        for (keys, figures) in &self.lines {
            table.add_row(keys.iter().map(Cell::new).chain(figures.iter().map(right)).collect::<Vec<_>>());
        }
        table.to_string()
    }

    /// A paragraph for each row: its keys, then a line for each figure.
    fn stacked(&self) -> String {
        let titles = self.titles.iter().map(|title| measure_text_width(title)).max().unwrap_or_default();
        let all = self.lines.iter().flat_map(|(_, figures)| figures);
        let widest = all.map(|figure| measure_text_width(figure)).max().unwrap_or_default();
        let paragraph = |(keys, figures): &(Vec<String>, Vec<String>)| {
            let keys: Vec<_> = keys.iter().map(String::as_str).filter(|key| !key.is_empty()).collect();
            let mut text = keys.join(", ");
            for (title, figure) in self.titles.iter().zip(figures) {
                let title = pad_str(title, titles, Alignment::Left, None);
                let figure = pad_str(figure, widest, Alignment::Right, None);
                text.push_str(&format!("\n  {title}  {figure}"));
            }
            text.trim_start_matches('\n').to_owned()
        };
        self.lines.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")
    }
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
            targets: any(|value| value.target.is_some() || value.target_null_reason != 0),
            reps_targets: any(|value| value.reps_target.is_some()),
            standing: any(|value| value.standing.is_some()),
        }
    }

    fn titles(&self, column: &proto::KpiColumn, words: Words) -> Vec<String> {
        let shown = [
            (self.compared, vec!["before", "change", "change-percent"]),
            (self.targets, vec!["target", "attained"]),
            (self.reps_targets, vec!["reps-targets", "attained"]),
            (self.standing, vec!["rank", "from-total"]),
        ];
        let beside = shown.into_iter().filter(|(shown, _)| *shown).flat_map(|(_, titles)| titles);
        let beside = beside.map(|part| format!("{}: {}", column.name, words.of(part)));
        [title(column, words)].into_iter().chain(beside).collect()
    }

    fn figures(&self, value: &proto::KpiValue, column: &proto::KpiColumn, words: Words) -> Vec<String> {
        let own =
            |text: &Option<String>| text.as_ref().map_or_else(|| NOTHING.into(), |text| shown(text, column.unit()));
        let percent =
            |text: &Option<String>| text.as_ref().map_or_else(|| NOTHING.into(), |text| shown(text, KpiUnit::Ratio));
        let mut figures = vec![figure(value, column, words)];
        if self.compared {
            figures.extend([own(&value.compared_value), own(&value.change), percent(&value.change_ratio)]);
        }
        if self.targets {
            figures.extend([target(value, column, words), percent(&value.attainment)]);
        }
        if self.reps_targets {
            figures.extend([own(&value.reps_target), percent(&value.reps_attainment)]);
        }
        if self.standing {
            let standing = value.standing.as_ref().filter(|standing| standing.rank > 0);
            let rank = standing.map_or_else(|| NOTHING.into(), |standing| words.place(standing));
            figures.extend([rank, standing.map_or_else(|| NOTHING.into(), |standing| own(&standing.difference))]);
        }
        figures
    }
}

/// The target, or why there is none.
fn target(value: &proto::KpiValue, column: &proto::KpiColumn, words: Words) -> String {
    match (&value.target, value.target_null_reason()) {
        (Some(text), _) => shown(text, column.unit()),
        (None, NullReason::TargetOfOtherDays) => words.of("target-of-other-days"),
        (None, NullReason::TargetOfOtherRows) => words.of("target-of-other-rows"),
        (None, NullReason::MissingRate) => words.missing_rate(value),
        (None, _) => NOTHING.into(),
    }
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

    fn of(&self, key: &proto::DimensionValue, words: Words) -> String {
        match key {
            key if key.id.is_empty() => words.of("not-set"),
            key if self.twice.contains(key.label.as_str()) => format!("{} ({})", key.label, key.id),
            key => key.label.clone(),
        }
    }
}

fn title(column: &proto::KpiColumn, words: Words) -> String {
    let unit = match column.unit() {
        KpiUnit::Currency => column.currency_code.clone(),
        KpiUnit::Ratio => "%".to_owned(),
        KpiUnit::Days => words.of("days"),
        KpiUnit::Hours => words.of("hours"),
        KpiUnit::Seconds => words.of("seconds"),
        KpiUnit::Count | KpiUnit::Number | KpiUnit::Score | KpiUnit::Unspecified => String::new(),
    };
    if unit.is_empty() { column.name.clone() } else { format!("{} ({unit})", column.name) }
}

/// For a reader: ratios in percent, plain quotients to a hundredth, durations to a tenth, thousands apart.
fn figure(value: &proto::KpiValue, column: &proto::KpiColumn, words: Words) -> String {
    let Some(text) = &value.value else {
        return match value.null_reason() {
            NullReason::MixedCurrencies => words.of("several-currencies"),
            NullReason::NoSource => words.of("no-source"),
            NullReason::NotYetDue => words.of("not-yet-due"),
            NullReason::MissingRate => words.missing_rate(value),
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
    fn what_does_not_fit_the_terminal_is_stacked() {
        let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let grid = Grid {
            names: text(&["Rep", "Period"]),
            titles: text(&["Total sales (USD)", "Won"]),
            lines: vec![
                (text(&["Ann", "Jan 2024"]), text(&["1,010.50", "3"])),
                (text(&["Total", ""]), text(&["7.00", "–"])),
            ],
        };
        let stacked = "Ann, Jan 2024\n  Total sales (USD)  1,010.50\n  Won                       3\n\n\
                       Total\n  Total sales (USD)      7.00\n  Won                       –";
        assert_eq!(grid.render(Some(30)), stacked);
        let table = grid.render(None);
        let width = measure_text_width(table.lines().next().unwrap());
        assert_eq!((grid.render(Some(width)), grid.render(Some(width - 1)).as_str()), (table, stacked));
    }

    #[test]
    fn values_with_the_same_label_show_their_ids() {
        let row = |id: &str, label: &str| proto::ResultRow {
            keys: vec![proto::DimensionValue { id: id.into(), label: label.into() }],
            ..Default::default()
        };
        let rows = [row("r1", "Ann"), row("r2", "Ann"), row("r3", "Bob"), row("r3", "Bob"), row("", "")];
        let labels = Labels::of_keys(&rows, 0);
        let shown: Vec<_> = rows.iter().map(|row| labels.of(&row.keys[0], Words(Language::English))).collect();
        assert_eq!(shown, ["Ann (r1)", "Ann (r2)", "Bob", "Bob", "(not set)"]);
    }

    #[test]
    fn figures_are_for_a_reader() {
        let show = |unit: KpiUnit, value: &str| {
            let column = proto::KpiColumn { unit: unit.into(), ..Default::default() };
            figure(
                &proto::KpiValue { value: Some(value.into()), ..Default::default() },
                &column,
                Words(Language::English),
            )
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
