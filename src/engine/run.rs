use super::ask::Asking;
use super::members::{self, Listing};
use super::plan::Plan;
use super::question::{Question, Scope};
use super::result::{Answer, Column, Key, Row};
use super::sql::KeyRange;
use crate::catalog::{Dimension, Kpi, Unit};
use crate::database::{Database, Pieces};
use crate::error::Result;
use tokio::sync::mpsc;

/// Answers questions from a database.
#[derive(Clone, Debug)]
pub struct Engine {
    database: Database,
    max_figures: usize,
}

/// Figures that are held at once, unless a limit says otherwise: 160 MB.
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

impl Engine {
    /// An engine on a pool of connections.
    pub fn new(database: impl Into<Database>) -> Self {
        Self { database: database.into(), max_figures: MAX_FIGURES }
    }

    /// With a limit of figures (groups times buckets times measures) that are held at once; an answer with more is an error.
    #[must_use]
    pub fn with_max_figures(self, max_figures: usize) -> Self {
        Self { max_figures, ..self }
    }

    /// Answers questions from one snapshot, in their order.
    pub async fn answer(&self, questions: &[Question]) -> Result<Vec<Answer>> {
        self.database.asking(|| self.try_answer(questions), || false).await
    }

    async fn try_answer(&self, questions: &[Question]) -> Result<Vec<Answer>> {
        let snapshot = self.database.snapshot().await?;
        let mut answers = Vec::with_capacity(questions.len());
        for question in questions {
            let plan = Plan { max_figures: self.max_figures, ..Plan::new(question)? };
            answers.push(Asking::new(&snapshot, question, &plan).await?.answer().await?);
        }
        Ok(answers)
    }

    /// Sends the rows of a question whose first grouping is by rep, page by page in their total order, those behind
    /// `after` only, from one snapshot; then returns the totals. Stops early, without an error, when nobody receives.
    pub async fn breakdown(
        &self,
        question: &Question,
        after: Option<&Place>,
        pages: mpsc::Sender<Vec<Row>>,
    ) -> Result<Vec<Row>> {
        let pages = Pieces::new(pages);
        self.database.asking(|| self.try_breakdown(question, after, &pages), || pages.any()).await
    }

    async fn try_breakdown(
        &self,
        question: &Question,
        after: Option<&Place>,
        pages: &Pieces<Vec<Row>>,
    ) -> Result<Vec<Row>> {
        let snapshot = self.database.snapshot().await?;
        let plan = Plan { max_figures: self.max_figures, ..Plan::new(question)? };
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
