use super::ask::Asking;
use super::members::{self, Listing};
use super::plan::Plan;
use super::question::{Question, Scope};
use super::result::{Answer, Column, Key, Row};
use super::sql::KeyRange;
use crate::catalog::{Dimension, Kpi, Unit};
use crate::database::begin_snapshot;
use crate::error::Result;
use sea_orm::DatabaseConnection;
use tokio::sync::mpsc;

/// Answers questions from a database.
#[derive(Clone, Debug)]
pub struct Engine {
    connection: DatabaseConnection,
}

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
    pub fn new(connection: DatabaseConnection) -> Self {
        Self { connection }
    }

    /// Answers questions from one snapshot, in their order.
    pub async fn answer(&self, questions: &[Question]) -> Result<Vec<Answer>> {
        let snapshot = begin_snapshot(&self.connection).await?;
        let mut answers = Vec::with_capacity(questions.len());
        for question in questions {
            let plan = Plan::new(question)?;
            answers.push(Asking::new(&snapshot, question, &plan).await?.answer().await?);
        }
        snapshot.commit().await?;
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
        let snapshot = begin_snapshot(&self.connection).await?;
        let plan = Plan::new(question)?;
        let asking = Asking::new(&snapshot, question, &plan).await?;
        asking.breakdown(after, &pages).await?;
        let totals = if pages.is_closed() { Vec::new() } else { asking.totals(None).await?.0 };
        snapshot.commit().await?;
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
        let snapshot = begin_snapshot(&self.connection).await?;
        let range = KeyRange { after: Some(after.to_owned()), ..KeyRange::default() };
        let listing = Listing { scope, filters: &[], search, range, limit };
        let values = members::list(&snapshot, dimension, &listing).await?;
        snapshot.commit().await?;
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
