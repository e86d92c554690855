use super::counted::Counted;
use super::finding::Finding;
use super::inspection::Inspection;
use super::rule::{Check, Rule, Texts};
use super::spelled::Spelled;
use super::sql::{Writer, spellings};
use crate::database::{Database, Pieces, Snapshot, Unwanted};
use crate::error::{Error, Result};
use futures::TryStreamExt;
use sea_orm::DbErr;
use tokio::sync::mpsc;

/// Findings that are handed on at once.
const PAGE: usize = 500;

/// What an inspection tells, in its order: of each rule its findings page by page, then their number, and at the end how
/// many records are at fault.
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
    /// All rules are done.
    Whole {
        /// Records that break a rule, each once.
        records: u64,
        /// There are more of them.
        more: bool,
        /// Findings that are of a column and not of one record.
        columns: u64,
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
        let mut whole = Whole::default();
        for rule in &inspection.rules {
            let whole = &mut whole;
            let mut inspecting = Inspecting { snapshot: &snapshot, inspection, news, whole, rule, count: 0, listed: 0 };
            match inspecting.inspect().await? {
                Ok(()) => {}
                Err(Unwanted) => return Ok(()),
            }
        }
        let (records, more) = whole.records.told();
        // Nobody has to want it.
        let _ = news.send(News::Whole { records, more, columns: whole.columns }).await;
        Ok(())
    }
}

/// What is counted over all rules.
#[derive(Default)]
struct Whole {
    records: Counted,
    columns: u64,
}

/// An inspection that is at a rule.
struct Inspecting<'a> {
    snapshot: &'a Snapshot,
    inspection: &'a Inspection,
    news: &'a Pieces<News>,
    whole: &'a mut Whole,
    rule: &'static Rule,
    count: u64,
    listed: u64,
}

impl Inspecting<'_> {
    async fn inspect(&mut self) -> Result<Result<(), Unwanted>> {
        for check in &self.rule.checks {
            if self.news.is_closed() || self.records(check).await?.is_err() {
                return Ok(Err(Unwanted));
            }
        }
        for texts in &self.rule.texts {
            if self.news.is_closed() || self.texts(texts).await?.is_err() {
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
        let rows = if never_filled { 1 } else { room.max(self.whole.records.wanted()).max(1) };
        let mut rows = self.snapshot.stream(dialect.statement(&writer.select(rows)));
        let mut page = Vec::new();
        let (mut found, mut read) = (0, 0);
        while let Some(row) = rows.try_next().await? {
            found = row.try_get_by_index::<i64>(0).map_err(bad)?.unsigned_abs();
            read += 1;
            let is_listed = read <= room;
            if never_filled && found > 1 {
                page.extend(is_listed.then(|| Finding::of_column(check, found)));
                self.whole.columns += 1;
                found = 1;
                continue;
            }
            let key = Finding::key(check, &row).map_err(bad)?;
            self.whole.records.add(check.records.table, &key);
            if is_listed {
                page.push(Finding::of_record(check, days, key, &row).map_err(bad)?);
            }
            if page.len() >= PAGE && self.send(&mut page).await.is_err() {
                return Ok(Err(Unwanted));
            }
        }
        self.count += found;
        Ok(self.send(&mut page).await)
    }

    /// The texts of a column that are spelled in several ways.
    async fn texts(&mut self, texts: &Texts) -> Result<Result<(), Unwanted>> {
        let dialect = self.snapshot.dialect();
        let bad = |error: DbErr| Error::BadStoredData(format!("in {}.{}: {error}", texts.records.table, texts.field));
        let room = self.room();
        let statement = dialect.statement(&spellings(dialect, self.inspection, texts, room.max(1)));
        let mut rows = self.snapshot.stream(statement);
        let (mut page, mut found, mut last) = (Vec::new(), 0, None::<Spelled>);
        while let Some(row) = rows.try_next().await? {
            found = row.try_get_by_index::<i64>(0).map_err(bad)?.unsigned_abs();
            let next = Spelled::of_row(&row).map_err(bad)?;
            let next = match &mut last {
                Some(last) => last.add(next),
                None => Some(next),
            };
            if let Some(next) = next {
                page.extend(last.replace(next).map(|done| done.finding(texts)));
            }
            if page.len() >= PAGE && self.send(&mut page).await.is_err() {
                return Ok(Err(Unwanted));
            }
        }
        // One text is read where there is no room for it.
        page.extend(last.filter(|_| room > 0).map(|done| done.finding(texts)));
        self.count += found;
        self.whole.columns += found;
        Ok(self.send(&mut page).await)
    }

    /// Findings that may still be listed of the rule.
    fn room(&self) -> u64 {
        self.inspection.max_records.saturating_sub(self.listed)
    }

    async fn send(&mut self, page: &mut Vec<Finding>) -> Result<(), Unwanted> {
        if page.is_empty() {
            return Ok(());
        }
        self.listed += page.len() as u64;
        self.news.send(News::Findings(self.rule, std::mem::take(page))).await
    }
}
