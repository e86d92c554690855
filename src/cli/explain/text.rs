//! What is read as text: SQL, with comments that say what it is for.

use super::lines::lines;
use crate::catalog::Dimension;
use crate::database::Dialect;
use crate::engine::{ExplainedPass, Purpose, Question};
use std::fmt::Write;

/// Characters of a parameter that are shown.
const SHOWN: usize = 100;

/// All scans of a question, with their plans where there are any.
pub(super) fn render(question: &Question, dialect: Dialect, passes: &[ExplainedPass], plans: &[Vec<String>]) -> String {
    let mut out = String::new();
    let mut plans = plans.iter();
    let mut checks_currency = false;
    for pass in passes {
        let days =
            if pass.first == pass.last { pass.first.to_string() } else { format!("{} to {}", pass.first, pass.last) };
        let buckets = if pass.buckets > 1 { format!(", {} buckets", pass.buckets) } else { String::new() };
        let _ = writeln!(out, "-- {}: {days}{buckets}", title(pass.purpose));
        for scan in &pass.scans {
            checks_currency |= scan.checks_currency;
            let by = if scan.keys.is_empty() { String::new() } else { format!(" by {}", ids(&scan.keys)) };
            let _ = writeln!(out, "\n-- {}{by}: {}", scan.source, scan.measures.join(", "));
            let _ = writeln!(out, "{};", lines(&scan.statement.sql));
            for (place, value) in (1..).zip(scan.statement.values.iter().flat_map(|values| &values.0)) {
                let _ = writeln!(out, "-- {} = {}", dialect.parameter(place), shown(&dialect.literal(value)));
            }
            for line in plans.next().into_iter().flatten() {
                let _ = writeln!(out, "--   {line}");
            }
        }
        out.push('\n');
    }
    if checks_currency && !question.own_currency {
        let currency = question.currency.code();
        let _ = writeln!(out, "-- If an amount is not in {currency}, all is read again by currency and exchange rate.");
    }
    out
}

fn title(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Rows => "Rows",
        Purpose::Totals => "Totals that do not follow from the rows",
        Purpose::EarlierRows => "Rows of the period compared with",
        Purpose::EarlierTotals => "Totals that do not follow from these rows",
        Purpose::EarlierPeriod => "The whole period compared with",
    }
}

fn ids(dimensions: &[Dimension]) -> String {
    dimensions.iter().map(|dimension| dimension.id()).collect::<Vec<_>>().join(", ")
}

fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} characters)", &value[..end], value.chars().count()),
        None => value.to_owned(),
    }
}
