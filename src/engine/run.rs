use super::ask::Asking;
use super::figures::Room;
use super::members::{self, Listing};
use super::plan::Plan;
use super::question::{Question, Scope};
use super::result::{Answer, Column, Key, Row};
use super::sql::KeyRange;
use crate::catalog::{Dimension, Kpi, Unit};
use crate::database::{Database, Pieces};
use crate::error::Result;
use crate::memory::{Held, Lease, Memory};
use std::ops::Deref;
use tokio::sync::mpsc;

/// Answers questions from a database.
#[derive(Clone, Debug)]
pub struct Engine {
    database: Database,
    max_figures: usize,
    memory: Memory,
}

/// Figures of one answer that are held at once, unless a limit says otherwise: 80 to 160 MB.
const MAX_FIGURES: usize = 10_000_000;

/// A row's place in the total order of a breakdown: what a stream that was cut off goes on behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The ids of the row's keys.
    pub keys: Vec<String>,
    /// The row's bucket.
    pub bucket: usize,
    /// Rows up to and with this one.
    pub rows: u64,
}

/// Takes the rows of an answer as they are worked out.
pub trait Sink: Send {
    /// There are so many rows.
    fn begin(&mut self, rows: usize);
    /// The place of the row that is wanted next, where `next` is the one in order; none: no more are.
    fn wants(&mut self, next: usize) -> Option<usize>;
    /// Takes a row.
    fn row(&mut self, row: &Row) -> Result<()>;
}

impl Sink for Vec<Row> {
    fn begin(&mut self, _: usize) {}

    fn wants(&mut self, next: usize) -> Option<usize> {
        Some(next)
    }

    fn row(&mut self, row: &Row) -> Result<()> {
        self.push(row.clone());
        Ok(())
    }
}

/// Some rows of a breakdown, and the memory that they take.
#[derive(Debug)]
pub struct Page {
    rows: Vec<Row>,
    held: Held,
}

impl Page {
    /// No rows yet.
    pub(super) fn new(lease: &Lease) -> Self {
        Self { rows: Vec::new(), held: lease.hold() }
    }

    /// Bytes of memory that the rows take.
    pub(super) fn bytes(&self) -> u64 {
        self.held.bytes()
    }

    /// Adds a row.
    pub(super) fn push(&mut self, row: Row) -> Result<()> {
        self.held.grow(row.size())?;
        self.rows.push(row);
        Ok(())
    }
}

impl Deref for Page {
    type Target = [Row];

    fn deref(&self) -> &[Row] {
        &self.rows
    }
}

impl IntoIterator for Page {
    type Item = Row;
    type IntoIter = std::vec::IntoIter<Row>;

    /// The rows; their memory counts no more.
    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl Engine {
    /// An engine on a pool of connections.
    pub fn new(database: impl Into<Database>) -> Self {
        Self { database: database.into(), max_figures: MAX_FIGURES, memory: Memory::unlimited() }
    }

    /// With a limit of figures (groups times buckets times measures) that are held at once; an answer with more is an error.
    #[must_use]
    pub fn with_max_figures(self, max_figures: usize) -> Self {
        Self { max_figures, ..self }
    }

    /// With memory that questions share with others; a question that finds none left is an error.
    #[must_use]
    pub fn with_memory(self, memory: Memory) -> Self {
        Self { memory, ..self }
    }

    /// Answers questions from one snapshot, in their order.
    pub async fn answer(&self, questions: &[Question]) -> Result<Vec<Answer>> {
        let none = || vec![Vec::new(); questions.len()];
        let questions: Vec<&Question> = questions.iter().collect();
        let answers = self.answer_into(&questions, &self.memory.lease(), none).await?;
        Ok(answers.into_iter().map(|(rows, totals)| Answer { rows, totals }).collect())
    }

    /// Answers questions from one snapshot, in their order: gives the rows of each to its sink, of those that `sinks` makes
    /// for each time that the database is asked, and returns these and the totals. No more is held at once than one
    /// question's figures, of the memory that is leased.
    pub async fn answer_into<S: Sink>(
        &self,
        questions: &[&Question],
        lease: &Lease,
        sinks: impl Fn() -> Vec<S>,
    ) -> Result<Vec<(S, Vec<Row>)>> {
        self.database.asking(|| self.try_answer(questions, lease, sinks()), || false).await
    }

    async fn try_answer<S: Sink>(
        &self,
        questions: &[&Question],
        lease: &Lease,
        sinks: Vec<S>,
    ) -> Result<Vec<(S, Vec<Row>)>> {
        let snapshot = self.database.snapshot().await?;
        let mut answers = Vec::with_capacity(questions.len());
        for (question, mut sink) in questions.iter().zip(sinks) {
            let plan = Plan::new(question, self.room(lease.clone()))?;
            let totals = Asking::new(&snapshot, question, &plan).await?.answer(&mut sink).await?;
            answers.push((sink, totals));
        }
        Ok(answers)
    }

    fn room(&self, lease: Lease) -> Room {
        Room { figures: self.max_figures, lease }
    }

    /// Sends the rows of a question whose first grouping is by rep, page by page in their total order, those behind
    /// `after` only, from one snapshot; then returns the totals. Stops early, without an error, when nobody receives.
    pub async fn breakdown(
        &self,
        question: &Question,
        after: Option<&Place>,
        pages: mpsc::Sender<Page>,
    ) -> Result<Vec<Row>> {
        let pages = Pieces::new(pages);
        self.database.asking(|| self.try_breakdown(question, after, &pages), || pages.any()).await
    }

    async fn try_breakdown(
        &self,
        question: &Question,
        after: Option<&Place>,
        pages: &Pieces<Page>,
    ) -> Result<Vec<Row>> {
        let snapshot = self.database.snapshot().await?;
        let plan = Plan::new(question, self.room(self.memory.lease()))?;
        let asking = Asking::new(&snapshot, question, &plan).await?;
        asking.breakdown(after, pages).await?;
        let totals = if pages.is_closed() { Vec::new() } else { asking.totals(None).await?.0 };
        Ok(totals)
    }

    /// The values of a dimension on record, in the order of their ids: those behind `after` whose id or label contains
    /// `search`.
    pub async fn dimension_values(
        &self,
        scope: &Scope,
        dimension: Dimension,
        search: &str,
        after: &str,
        limit: u64,
    ) -> Result<Vec<Key>> {
        self.database.asking(|| self.try_dimension_values(scope, dimension, search, after, limit), || false).await
    }

    async fn try_dimension_values(
        &self,
        scope: &Scope,
        dimension: Dimension,
        search: &str,
        after: &str,
        limit: u64,
    ) -> Result<Vec<Key>> {
        let snapshot = self.database.snapshot().await?;
        let range = KeyRange { after: Some(after.to_owned()), ..KeyRange::default() };
        let listing = Listing { scope, filters: &[], search, range, limit };
        let values = members::list(&snapshot, dimension, &listing).await?;
        Ok(values)
    }
}

impl Question {
    /// What the values of its rows mean, in the order of its KPIs.
    pub fn columns(&self) -> Vec<Column> {
        let scale = self.currency.exponent().map_or(0, u32::from);
        let column = |&kpi: &&'static Kpi| {
            let currency = (kpi.unit == Unit::Currency && !self.own_currency).then_some(self.currency);
            Column { kpi, scale: kpi.unit.scale(scale), currency }
        };
        self.kpis.iter().map(column).collect()
    }
}
