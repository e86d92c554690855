//! Reads the figures of a question over one timeline: those of its groups, and of everything together.

use super::figures::{Figures, Stretch};
use super::group::GroupKey;
use super::rates::Rates;
use super::sorter::Sorter;
use crate::catalog::Dimension;
use crate::database::Snapshot;
use crate::engine::model::{Budget, KeyRange, Question};
use crate::engine::plan::{Pass, Plan};
use crate::engine::sql::{Context, ScanStatement, edges, statements};
use crate::error::{Error, Result};
use crate::period::Timeline;
use chrono::Days;
use sea_orm::QueryResult;
use std::collections::BTreeSet;
use tokio::sync::OnceCell;

/// Reads figures over a timeline.
pub(crate) struct Reader<'a> {
    snapshot: &'a Snapshot,
    question: &'a Question,
    plan: &'a Plan,
    budget: &'a Budget,
    pub timeline: Timeline,
    /// Loaded once an amount of another currency is found.
    rates: OnceCell<Rates>,
}

impl<'a> Reader<'a> {
    pub fn new(
        snapshot: &'a Snapshot,
        (question, plan): (&'a Question, &'a Plan),
        budget: &'a Budget,
        timeline: Timeline,
    ) -> Self {
        Self { snapshot, question, plan, budget, timeline, rates: OnceCell::new() }
    }

    /// The figures of everything together. From the groups' figures, where these are given, as far as they add up.
    pub async fn totals(&self, groups: Option<&Figures>) -> Result<Figures> {
        let buckets = self.timeline.buckets.len();
        let Some(groups) = groups else { return self.read(&self.plan.totals(buckets), &KeyRange::default()).await };
        let mut sum = groups.over_groups()?;
        let by_currency = self.question.group_by.iter().position(|&dimension| dimension == Dimension::Currency);
        if let Some(place) = by_currency.filter(|_| self.question.own_currency) {
            let own = self.question.currency.code();
            let currencies = groups.groups.keys().filter_map(|key| key.get(place));
            sum.foreign = currencies.filter(|code| !code.is_empty() && *code != own).min().cloned();
        }
        if let Some(anew) = self.plan.totals_beside_groups(self.question, buckets) {
            sum.take(&self.read(&anew, &KeyRange::default()).await?, &anew.measures)?;
        }
        Ok(sum)
    }

    /// Reads the measures of a pass. Amounts are converted once one of another currency is found: where there is only one,
    /// nobody pays for that.
    pub async fn read(&self, pass: &Pass, range: &KeyRange) -> Result<Figures> {
        let mut figures = self.run(pass, range, self.rates.get()).await?;
        if figures.foreign.is_some() && !self.question.own_currency {
            let rates = self.rates.get_or_try_init(|| self.load_rates()).await?;
            drop(figures);
            figures = self.run(pass, range, Some(rates)).await?;
        }
        if pass.keys.is_empty() {
            figures.group(GroupKey::new())?;
        }
        Ok(figures)
    }

    /// Runs the scans of a pass. With `rates` amounts of all currencies are converted; without them the figures tell whether
    /// there are any that would have to be.
    async fn run(&self, pass: &Pass, range: &KeyRange, rates: Option<&Rates>) -> Result<Figures> {
        let Self { snapshot, question, plan, timeline, .. } = self;
        let (days, rate_changes) = (snapshot.days(), rates.map(Rates::changes));
        let context = Context { plan, question, timeline, range, days, rate_changes };
        let mut figures = Figures::new(Stretch::of(timeline), plan, self.budget);
        let (mut asked, mut scans) = (Vec::new(), Vec::new());
        for ScanStatement { scan, layout, statement } in statements(snapshot.dialect(), context, pass) {
            let (source, measures, converts) = (scan.source.name, scan.measures.len(), scan.converts);
            let span = tracing::info_span!("scan", otel.kind = "client", source, measures, converts);
            asked.push((statement, span));
            scans.push((scan, layout));
        }
        let mut sorters = Vec::with_capacity(scans.len());
        for (scan, layout) in &scans {
            sorters.push(Sorter::new(plan, (scan, layout), (timeline, rates), &pass.keys, &mut figures));
        }
        let take = |place: usize, row: Option<QueryResult>| match row {
            Some(row) => sorters[place].sort(&mut figures, &row),
            None => sorters[place].end(&mut figures),
        };
        snapshot.each(asked, take).await?;
        // The first scan that failed says why, whichever ended first.
        let mut settled = BTreeSet::new();
        for sorter in sorters {
            settled.extend(sorter.outcome()?);
        }
        if let Some(missing) = figures.first_lost().filter(|_| question.require_rates) {
            return Err(missing.into_error(question.currency));
        }
        figures.accumulate(plan, pass.measures.iter().copied().filter(|measure| !settled.contains(measure)))?;
        Ok(figures)
    }

    /// The rates of all days that some measure reads.
    async fn load_rates(&self) -> Result<Rates> {
        let (whole, calendar) = (self.timeline.whole(), &self.timeline.calendar);
        let axes = self.plan.measures.iter().map(|planned| &planned.reading.axis);
        let edges: Vec<_> =
            axes.flat_map(|axis| edges(axis, &self.timeline).into_iter().chain(edges(axis, &whole))).collect();
        let ends = edges.iter().min().zip(edges.iter().max());
        let days = ends.and_then(|(first, last)| Some((first.day.checked_sub_days(Days::new(1))?, last.day)));
        let days = days.ok_or_else(|| Error::Internal("a question without edges".into()))?;
        Rates::load(self.snapshot, self.question.currency, calendar, days).await
    }
}
