//! A breakdown by rep, page by page, so that memory stays flat however many reps there are.

use super::execution::{Execution, Read};
use super::groups::{Group, compare, ranks};
use super::rows::Rows;
use crate::database::Pieces;
use crate::engine::model::{Key, KeyRange, OrderKey, Page, Position, Row};
use crate::engine::read::{Labels, next_reps};
use crate::error::{Error, Result};
use crate::memory::Held;

/// Rows that the reps of a page are meant to have: the figures of two pages are held at once, of one that is worked out and
/// of the next.
const PAGE_ROWS: usize = 8_000;

/// Bytes of rows that are sent at once, about.
const PAGE_BYTES: u64 = 512 << 10;

/// Reps of a page at least and at most. The first has the least, so that it leaves early; each next one is larger.
const PAGE_REPS: (usize, usize) = (100, 2_000);
const PAGE_GROWTH: u64 = 4;

/// Where rows go. Nobody may be receiving any more: then there is nothing left to do.
type Pages = Pieces<Page>;

/// The pages of reps that are still to come.
struct Walk {
    next: Option<KeyRange>,
    /// Reps of the next page.
    size: u64,
    /// Reps of a page at most.
    most: u64,
}

impl Walk {
    fn from(first: Option<&str>, buckets: usize) -> Self {
        let most = (PAGE_ROWS / buckets.max(1)).clamp(PAGE_REPS.0, PAGE_REPS.1) as u64;
        let from = first.filter(|rep| !rep.is_empty()).map(str::to_owned);
        Self { next: Some(KeyRange { from, ..KeyRange::default() }), size: PAGE_REPS.0 as u64, most }
    }

    /// The next stretch of rep ids, with the labels of those on record; together they cover all there are, on record or not.
    async fn next(&mut self, execution: &Execution<'_>) -> Result<Option<(KeyRange, Labels)>> {
        let Some(mut range) = self.next.take() else { return Ok(None) };
        let reps = next_reps(execution.snapshot, execution.question, &range, self.size).await?;
        if let Some(Key { id: last, .. }) = reps.get(self.size as usize - 1) {
            range.to = Some(last.clone());
            self.next = Some(KeyRange { after: Some(last.clone()), ..KeyRange::default() });
        }
        self.size = (self.size * PAGE_GROWTH).min(self.most);
        Ok(Some((range, reps.into_iter().map(|rep| (rep.id, rep.label)).collect())))
    }
}

impl Execution<'_> {
    /// Sends all rows behind `after`. Returns early when nobody receives.
    pub async fn breakdown(&self, after: Option<&Position>, pages: &Pages) -> Result<()> {
        let by_rep = match self.question.order_by.first() {
            None => true,
            Some(order) => order.key == OrderKey::Key(0) && !order.descending && self.question.order_by.len() == 1,
        };
        let by_rep = by_rep && !self.question.include_standing;
        if by_rep { self.breakdown_by_rep(after, pages).await } else { self.breakdown_by_order(after, pages).await }
    }

    fn ordered(&self, read: &Read, number: usize, held: &mut Held) -> Result<Vec<Group>> {
        let mut groups = self.evaluate(read, number, held)?;
        groups.sort_by(|left, right| compare(self.question, left, right));
        Ok(groups)
    }

    /// Sends page after page. The next one is read while one is worked out and sent, unless a limit could make it needless.
    async fn breakdown_by_rep(&self, after: Option<&Position>, pages: &Pages) -> Result<()> {
        let buckets = self.question.timeline.buckets.len();
        // The group of the place itself counts again, as it may go on behind it.
        let sent = after.map_or(0, |place| (place.rows.saturating_sub(1) / buckets.max(1) as u64) as usize);
        let mut left = self.question.limit.map(|limit| limit.saturating_sub(sent));
        let mut walk = Walk::from(after.and_then(|place| place.keys.first()).map(String::as_str), buckets);
        let mut page = self.page(&mut walk).await?;
        while let Some((read, reps)) = page {
            let ahead = left.is_none();
            let sending = self.send(read, reps, after, &mut left, pages);
            let (wanted, next) = match ahead {
                true => {
                    let (next, wanted) = tokio::try_join!(self.page(&mut walk), sending)?;
                    (wanted, next)
                }
                false => (sending.await?, None),
            };
            if !wanted {
                break;
            }
            page = if ahead { next } else { self.page(&mut walk).await? };
        }
        Ok(())
    }

    /// Reads the next page, with the labels of its reps.
    async fn page(&self, walk: &mut Walk) -> Result<Option<(Read, Labels)>> {
        match walk.next(self).await? {
            Some((range, reps)) => Ok(Some((self.read(&range).await?, reps))),
            None => Ok(None),
        }
    }

    /// Sends the rows of a page that are behind `after`. Returns whether more are wanted.
    async fn send(
        &self,
        read: Read,
        reps: Labels,
        after: Option<&Position>,
        left: &mut Option<usize>,
        pages: &Pages,
    ) -> Result<bool> {
        let mut held = self.lease().hold();
        let mut groups = self.ordered(&read, 0, &mut held)?;
        if let Some(place) = after {
            groups.retain(|group| *group.key >= place.keys);
        }
        if let Some(left) = left {
            groups.truncate(*left);
            *left -= groups.len();
        }
        let ranks = ranks(self.question, &groups);
        let labels = self.labels(&groups, Some(reps), &mut held).await?;
        let rows = |_| Some(Rows { sides: self.sides(&read), standings: None, labels: &labels, ranked: 0 });
        let skip = |row: &Row| after.is_some_and(|place| is_at_or_before(row, place));
        Ok(self.send_rows(rows, groups.iter().zip(ranks), skip, pages).await? && *left != Some(0))
    }

    /// Sends the rows of groups but for those that are skipped, some at a time. Returns whether anybody receives them.
    async fn send_rows<'r>(
        &self,
        rows: impl Fn(usize) -> Option<Rows<'r>>,
        groups: impl Iterator<Item = (&Group, Option<u32>)>,
        mut skip: impl FnMut(&Row) -> bool,
        pages: &Pages,
    ) -> Result<bool> {
        let buckets = self.question.timeline.buckets.len();
        let mut page = Page::new(self.lease());
        for (group, rank) in groups {
            let rows = rows(group.read).ok_or_else(|| Error::Internal("a group without figures".into()))?;
            let of_group = rows.begin(group, rank);
            for bucket in 0..buckets {
                let mut row = of_group.clone();
                rows.at(&mut row, group, bucket)?;
                if skip(&row) {
                    continue;
                }
                page.push(row)?;
                // Between groups where that is soon enough.
                let most = if bucket + 1 == buckets { PAGE_BYTES } else { 8 * PAGE_BYTES };
                if page.bytes() >= most
                    && pages.send(std::mem::replace(&mut page, Page::new(self.lease()))).await.is_err()
                {
                    return Ok(false);
                }
            }
        }
        Ok(page.is_empty() || pages.send(page).await.is_ok())
    }

    /// Goes through all reps, but keeps only the groups that are wanted, and their figures.
    async fn breakdown_by_order(&self, after: Option<&Position>, pages: &Pages) -> Result<()> {
        let buckets = self.question.timeline.buckets.len();
        let limit = self.question.limit.unwrap_or(usize::MAX);
        let mut held = self.lease().hold();
        let mut kept: Vec<Group> = Vec::new();
        let mut reads: Vec<Option<Read>> = Vec::new();
        let mut ranked = 0;
        let mut standings = None;
        if self.question.include_standing {
            standings = Some(self.standings(&self.totals(None).await?.1).await?);
        }
        let mut walk = Walk::from(None, buckets);
        while let Some((range, _)) = walk.next(self).await? {
            if pages.is_closed() {
                return Ok(());
            }
            let read = self.read(&range).await?;
            let groups = self.ordered(&read, reads.len(), &mut held)?;
            ranked += groups.iter().filter(|group| group.ranked_by(self.question).is_some()).count();
            if let Some(standings) = &mut standings {
                self.count_in(standings, &read, &groups, &mut held)?;
            }
            kept.extend(groups);
            reads.push(Some(read));
            if kept.len() > limit {
                kept.sort_by(|left, right| compare(self.question, left, right));
                kept.truncate(limit);
                let mut wanted = vec![false; reads.len()];
                kept.iter().for_each(|group| wanted[group.read] = true);
                reads.iter_mut().zip(wanted).filter(|(_, wanted)| !wanted).for_each(|(read, _)| *read = None);
            }
        }
        kept.sort_by(|left, right| compare(self.question, left, right));
        let ranks = ranks(self.question, &kept);
        if let Some(standings) = &mut standings {
            standings.sort();
        }
        let mut behind = after.map_or(0, |place| usize::try_from(place.rows).unwrap_or(usize::MAX));
        let mut skip = |_: &Row| {
            let skipped = behind > 0;
            behind = behind.saturating_sub(1);
            skipped
        };
        let page = walk.most as usize;
        for (groups, ranks) in kept.chunks(page).zip(ranks.chunks(page)) {
            let mut held = self.lease().hold();
            let labels = self.labels(groups, None, &mut held).await?;
            let rows = |read: usize| {
                let sides = self.sides(reads.get(read)?.as_ref()?);
                Some(Rows { sides, standings: standings.as_ref(), labels: &labels, ranked })
            };
            let groups = groups.iter().zip(ranks.iter().copied());
            if !self.send_rows(rows, groups, &mut skip, pages).await? {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn is_at_or_before(row: &Row, place: &Position) -> bool {
    let key = row.keys.iter().map(|key| &key.id);
    key.cmp(place.keys.iter()).then(row.bucket.cmp(&Some(place.bucket))).is_le()
}
