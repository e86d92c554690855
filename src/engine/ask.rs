//! One question in one snapshot.

use super::beside::Standings;
use super::evaluate::{Exact, values};
use super::figures::{Figures, GroupKey};
use super::groups::{Group, Sides, beside, compare, evaluate, ranks, rows};
use super::members::{Labels, Listing, labels, list};
use super::plan::Plan;
use super::question::{OrderKey, Question};
use super::reader::Reader;
use super::result::{Answer, Rank, Row};
use super::sql::KeyRange;
use super::targets::{Aiming, Targets};
use crate::database::Snapshot;
use crate::error::{Error, Result};
use crate::period::Timeline;

/// A question being answered.
pub(super) struct Asking<'a> {
    pub snapshot: &'a Snapshot,
    pub question: &'a Question,
    now: Reader<'a>,
    then: Option<Earlier<'a>>,
    aiming: Option<Aiming<'a>>,
}

/// The period that a question's is compared with.
struct Earlier<'a> {
    /// Reads the buckets that correspond to the question's, and what lies between them.
    buckets: Reader<'a>,
    /// Where each of the question's buckets finds its counterpart.
    places: Vec<Option<usize>>,
    /// Reads the whole of it; none where nothing corresponds to the question's.
    whole: Option<Reader<'a>>,
}

/// The groups of a question, and what their figures are.
pub(super) struct Read {
    now: Figures,
    then: Option<Figures>,
    targets: Option<Targets>,
}

impl<'a> Asking<'a> {
    pub async fn new(snapshot: &'a Snapshot, question: &'a Question, plan: &'a Plan) -> Result<Self> {
        let reader = |timeline: Timeline| Reader::new(snapshot, question, plan, timeline);
        let timeline = &question.timeline;
        let earlier = question.compare_to.map(|comparison| timeline.compared(comparison));
        let then = earlier.and_then(|compared| {
            let (buckets, places) = compared.timeline(timeline)?;
            let whole = compared.whole.map(|whole| reader(Timeline { grain: None, buckets: vec![whole], ..*timeline }));
            Some(Earlier { buckets: reader(buckets), places, whole })
        });
        let aiming = Aiming::new(snapshot, question, timeline).await?;
        Ok(Self { snapshot, question, now: reader(timeline.clone()), then, aiming })
    }

    pub async fn answer(&self) -> Result<Answer> {
        let question = self.question;
        let read = self.read(&KeyRange::default()).await?;
        let (totals, exact) = self.totals(Some(&read)).await?;
        let mut groups = self.evaluate(&read)?;
        groups.sort_by(|left, right| compare(question, left, right));
        let ranked = groups.iter().filter(|group| group.ranked_by(question).is_some()).count();
        let ranks = ranks(question, &groups);
        if question.include_standing {
            let mut standings = self.standings(&exact);
            self.count_in(&mut standings, &groups)?;
            standings.sort();
            groups.iter_mut().for_each(|group| group.stand(question, &standings));
        }
        groups.truncate(question.limit.unwrap_or(usize::MAX));
        let rows = self.rows(groups, &ranks, ranked, None).await?;
        Ok(Answer { rows, totals })
    }

    /// Reads the groups of a range of reps: those with data, now or in the earlier period, and those on record where the
    /// question wants these too.
    pub async fn read(&self, range: &KeyRange) -> Result<Read> {
        let mut now = self.now.groups(range).await?;
        self.add_empty(&mut now, range).await?;
        let then = match &self.then {
            Some(earlier) => {
                let mut then = earlier.buckets.groups(range).await?;
                share_groups(&mut now, &mut then)?;
                Some(then)
            }
            None => None,
        };
        let targets = match &self.aiming {
            Some(aiming) => Some(aiming.of_rows(range).await?),
            None => None,
        };
        Ok(Read { now, then, targets })
    }

    /// Adds the groups on record, where the question wants those without data too.
    async fn add_empty(&self, figures: &mut Figures, range: &KeyRange) -> Result<()> {
        if let (true, &[dimension]) = (self.question.include_empty, self.question.group_by.as_slice()) {
            let listing = Listing { range: range.clone(), ..Listing::of(self.question) };
            for member in list(self.snapshot, dimension, &listing).await? {
                figures.group(vec![member.id])?;
            }
        }
        Ok(())
    }

    /// The groups with their values, unordered.
    pub fn evaluate(&self, read: &Read) -> Result<Vec<Group>> {
        let question = self.question;
        let ordered = question.orders_by_kpi() && read.now.buckets > 1;
        let over_time = ordered.then(|| read.now.over_time(self.now.plan));
        let then = read.then.as_ref().zip(self.then.as_ref());
        let sides = Sides {
            now: &read.now,
            whole: over_time.as_ref().unwrap_or(&read.now),
            then: then.map(|(figures, earlier)| (figures, earlier.places.as_slice())),
            targets: read.targets.as_ref(),
        };
        evaluate(self.now.plan, question, &sides)
    }

    /// The rows of ordered groups. `ranked`: how many of all groups have a rank. `first`: the labels of their first keys, where
    /// these are known.
    pub async fn rows(
        &self,
        groups: Vec<Group>,
        ranks: &[Option<u32>],
        ranked: usize,
        first: Option<Labels>,
    ) -> Result<Vec<Row>> {
        let keys = groups.iter().map(|group| &group.key);
        let labels = labels(self.snapshot, &self.question.group_by, keys, first).await?;
        let of = ranked.try_into().unwrap_or(u32::MAX);
        let ranks = ranks.iter().map(|rank| rank.map(|place| Rank { place, of }));
        Ok(groups.into_iter().zip(ranks).flat_map(|(group, rank)| rows(group, rank, &labels)).collect())
    }

    /// No groups' values yet, beside the totals of the buckets.
    pub fn standings(&self, totals: &[Vec<Exact>]) -> Standings {
        let question = self.question;
        let upwards = |kpi| question.order_by.iter().any(|step| step.key == OrderKey::Kpi(kpi) && !step.descending);
        let ascending: Vec<bool> = (0..question.kpis.len()).map(upwards).collect();
        let buckets = question.timeline.buckets.len();
        let mut standings = Standings::new(buckets, &ascending);
        for (bucket, total) in totals.iter().enumerate().take(buckets) {
            standings.set_total(bucket, total);
        }
        standings
    }

    /// Counts the values of groups in.
    pub fn count_in(&self, standings: &mut Standings, groups: &[Group]) -> Result<()> {
        for group in groups {
            for (bucket, values) in group.buckets.iter().enumerate() {
                standings.add(bucket, values);
            }
        }
        let max = self.now.plan.max_figures;
        if standings.len() > max { Err(Error::TooLarge(max)) } else { Ok(()) }
    }

    /// The rows over all groups: every bucket, then, where there are several, the whole period; and their values before
    /// they were rounded.
    pub async fn totals(&self, groups: Option<&Read>) -> Result<(Vec<Row>, Vec<Vec<Exact>>)> {
        let now = self.now.totals(groups.map(|read| &read.now)).await?;
        let then = match &self.then {
            Some(earlier) => Some((earlier, earlier.buckets.totals(groups.and_then(|read| read.then.as_ref())).await?)),
            None => None,
        };
        let targets = match &self.aiming {
            Some(aiming) => Some(aiming.of_totals().await?),
            None => None,
        };
        let row = |place: usize, bucket: Option<usize>, now: &[Exact], then: &[Exact]| {
            let target = |kpi| targets.as_ref().map_or((None, None), |targets| targets.of(&[], kpi, place));
            Row { bucket, keys: Vec::new(), values: beside(now, then, target), rank: None }
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
            let whole = self.total(&now.over_time(self.now.plan), 0)?;
            rows.push(row(now.buckets, None, &whole, &before));
            exact.push(whole);
        }
        Ok((rows, exact))
    }

    /// The values of the whole earlier period: from its buckets, where these make it up.
    async fn whole_total(&self, earlier: &Earlier<'_>, buckets: &Figures) -> Result<Vec<Exact>> {
        let Some(whole) = &earlier.whole else { return Ok(Vec::new()) };
        let days = |timeline: &Timeline| (timeline.first(), timeline.last());
        if days(&whole.timeline) == days(&earlier.buckets.timeline) && buckets.buckets > 1 {
            return self.total(&buckets.over_time(self.now.plan), 0);
        }
        self.total(&whole.totals(None).await?, 0)
    }

    fn total(&self, figures: &Figures, at: usize) -> Result<Vec<Exact>> {
        let everything = GroupKey::new();
        let group = figures.groups.get(&everything).copied().unwrap_or_default();
        values(self.now.plan, self.question, figures, (&everything, group), at)
    }
}

/// Has both sets of figures have the groups of either.
fn share_groups(one: &mut Figures, other: &mut Figures) -> Result<()> {
    for key in other.groups.keys() {
        one.group(key.clone())?;
    }
    for key in one.groups.keys() {
        other.group(key.clone())?;
    }
    Ok(())
}
