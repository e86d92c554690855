//! What typical questions read, in `tests/explain`: a change of a statement shows there.

use super::text::render;
use super::{Args, understand};
use crate::convert::Context;
use crate::database::{DayColumns, Dialect};
use crate::engine::explain;
use crate::scope::Scope;
use clap::Parser;
use iso_currency::Currency;

/// Each file, and the question in it.
const QUESTIONS: [(&str, &str); 9] = [
    ("one_kpi", "win_rate --period 2026-Q3"),
    ("by_rep", "win_rate won_value --period 2025 --by rep"),
    ("by_month_filtered", "won_value --period 2024-01-01..2026-12-31 --grain month --by segment --filter region=EMEA"),
    ("by_team_ordered", "total_sales --period 2025 --grain quarter --by team --order-by -total_sales --limit 3"),
    ("stock", "pipeline_value --period 2025-Q4 --grain month"),
    ("spread_costs", "cost_per_lead --period 2025-Q1 --grain month --by source"),
    ("distinct", "churn_rate --period 2025 --grain month"),
    ("compared", "total_sales --period 2025-Q2 --grain month --compare previous-year"),
    ("own_currency", "total_sales --period 2025-Q2 --by currency"),
];

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    args: Args,
}

#[test]
fn typical_questions_read_what_they_did() {
    let context = Context {
        scope: Scope::All,
        now: "2026-10-05T12:00:00Z".parse().unwrap(),
        currency: Currency::USD,
        max_buckets: 10_000,
        max_filter_values: 1_000,
    };
    for (name, words) in QUESTIONS {
        let line = Line::parse_from(["explain"].into_iter().chain(words.split(' ')));
        let question = understand(&line.args.question, &context).unwrap();
        for (dialect, database) in [(Dialect::Postgres, "postgres"), (Dialect::Sqlite, "sqlite")] {
            let text = render(&question, dialect, &explain(&question, dialect, &DayColumns::default()).unwrap(), &[]);
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path("../../../tests/explain");
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.set_description(format!("crm-kpi explain {words} --dialect {database}"));
            settings.bind(|| insta::assert_snapshot!(format!("{name}.{database}"), text));
        }
    }
}
