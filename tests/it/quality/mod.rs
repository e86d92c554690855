//! CheckDataQuality: what the rules find, for whom, and how it arrives.

mod cases;
mod columns;
mod data;
mod large;
mod rules;
mod scopes;
mod service;
mod shared;
mod spellings;
mod totals;

use crate::support::pool;
use chrono::{DateTime, Utc};
use crm_kpi::error::Result;
use crm_kpi::quality::{Finding, Inspection, News, Quality, Rule};
use crm_kpi::scope::Scope;
use sea_orm::DatabaseConnection;
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// When everything is checked.
const NOW: &str = "2024-12-31T12:00:00Z";

/// Everything that a caller who sees all may ask.
fn everything() -> Inspection {
    Inspection {
        scope: Scope::All,
        rules: Rule::all().iter().collect(),
        reps: Vec::new(),
        teams: Vec::new(),
        max_records: 1_000_000,
        now: NOW.parse::<DateTime<Utc>>().unwrap(),
        currency: iso_currency::Currency::USD,
    }
}

fn only(rule: &str) -> Inspection {
    Inspection { rules: vec![Rule::find(rule).unwrap_or_else(|| panic!("no rule {rule}"))], ..everything() }
}

/// Findings and their count, by rule.
type Report = BTreeMap<&'static str, (Vec<Finding>, u64)>;

/// The rules that are broken.
async fn inspect(connection: &DatabaseConnection, inspection: &Inspection) -> Result<Report> {
    Ok(inspect_all(connection, inspection).await?.0)
}

/// The rules that are broken, how many records break them, whether there are more, and how many columns do.
async fn inspect_all(connection: &DatabaseConnection, inspection: &Inspection) -> Result<(Report, (u64, bool, u64))> {
    let quality = Quality::new(pool(connection));
    let (sender, mut news) = mpsc::channel(1);
    let inspection = inspection.clone();
    let running = tokio::spawn(async move { quality.inspect(&inspection, &sender).await });
    let (mut report, mut whole) = (Report::new(), None);
    while let Some(next) = news.recv().await {
        assert!(whole.is_none(), "the whole is told last");
        match next {
            News::Findings(rule, findings) => report.entry(rule.id).or_default().0.extend(findings),
            News::Done { rule, count, listed } => {
                let found = report.entry(rule.id).or_default();
                found.1 = count;
                assert_eq!(listed, found.0.len() as u64, "{}", rule.id);
            }
            News::Whole { records, more, columns } => whole = Some((records, more, columns)),
        }
    }
    running.await.unwrap()?;
    report.retain(|_, (_, count)| *count > 0);
    Ok((report, whole.expect("the whole is told")))
}

fn key(finding: &Finding) -> String {
    finding.key.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(" ")
}
