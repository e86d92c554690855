//! What the rest of the program asks.

use super::execution::Execution;
use crate::catalog::{Dimension, Kpi};
use crate::database::{Database, Pieces};
use crate::engine::model::{Answer, Budget, Key, KeyRange, KpiSources, Page, Position, Question, Row, Sink};
use crate::engine::plan::Plan;
use crate::engine::read::{Listing, Sources, list};
use crate::error::Result;
use crate::memory::{Lease, Memory};
use crate::scope::Scope;
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

impl Engine {
    /// An engine on a pool of connections.
    pub fn new(database: Database) -> Self {
        Self { database, max_figures: MAX_FIGURES, memory: Memory::unlimited() }
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
        let budget = &self.budget(lease.clone());
        let answer = async |sinks: Vec<S>| {
            let snapshot = &self.database.snapshot().await?;
            let mut answers = Vec::with_capacity(questions.len());
            for (question, mut sink) in questions.iter().zip(sinks) {
                let plan = Plan::new(question, snapshot.days())?;
                let execution = Execution::new(snapshot, (question, &plan), budget).await?;
                let totals = execution.answer(&mut sink).await?;
                answers.push((sink, totals));
            }
            Ok(answers)
        };
        self.database.asking(|| answer(sinks()), || false).await
    }

    fn budget(&self, lease: Lease) -> Budget {
        Budget { figures: self.max_figures, lease }
    }

    /// Sends the rows of a question whose first grouping is by rep, page by page in their total order, those behind
    /// `after` only, from one snapshot; then returns the totals. Stops early, without an error, when nobody receives.
    pub async fn breakdown(
        &self,
        question: &Question,
        after: Option<&Position>,
        pages: mpsc::Sender<Page>,
    ) -> Result<Vec<Row>> {
        let pages = &Pieces::new(pages);
        let answer = async || {
            let budget = &self.budget(self.memory.lease());
            let snapshot = &self.database.snapshot().await?;
            let plan = Plan::new(question, snapshot.days())?;
            let execution = Execution::new(snapshot, (question, &plan), budget).await?;
            execution.breakdown(after, pages).await?;
            Ok(if pages.is_closed() { Vec::new() } else { execution.totals(None).await?.0 })
        };
        self.database.asking(answer, || pages.any()).await
    }

    /// For each KPI whether the database has anything that it can be read from.
    pub async fn sources(&self, kpis: &[&'static Kpi]) -> Result<Vec<KpiSources>> {
        let plan = &Plan::of_kpis(kpis)?;
        let answer = async || Sources::new(&self.database.snapshot().await?, plan).missing().await;
        self.database.asking(answer, || false).await
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
        let range = KeyRange { after: Some(after.to_owned()), ..KeyRange::default() };
        let listing = &Listing { scope, filters: &[], hierarchy: None, search, range, limit };
        let answer = async || list(&self.database.snapshot().await?, dimension, listing).await;
        self.database.asking(answer, || false).await
    }
}
