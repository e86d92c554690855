//! What is read to answer a question, without reading it.

use crate::catalog::Dimension;
use crate::database::{DayColumns, Dialect};
use crate::engine::model::{Earlier, KeyRange, Question};
use crate::engine::plan::{Pass, Plan};
use crate::engine::sql::{Context, ScanStatement, statements};
use crate::error::Result;
use crate::period::Timeline;
use chrono::NaiveDate;
use sea_orm::Statement;

/// Scans that are read together.
#[derive(Debug)]
pub struct ExplainedPass {
    /// What they are read for.
    pub purpose: Purpose,
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// How many buckets these days have.
    pub buckets: usize,
    /// The scans.
    pub scans: Vec<ExplainedScan>,
}

/// What scans are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The rows of the answer.
    Rows,
    /// What does not add up from the rows to totals.
    Totals,
    /// The rows of the period that the question's is compared with.
    EarlierRows,
    /// What does not add up from these to totals.
    EarlierTotals,
    /// The whole of that period, where its buckets do not make it up.
    EarlierPeriod,
}

/// A scan and the statement that runs it.
#[derive(Debug)]
pub struct ExplainedScan {
    /// The catalogue's name of what is scanned.
    pub source: &'static str,
    /// The names of the measures.
    pub measures: Vec<&'static str>,
    /// What its rows are grouped by.
    pub keys: Vec<Dimension>,
    /// Its rows tell of an amount in another currency than the answer's. Where there is one, everything is read once more, with
    /// amounts by currency and exchange rate.
    pub checks_currency: bool,
    /// The statement.
    pub statement: Statement,
}

/// What is read to answer a question from a database in which some columns hold days, as long as amounts are of one currency. Labels, targets, exchange rates and groups
/// without data are read by statements of their own.
pub fn explain(question: &Question, dialect: Dialect, days: &DayColumns) -> Result<Vec<ExplainedPass>> {
    let plan = &Plan::new(question, days)?;
    let mut explained = Vec::new();
    let mut add = |purpose: Purpose, timeline: &Timeline, pass: Option<Pass>| {
        let Some(pass) = pass else { return };
        let range = &KeyRange::default();
        let context = Context { plan, question, timeline, range, days, rate_changes: None };
        let scans =
            statements(dialect, context, &pass).into_iter().map(|scan| ExplainedScan::new(plan, scan)).collect();
        let (first, last, buckets) = (timeline.first(), timeline.last(), timeline.buckets.len());
        explained.push(ExplainedPass { purpose, first, last, buckets, scans });
    };
    let groups = |timeline: &Timeline| Some(plan.groups(question, timeline.buckets.len()));
    let beside = |timeline: &Timeline| plan.totals_beside_groups(question, timeline.buckets.len());
    let (now, earlier) = (&question.timeline, question.earlier());
    add(Purpose::Rows, now, groups(now));
    if let Some(Earlier { buckets, .. }) = &earlier {
        add(Purpose::EarlierRows, buckets, groups(buckets));
    }
    add(Purpose::Totals, now, beside(now));
    if let Some(Earlier { buckets, whole, .. }) = &earlier {
        add(Purpose::EarlierTotals, buckets, beside(buckets));
        let whole = whole.as_ref().filter(|_| now.buckets.len() > 1);
        if let Some(whole) = whole.filter(|whole| !Earlier::whole_follows(whole, buckets)) {
            add(Purpose::EarlierPeriod, whole, Some(plan.totals(whole.buckets.len())));
        }
    }
    Ok(explained)
}

impl ExplainedScan {
    fn new(plan: &Plan, ScanStatement { scan, layout, statement }: ScanStatement) -> Self {
        let measures = scan.measures.iter().map(|part| plan.measures[part.measure].measure.name).collect();
        let (source, checks_currency) = (scan.source.name, layout.foreign_currency.is_some());
        Self { source, measures, keys: scan.keys, checks_currency, statement }
    }
}
