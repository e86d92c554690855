use super::finding::Finding;
use super::inspection::Inspection;
use super::rule::{Check, Rule};
use super::sql::Writer;
use crate::database::{Database, Pieces, Snapshot, Unwanted};
use crate::error::{Error, Result};
use futures::TryStreamExt;
use sea_orm::DbErr;
use tokio::sync::mpsc;

/// Findings that are handed on at once.
const PAGE: usize = 500;

/// What an inspection tells, in its order: of each rule its findings page by page, then their number.
#[derive(Clone, Debug)]
pub enum News {
    /// Findings of a rule.
    Findings(&'static Rule, Vec<Finding>),
    /// A rule is done.
    Done {
        /// The rule.
        rule: &'static Rule,
        /// Findings, listed or not.
        count: u64,
        /// Findings listed.
        listed: u64,
    },
}

/// Inspects a database.
#[derive(Clone, Debug)]
pub struct Quality {
    database: Database,
}

impl Quality {
    /// On a pool of connections.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Tells everything from one snapshot. Holds a page of findings at a time, however many there are. Stops early,
    /// without an error, when nobody receives.
    pub async fn inspect(&self, inspection: &Inspection, news: &mpsc::Sender<News>) -> Result<()> {
        let news = Pieces::new(news.clone());
        self.database.asking(|| self.try_inspect(inspection, &news), || news.any()).await
    }

    async fn try_inspect(&self, inspection: &Inspection, news: &Pieces<News>) -> Result<()> {
        let snapshot = self.database.snapshot().await?;
        for rule in &inspection.rules {
            let mut inspecting = Inspecting { snapshot: &snapshot, inspection, news, rule, count: 0, listed: 0 };
            match inspecting.inspect().await? {
                Ok(()) => {}
                Err(Unwanted) => break,
            }
        }
        Ok(())
    }
}

/// An inspection that is at a rule.
struct Inspecting<'a> {
    snapshot: &'a Snapshot,
    inspection: &'a Inspection,
    news: &'a Pieces<News>,
    rule: &'static Rule,
    count: u64,
    listed: u64,
}

impl Inspecting<'_> {
    async fn inspect(&mut self) -> Result<Result<(), Unwanted>> {
        for check in &self.rule.checks {
            if self.news.is_closed() {
                return Ok(Err(Unwanted));
            }
            if self.records(check).await?.is_err() {
                return Ok(Err(Unwanted));
            }
        }
        let &mut Self { rule, count, listed, .. } = self;
        Ok(self.news.send(News::Done { rule, count, listed }).await)
    }

    /// The records that a check finds, or its column where no record has it and several should.
    async fn records(&mut self, check: &Check) -> Result<Result<(), Unwanted>> {
        let (dialect, days) = (self.snapshot.dialect(), self.snapshot.days());
        let bad = |error: DbErr| Error::BadStoredData(format!("in {}.{}: {error}", check.records.table, check.field));
        let mut writer = Writer { dialect, days, inspection: self.inspection, check };
        let never_filled = check.is_of_missing() && {
            let filled = self.snapshot.stream(dialect.statement(&writer.filled()));
            filled.try_collect::<Vec<_>>().await?.is_empty()
        };
        let room = self.room();
        // One row at least: every row tells how many there are.
        let rows = if never_filled { 1 } else { room.max(1) };
        let mut rows = self.snapshot.stream(dialect.statement(&writer.select(rows)));
        let mut page = Vec::new();
        let mut found = 0;
        while let Some(row) = rows.try_next().await? {
            let total = row.try_get_by_index::<i64>(0).map_err(bad)?.unsigned_abs();
            let is_column = never_filled && total > 1;
            found = if is_column { 1 } else { total };
            if room == 0 {
                continue;
            }
            page.push(match is_column {
                true => Finding::of_column(check, total),
                false => Finding::of_record(check, days, &row).map_err(bad)?,
            });
            self.listed += 1;
            if page.len() >= PAGE && self.send(&mut page).await.is_err() {
                return Ok(Err(Unwanted));
            }
        }
        self.count += found;
        if !page.is_empty() && self.send(&mut page).await.is_err() {
            return Ok(Err(Unwanted));
        }
        Ok(Ok(()))
    }

    /// Findings that may still be listed of the rule.
    fn room(&self) -> u64 {
        self.inspection.max_records.saturating_sub(self.listed)
    }

    async fn send(&self, page: &mut Vec<Finding>) -> Result<(), Unwanted> {
        self.news.send(News::Findings(self.rule, std::mem::take(page))).await
    }
}
