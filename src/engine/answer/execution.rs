//! One question in one snapshot.

use super::evaluate::Exact;
use super::groups::{Group, Sides, compare, ranks};
use super::rows::Rows;
use super::standings::{Levels, Standings};
use crate::catalog::{Direction, Kpi};
use crate::database::Snapshot;
use crate::engine::model::{Budget, Earlier, KeyRange, OrderKey, Question, Row, Sink};
use crate::engine::plan::Plan;
use crate::engine::read::{Figures, Labels, Listing, Reader, Sources, TargetReader, Targets, labels, levels, list};
use crate::error::{Error, Result};
use crate::memory::{Held, Lease};
use crate::period::Timeline;
use rust_decimal::Decimal;
use tokio::task::yield_now;

/// Rows that are worked out before others have a turn.
const ROWS_A_TURN: usize = 512;

/// Bytes that a label takes beside its text and its id's.
const LABEL_BYTES: usize = 112;

/// A question being answered.
pub(super) struct Execution<'a> {
    pub snapshot: &'a Snapshot,
    pub question: &'a Question,
    pub plan: &'a Plan,
    budget: &'a Budget,
    pub sources: Sources<'a>,
    pub now: Reader<'a>,
    pub then: Option<EarlierReader<'a>>,
    pub targets: Option<TargetReader<'a>>,
}

/// Reads the period that a question's is compared with.
pub(super) struct EarlierReader<'a> {
    pub buckets: Reader<'a>,
    /// Where each of the question's buckets finds its counterpart.
    pub places: Vec<Option<usize>>,
    pub whole: Option<Reader<'a>>,
}

/// The groups of a question, and what their figures are.
pub(super) struct Read {
    pub now: Figures,
    pub then: Option<Figures>,
    pub targets: Option<Targets>,
}

impl<'a> Execution<'a> {
    pub async fn new(
        snapshot: &'a Snapshot,
        (question, plan): (&'a Question, &'a Plan),
        budget: &'a Budget,
    ) -> Result<Self> {
        let reader = |timeline: Timeline| Reader::new(snapshot, (question, plan), budget, timeline);
        let then = question.earlier().map(|Earlier { buckets, places, whole }| EarlierReader {
            buckets: reader(buckets),
            places,
            whole: whole.map(reader),
        });
        let (now, timeline) = (reader(question.timeline.clone()), &question.timeline);
        let targets = TargetReader::new(snapshot, question, timeline).await?;
        let sources = Sources::new(snapshot, plan);
        Ok(Self { snapshot, question, plan, budget, sources, now, then, targets })
    }

    /// Gives all rows that the sink wants to it, and returns the totals.
    pub async fn answer(&self, sink: &mut dyn Sink) -> Result<Vec<Row>> {
        let question = self.question;
        let read = self.read(&KeyRange::default()).await?;
        let (totals, exact) = self.totals(Some(&read)).await?;
        let mut held = self.lease().hold();
        let mut groups = self.evaluate(&read, 0, &mut held)?;
        groups.sort_by(|left, right| compare(question, left, right));
        let ranked = groups.iter().filter(|group| group.ranked_by(question).is_some()).count();
        let ranks = ranks(question, &groups);
        let standings = match question.include_standing {
            true => {
                let mut standings = self.standings(&exact).await?;
                self.count_in(&mut standings, &read, &groups, &mut held)?;
                standings.sort();
                Some(standings)
            }
            false => None,
        };
        groups.truncate(question.limit.unwrap_or(usize::MAX));
        let labels = self.labels(&groups, None, &mut held).await?;
        let rows = Rows { sides: self.sides(&read), standings: standings.as_ref(), labels: &labels, ranked };
        let (buckets, count) = (read.now.buckets, groups.len() * read.now.buckets);
        sink.begin(count);
        let (mut next, mut row, mut of) = (0, rows.empty(), usize::MAX);
        while let Some(at) = sink.wants(next).filter(|at| *at < count) {
            let (group, bucket) = (at / buckets, at % buckets);
            if std::mem::replace(&mut of, group) != group {
                row = rows.begin(&groups[group], ranks[group]);
            }
            rows.at(&mut row, &groups[group], bucket)?;
            sink.row(&row)?;
            next = at + 1;
            // Others have a turn, and a call that has ended stops.
            if next % ROWS_A_TURN == 0 {
                yield_now().await;
            }
        }
        Ok(totals)
    }

    /// Reads the groups of a range of reps: those with data, now or in the earlier period, and those on record where the
    /// question wants these too.
    pub async fn read(&self, range: &KeyRange) -> Result<Read> {
        let groups = |of: &Reader<'_>| self.plan.groups(self.question, of.timeline.buckets.len());
        let mut now = self.now.read(&groups(&self.now), range).await?;
        self.add_empty(&mut now, range).await?;
        let then = match &self.then {
            Some(EarlierReader { buckets, .. }) => {
                let mut then = buckets.read(&groups(buckets), range).await?;
                share_groups(&mut now, &mut then)?;
                then.without_source = self.sources.lacking(&then).await?;
                Some(then)
            }
            None => None,
        };
        now.without_source = self.sources.lacking(&now).await?;
        let targets = match &self.targets {
            Some(targets) => Some(targets.of_rows(range).await?),
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

    /// The groups, unordered.
    pub fn evaluate(&self, read: &Read, number: usize, held: &mut Held) -> Result<Vec<Group>> {
        let ordered = self.question.orders_by_kpi() && read.now.buckets > 1;
        let over_time = ordered.then(|| read.now.over_time(self.plan)).transpose()?;
        self.sides(read).groups(over_time.as_ref().unwrap_or(&read.now), number, held)
    }

    /// What groups are evaluated from.
    pub fn sides<'b>(&'b self, read: &'b Read) -> Sides<'b> {
        let then = read.then.as_ref().zip(self.then.as_ref());
        Sides {
            plan: self.plan,
            question: self.question,
            now: &read.now,
            then: then.map(|(figures, earlier)| (figures, earlier.places.as_slice())),
            targets: read.targets.as_ref(),
        }
    }

    /// The labels of groups' keys. `first`: those of their first keys, where these are known.
    pub async fn labels(&self, groups: &[Group], first: Option<Labels>, held: &mut Held) -> Result<Vec<Labels>> {
        let keys = groups.iter().map(|group| &*group.key);
        let labels = labels(self.snapshot, &self.question.group_by, keys, first).await?;
        let bytes = |(id, label): (&String, &String)| LABEL_BYTES + id.len() + label.len();
        held.grow(labels.iter().flatten().map(bytes).sum())?;
        Ok(labels)
    }

    /// The memory that the question may take.
    pub fn lease(&self) -> &Lease {
        &self.budget.lease
    }

    /// The levels that groups are placed within: one, unless there are teams and teams below them.
    async fn levels(&self) -> Result<Levels> {
        let question = self.question;
        let place = question.group_by.iter().position(|dimension| dimension.hierarchical());
        match place.filter(|_| question.hierarchy.is_none() && question.rolls_up()) {
            Some(place) => Ok(Levels { place, depths: levels(self.snapshot, &question.scope).await? }),
            None => Ok(Levels::default()),
        }
    }

    /// No groups' values yet, beside the totals of the buckets.
    pub async fn standings(&self, totals: &[Vec<Exact>]) -> Result<Standings> {
        let question = self.question;
        let upwards = |kpi| question.order_by.iter().any(|step| step.key == OrderKey::Kpi(kpi) && !step.descending);
        let lowest_first = |(place, kpi): (usize, &&Kpi)| match kpi.direction {
            Direction::Higher => false,
            Direction::Lower => true,
            Direction::Neither => upwards(place),
        };
        let ascending: Vec<bool> = question.kpis.iter().enumerate().map(lowest_first).collect();
        let buckets = question.timeline.buckets.len();
        let mut standings = Standings::new(buckets, ascending, self.levels().await?);
        for (bucket, total) in totals.iter().enumerate().take(buckets) {
            standings.set_total(bucket, total);
        }
        Ok(standings)
    }

    /// Counts the values of groups in.
    pub fn count_in(&self, standings: &mut Standings, read: &Read, groups: &[Group], held: &mut Held) -> Result<()> {
        let sides = self.sides(read);
        held.grow(groups.len() * read.now.buckets * self.question.kpis.len() * size_of::<Decimal>())?;
        for group in groups {
            for bucket in 0..read.now.buckets {
                standings.add(&group.key, bucket, &sides.exact(group, bucket)?);
            }
        }
        let max = self.budget.figures;
        if standings.len() > max { Err(Error::TooLarge(max)) } else { Ok(()) }
    }
}

/// Has both sets of figures have the groups of either.
fn share_groups(one: &mut Figures, other: &mut Figures) -> Result<()> {
    for key in other.groups.clone().keys() {
        one.share_group(key)?;
    }
    for key in one.groups.keys() {
        other.share_group(key)?;
    }
    Ok(())
}
