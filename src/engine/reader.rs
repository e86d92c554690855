//! Reads the figures of a question over one timeline: those of its groups, and of everything together.

use super::axis::edges;
use super::figures::{Figures, GroupKey};
use super::plan::Plan;
use super::question::{OrderKey, Question};
use super::rates::Rates;
use super::scan::{Request, days_of_rates, read};
use super::sql::KeyRange;
use crate::catalog::Dimension;
use crate::database::Snapshot;
use crate::error::{Error, Result};
use crate::period::Timeline;
use tokio::sync::OnceCell;

/// Reads figures over a timeline.
pub(super) struct Reader<'a> {
    pub snapshot: &'a Snapshot,
    pub question: &'a Question,
    pub plan: &'a Plan,
    pub timeline: Timeline,
    /// Loaded once an amount of another currency is found.
    rates: OnceCell<Rates>,
}

impl<'a> Reader<'a> {
    pub fn new(snapshot: &'a Snapshot, question: &'a Question, plan: &'a Plan, timeline: Timeline) -> Self {
        Self { snapshot, question, plan, timeline, rates: OnceCell::new() }
    }

    /// Reads all measures of the question's groups.
    pub async fn groups(&self, range: &KeyRange) -> Result<Figures> {
        let whole = self.wanted_in_whole();
        self.read((&self.all_measures(), &whole), &self.question.group_by, range).await
    }

    /// Reads measures in the buckets, some also in the whole period. Amounts are converted once one of another currency is
    /// found: where there is only one, nobody pays for that.
    async fn read(
        &self,
        (measures, whole): (&[usize], &[usize]),
        keys: &[Dimension],
        range: &KeyRange,
    ) -> Result<Figures> {
        let Self { plan, question, timeline, .. } = self;
        let request = Request { plan, question, timeline, measures, whole, keys, range };
        let mut figures = read(self.snapshot, request, self.rates.get()).await?;
        if figures.foreign.is_some() && !question.own_currency {
            let rates = self.rates.get_or_try_init(|| self.load_rates()).await?;
            drop(figures);
            figures = read(self.snapshot, request, Some(rates)).await?;
        }
        if keys.is_empty() {
            figures.group(GroupKey::new())?;
        }
        Ok(figures)
    }

    /// The rates of all days that some measure reads.
    async fn load_rates(&self) -> Result<Rates> {
        let whole = self.timeline.whole();
        let axes = self.plan.measures.iter().map(|planned| &planned.reading.axis);
        let edges: Vec<_> =
            axes.flat_map(|axis| edges(axis, &self.timeline).into_iter().chain(edges(axis, &whole))).collect();
        let days = days_of_rates(edges.iter().copied(), &self.timeline.calendar);
        let days = days.ok_or_else(|| Error::Internal("a question without edges".into()))?;
        Rates::load(self.snapshot, self.question.currency, &self.timeline.calendar, days).await
    }

    /// The measures whose figures over the whole period are needed of every group, beside those of the buckets.
    fn wanted_in_whole(&self) -> Vec<usize> {
        match self.timeline.buckets.len() {
            ..2 => Vec::new(),
            _ if self.question.group_by.is_empty() => self.all_measures(),
            _ => self.ordering_measures(),
        }
    }

    /// The measures of the KPIs that the order of groups goes by.
    fn ordering_measures(&self) -> Vec<usize> {
        let kpis = self.question.order_by.iter().filter_map(|order| match order.key {
            OrderKey::Kpi(kpi) => self.plan.formulas.get(kpi),
            OrderKey::Key(_) => None,
        });
        let mut measures: Vec<usize> = kpis.flat_map(|formula| formula.measures()).collect();
        measures.sort_unstable();
        measures.dedup();
        measures
    }

    fn all_measures(&self) -> Vec<usize> {
        (0..self.plan.measures.len()).collect()
    }

    /// The figures of everything together. From the groups' figures, where these are given, as far as they add up.
    pub async fn totals(&self, groups: Option<&Figures>) -> Result<Figures> {
        match groups {
            Some(figures) => self.over_groups(figures).await,
            None => self.read_totals(&self.all_measures()).await,
        }
    }

    /// All groups together: added up where that is right, otherwise read anew.
    async fn over_groups(&self, figures: &Figures) -> Result<Figures> {
        let keys = &self.question.group_by;
        let mut sum = figures.over_groups()?;
        if let Some(place) = keys.iter().position(|&dimension| dimension == Dimension::Currency)
            && self.question.own_currency
        {
            let own = self.question.currency.code();
            let currencies = figures.groups.keys().filter_map(|key| key.get(place));
            sum.foreign = currencies.filter(|code| !code.is_empty() && *code != own).min().cloned();
        }
        if keys.is_empty() {
            return Ok(sum);
        }
        let overlap = keys.iter().any(|dimension| dimension.hierarchical());
        let whole = self.wanted_in_whole();
        let anew = |&measure: &usize| {
            let unread = figures.buckets > 1 && !self.plan.adds_up_over_time(measure) && !whole.contains(&measure);
            overlap || unread || !self.plan.measures[measure].reading.adds_up_over_groups()
        };
        let anew: Vec<usize> = self.all_measures().into_iter().filter(anew).collect();
        if !anew.is_empty() {
            sum.take(&self.read_totals(&anew).await?, &anew)?;
        }
        Ok(sum)
    }

    /// Measures of everything together, in the buckets and the whole period.
    async fn read_totals(&self, measures: &[usize]) -> Result<Figures> {
        self.read((measures, measures), &[], &KeyRange::default()).await
    }
}
