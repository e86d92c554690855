//! One question in one snapshot.

use super::beside::Standings;
use super::evaluate::{Exact, values};
use super::figures::{Figures, GroupKey};
use super::groups::{Group, Sides, beside, compare, ranks};
use super::members::{Labels, Listing, labels, list};
use super::plan::Plan;
use super::question::{OrderKey, Question};
use super::reader::Reader;
use super::result::{Rank, Row, Value};
use super::run::Sink;
use super::sql::KeyRange;
use super::targets::{Aiming, Targets};
use crate::database::Snapshot;
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

    /// Gives all rows that the sink wants to it, and returns the totals.
    pub async fn answer(&self, sink: &mut dyn Sink) -> Result<Vec<Row>> {
        let question = self.question;
        let read = self.read(&KeyRange::default()).await?;
        let (totals, exact) = self.totals(Some(&read)).await?;
        let mut held = self.now.plan.room.lease.hold();
        let mut groups = self.evaluate(&read, 0, &mut held)?;
        groups.sort_by(|left, right| compare(question, left, right));
        let ranked = groups.iter().filter(|group| group.ranked_by(question).is_some()).count();
        let ranks = ranks(question, &groups);
        let standings = match question.include_standing {
            true => {
                let mut standings = self.standings(&exact);
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

    /// The groups, unordered.
    pub fn evaluate(&self, read: &Read, number: usize, held: &mut Held) -> Result<Vec<Group>> {
        let ordered = self.question.orders_by_kpi() && read.now.buckets > 1;
        let over_time = ordered.then(|| read.now.over_time(self.now.plan)).transpose()?;
        self.sides(read).groups(over_time.as_ref().unwrap_or(&read.now), number, held)
    }

    /// What groups are evaluated from.
    pub fn sides<'b>(&'b self, read: &'b Read) -> Sides<'b> {
        let then = read.then.as_ref().zip(self.then.as_ref());
        Sides {
            plan: self.now.plan,
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
        &self.now.plan.room.lease
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
    pub fn count_in(&self, standings: &mut Standings, read: &Read, groups: &[Group], held: &mut Held) -> Result<()> {
        let sides = self.sides(read);
        held.grow(groups.len() * read.now.buckets * self.question.kpis.len() * size_of::<Decimal>())?;
        for group in groups {
            for bucket in 0..read.now.buckets {
                standings.add(bucket, &sides.exact(group, bucket)?);
            }
        }
        let max = self.now.plan.room.figures;
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
        let values = (now.buckets + 1) * self.question.kpis.len();
        let mut held = self.lease().hold();
        held.grow(values * (size_of::<Value>() + size_of::<Exact>()))?;
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
            let whole = self.total(&now.over_time(self.now.plan)?, 0)?;
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
            return self.total(&buckets.over_time(self.now.plan)?, 0);
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
    for key in other.groups.clone().keys() {
        one.share_group(key)?;
    }
    for key in one.groups.keys() {
        other.share_group(key)?;
    }
    Ok(())
}

/// Makes rows of groups.
pub(super) struct Rows<'a> {
    pub sides: Sides<'a>,
    pub standings: Option<&'a Standings>,
    pub labels: &'a [Labels],
    /// How many of all groups have a rank.
    pub ranked: usize,
}

impl Rows<'_> {
    /// A row of no group.
    fn empty(&self) -> Row {
        Row { bucket: None, keys: Vec::new(), values: Vec::new(), rank: None }
    }

    /// What all rows of a group have.
    pub fn begin(&self, group: &Group, rank: Option<u32>) -> Row {
        let of = u32::try_from(self.ranked).unwrap_or(u32::MAX);
        let rank = rank.map(|place| Rank { place, of });
        Row { keys: group.keys(self.labels), rank, ..self.empty() }
    }

    /// Makes a row of the group that of a bucket.
    pub fn at(&self, row: &mut Row, group: &Group, bucket: usize) -> Result<()> {
        row.bucket = Some(bucket);
        row.values = self.sides.values(group, bucket, self.standings)?;
        Ok(())
    }
}
