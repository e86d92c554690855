use super::inspection::Inspection;
use super::rule::{Check, Rule};
use super::sql::Writer;
use crate::database::{Database, DayColumns, Pieces, Snapshot, Unwanted};
use crate::error::{Error, Result};
use futures::TryStreamExt;
use sea_orm::QueryResult;
use tokio::sync::mpsc;

/// Findings that are handed on at once.
const PAGE: usize = 500;

/// Characters of a stored value that a finding repeats.
const FOUND_CHARS: usize = 500;

/// A record that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its table.
    pub table: &'static str,
    /// Its key, column by column.
    pub key: Vec<KeyPart>,
    /// The id of the rep that it is credited to; empty: nobody.
    pub rep: String,
    /// The rep's name; the id where there is none.
    pub rep_label: String,
    /// The column at fault; one of another table has that before it.
    pub field: &'static str,
    /// What it holds; unset where it holds nothing.
    pub found: Option<String>,
    /// What it should hold.
    pub expected: String,
}

/// A column of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPart {
    /// The column.
    pub column: &'static str,
    /// Its value.
    pub value: String,
}

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
            match check(&snapshot, inspection, rule, news).await? {
                Ok(()) => {}
                Err(Unwanted) => break,
            }
        }
        Ok(())
    }
}

async fn check(
    snapshot: &Snapshot,
    inspection: &Inspection,
    rule: &'static Rule,
    news: &Pieces<News>,
) -> Result<Result<(), Unwanted>> {
    let dialect = snapshot.dialect();
    let (mut count, mut listed) = (0, 0);
    for check in &rule.checks {
        if news.is_closed() {
            return Ok(Err(Unwanted));
        }
        let room = inspection.max_records.saturating_sub(listed);
        // One row at least: every row tells how many there are.
        let mut writer = Writer { dialect, days: snapshot.days(), inspection, check };
        let statement = dialect.statement(&writer.select(room.max(1)));
        let bad = |error| Error::BadStoredData(format!("in {}.{}: {error}", check.records.table, check.field));
        let mut rows = snapshot.stream(statement);
        let mut page = Vec::new();
        let mut found: u64 = 0;
        while let Some(row) = rows.try_next().await? {
            let total: i64 = row.try_get_by_index(0).map_err(bad)?;
            found = total.unsigned_abs();
            if room == 0 {
                continue;
            }
            page.push(finding(check, snapshot.days(), &row).map_err(bad)?);
            listed += 1;
            if page.len() >= PAGE && send(news, rule, &mut page).await.is_err() {
                return Ok(Err(Unwanted));
            }
        }
        count += found;
        if !page.is_empty() && send(news, rule, &mut page).await.is_err() {
            return Ok(Err(Unwanted));
        }
    }
    Ok(news.send(News::Done { rule, count, listed }).await)
}

async fn send(news: &Pieces<News>, rule: &'static Rule, page: &mut Vec<Finding>) -> Result<(), Unwanted> {
    news.send(News::Findings(rule, std::mem::take(page))).await
}

fn finding(check: &Check, days: &DayColumns, row: &QueryResult) -> Result<Finding, sea_orm::DbErr> {
    let text = |place| row.try_get_by_index::<Option<String>>(place);
    let rep = text(1)?.unwrap_or_default();
    let rep_label = text(2)?.unwrap_or_else(|| rep.clone());
    let found = text(3)?.map(shortened);
    let limit = text(4)?.map(shortened).unwrap_or_default();
    let mut key = Vec::with_capacity(check.records.key.len());
    for (place, part) in check.records.key.iter().enumerate() {
        key.push(KeyPart { column: part.name(), value: text(5 + place)?.unwrap_or_default() });
    }
    let is_day = days.precision(check.records.table, check.field).is_day();
    let expected = check.expected_of_days.filter(|_| is_day).unwrap_or(check.expected).replace("{}", &limit);
    Ok(Finding { table: check.records.table, key, rep, rep_label, field: check.field, found, expected })
}

fn shortened(text: String) -> String {
    if text.chars().nth(FOUND_CHARS).is_none() {
        return text;
    }
    text.chars().take(FOUND_CHARS).chain(['…']).collect()
}
