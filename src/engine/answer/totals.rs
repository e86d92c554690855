//! The rows over all groups.

use super::context::with_context;
use super::evaluate::{Exact, values};
use super::execution::{EarlierReader, Execution, Read};
use crate::engine::model::{Earlier, Row, Value};
use crate::engine::read::{Figures, GroupKey};
use crate::error::Result;

impl Execution<'_> {
    /// The rows over all groups: every bucket, then, where there are several, the whole period; and their values before
    /// they were rounded.
    pub async fn totals(&self, groups: Option<&Read>) -> Result<(Vec<Row>, Vec<Vec<Exact>>)> {
        let mut now = self.now.totals(groups.map(|read| &read.now)).await?;
        now.without_source = self.sources.lacking(&now).await?;
        let then = match &self.then {
            Some(earlier) => {
                let mut then = earlier.buckets.totals(groups.and_then(|read| read.then.as_ref())).await?;
                then.without_source = self.sources.lacking(&then).await?;
                Some((earlier, then))
            }
            None => None,
        };
        let targets = match &self.targets {
            Some(targets) => Some(targets.of_totals().await?),
            None => None,
        };
        let values = (now.buckets + 1) * self.question.kpis.len();
        let mut held = self.lease().hold();
        held.grow(values * (size_of::<Value>() + size_of::<Exact>()))?;
        let row = |place: usize, bucket: Option<usize>, now: &[Exact], then: &[Exact]| {
            let aim = |kpi| targets.as_ref().map(|targets| targets.of(&[], kpi, place));
            Row { bucket, keys: Vec::new(), values: with_context(now, then, aim), rank: None }
        };
        let (mut rows, mut exact) = (Vec::with_capacity(now.buckets + 1), Vec::with_capacity(now.buckets + 1));
        for bucket in 0..now.buckets {
            let slot = then.as_ref().and_then(|(earlier, figures)| Some((figures, (*earlier.places.get(bucket)?)?)));
            let before = slot.map(|(figures, slot)| self.total(figures, slot)).transpose()?.unwrap_or_default();
            let here = self.total(&now, bucket)?;
            rows.push(row(bucket, Some(bucket), &here, &before));
            exact.push(here);
        }
        if now.buckets > 1 {
            let before = match &then {
                Some((earlier, figures)) => self.whole_total(earlier, figures).await?,
                None => Vec::new(),
            };
            let whole = self.total(&now.over_time(self.plan)?, 0)?;
            rows.push(row(now.buckets, None, &whole, &before));
            exact.push(whole);
        }
        Ok((rows, exact))
    }

    /// The values of the whole earlier period: from its buckets, where these make it up.
    async fn whole_total(&self, earlier: &EarlierReader<'_>, buckets: &Figures) -> Result<Vec<Exact>> {
        let Some(whole) = &earlier.whole else { return Ok(Vec::new()) };
        if Earlier::whole_follows(&whole.timeline, &earlier.buckets.timeline) {
            return self.total(&buckets.over_time(self.plan)?, 0);
        }
        let mut whole = whole.totals(None).await?;
        whole.without_source = self.sources.lacking(&whole).await?;
        self.total(&whole, 0)
    }

    fn total(&self, figures: &Figures, at: usize) -> Result<Vec<Exact>> {
        let everything = GroupKey::new();
        let group = figures.groups.get(&everything).copied().unwrap_or_default();
        values(self.plan, self.question, figures, (&everything, group), at)
    }
}
