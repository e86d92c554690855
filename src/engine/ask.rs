//! One question in one snapshot.

use super::evaluate::values;
use super::figures::{Figures, GroupKey};
use super::groups::{Group, compare, evaluate, ranks, rows};
use super::members::{Listing, labels, list};
use super::plan::Plan;
use super::question::{OrderKey, Question};
use super::result::{Answer, Row};
use super::scan::read;
use super::sql::KeyRange;
use crate::catalog::Dimension;
use crate::error::Result;
use sea_orm::DatabaseTransaction;

/// A question being answered.
pub(super) struct Asking<'a> {
    pub snapshot: &'a DatabaseTransaction,
    pub question: &'a Question,
    pub plan: Plan,
}

impl<'a> Asking<'a> {
    pub fn new(snapshot: &'a DatabaseTransaction, question: &'a Question) -> Result<Self> {
        Ok(Self { snapshot, question, plan: Plan::new(question)? })
    }

    pub async fn answer(&self) -> Result<Answer> {
        let question = self.question;
        let everyone = KeyRange::default();
        let mut figures = self.read_groups(&everyone).await?;
        self.add_empty(&mut figures, &everyone).await?;
        let totals = self.totals(Some(&figures)).await?;
        let mut groups = self.evaluate(&figures)?;
        groups.sort_by(|left, right| compare(question, left, right));
        let ranks = ranks(question, &groups);
        groups.truncate(question.limit.unwrap_or(usize::MAX));
        let rows = self.rows(groups, &ranks).await?;
        Ok(Answer { rows, totals })
    }

    /// Adds the groups on record, where the question wants those without data too.
    pub async fn add_empty(&self, figures: &mut Figures, range: &KeyRange) -> Result<()> {
        if let (true, &[dimension]) = (self.question.include_empty, self.question.group_by.as_slice()) {
            let listing = Listing { range: range.clone(), ..Listing::of(self.question) };
            for member in list(self.snapshot, dimension, &listing).await? {
                figures.group(vec![member.id])?;
            }
        }
        Ok(())
    }

    /// The groups of some figures with their values, unordered.
    pub fn evaluate(&self, figures: &Figures) -> Result<Vec<Group>> {
        let question = self.question;
        if question.orders_by_kpi() && figures.buckets > 1 {
            evaluate(&self.plan, question, figures, &figures.over_time(&self.plan))
        } else {
            evaluate(&self.plan, question, figures, figures)
        }
    }

    /// The rows of ordered groups.
    pub async fn rows(&self, groups: Vec<Group>, ranks: &[Option<u32>]) -> Result<Vec<Row>> {
        let keys = groups.iter().map(|group| &group.key);
        let labels = labels(self.snapshot, &self.question.group_by, keys).await?;
        let ranked = groups.into_iter().zip(ranks);
        Ok(ranked.flat_map(|(group, &rank)| rows(group, rank, &labels)).collect())
    }

    /// Reads all measures of the question's groups.
    pub async fn read_groups(&self, range: &KeyRange) -> Result<Figures> {
        let whole = self.wanted_in_whole();
        self.read((&self.all_measures(), &whole), &self.question.group_by, range).await
    }

    /// Reads measures in the question's buckets, some also in the whole period.
    async fn read(&self, measures: (&[usize], &[usize]), keys: &[Dimension], range: &KeyRange) -> Result<Figures> {
        let mut figures = read(self.snapshot, &self.plan, self.question, measures, keys, range).await?;
        if keys.is_empty() {
            figures.group(GroupKey::new())?;
        }
        Ok(figures)
    }

    /// The measures whose figures over the whole period are needed of every group, beside those of the buckets.
    fn wanted_in_whole(&self) -> Vec<usize> {
        match self.question.timeline.buckets.len() {
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

    pub fn all_measures(&self) -> Vec<usize> {
        (0..self.plan.measures.len()).collect()
    }

    /// The rows over all groups: every bucket, then, where there are several, the whole period. From the groups' figures,
    /// where these are given, as far as they add up.
    pub async fn totals(&self, groups: Option<&Figures>) -> Result<Vec<Row>> {
        let buckets = match groups {
            Some(figures) => self.over_groups(figures).await?,
            None => self.read_totals(&self.all_measures()).await?,
        };
        let mut rows = Vec::with_capacity(buckets.buckets + 1);
        for bucket in 0..buckets.buckets {
            rows.push(self.total(&buckets, bucket, Some(bucket))?);
        }
        if buckets.buckets > 1 {
            rows.push(self.total(&buckets.over_time(&self.plan), 0, None)?);
        }
        Ok(rows)
    }

    fn total(&self, figures: &Figures, at: usize, bucket: Option<usize>) -> Result<Row> {
        let everything = GroupKey::new();
        let group = figures.groups.get(&everything).copied().unwrap_or_default();
        let values = values(&self.plan, self.question, figures, (&everything, group), at)?;
        Ok(Row { bucket, keys: Vec::new(), values, rank: None })
    }

    /// All groups together: added up where that is right, otherwise read anew.
    async fn over_groups(&self, figures: &Figures) -> Result<Figures> {
        let keys = &self.question.group_by;
        let mut sum = figures.over_groups()?;
        if let Some(place) = keys.iter().position(|&dimension| dimension == Dimension::Currency) {
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
