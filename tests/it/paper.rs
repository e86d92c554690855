//! Every KPI on an example of fewer than ten rows, with the arithmetic written beside it.

mod activity;
mod leads;
mod pipeline;
mod sales;
mod service;
mod social;
mod subscriptions;
mod surveys;
mod usage;

use crate::engine::{lines, question};
use crate::support::{Kind, TestDatabase, on_every_database, pool};
use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::engine::Engine;
use crm_kpi::period::Grain;
use sea_orm::ConnectionTrait;
use std::collections::BTreeSet;

on_every_database!(every_example_comes_out_as_on_paper);

/// An example: rows, a question, and its answer worked out by hand.
pub struct Example {
    /// The KPIs that are asked for, in the order of the values.
    pub kpis: &'static [&'static str],
    /// One or more INSERT statements that both databases read.
    pub rows: &'static [&'static str],
    /// The first and the last day.
    pub days: [&'static str; 2],
    pub grain: Option<Grain>,
    pub by: &'static [Dimension],
    /// The rows of the answer: "bucket keys values", a quotient as "value=numerator/denominator".
    pub answer: &'static [&'static str],
    /// The totals of the answer: "T" stands for the whole period.
    pub totals: &'static [&'static str],
}

fn examples() -> Vec<Example> {
    [
        sales::examples(),
        pipeline::examples(),
        leads::examples(),
        subscriptions::examples(),
        activity::examples(),
        social::examples(),
        service::examples(),
        surveys::examples(),
        usage::examples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The tables that an example writes to.
fn tables(example: &Example) -> BTreeSet<&'static str> {
    let table = |insert: &&'static str| insert.split_whitespace().nth(2).expect("INSERT INTO table");
    example.rows.iter().map(table).collect()
}

async fn every_example_comes_out_as_on_paper(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let connection = &database.connection;
    let mut wrong = Vec::new();
    for example in examples() {
        let mut rows = 0;
        for insert in example.rows {
            rows += connection.execute_unprepared(insert).await.expect(insert).rows_affected();
        }
        assert!(rows < 10, "{:?} has {rows} rows", example.kpis);
        let question = question(example.kpis, example.days, example.grain, example.by);
        let answers = Engine::new(pool(connection)).answer(&[question]).await.expect("an answer");
        for (what, found, expected) in
            [("rows", lines(&answers[0].rows), example.answer), ("totals", lines(&answers[0].totals), example.totals)]
        {
            if found != expected {
                wrong.push(format!("{what} of {:?}:\n   found {found:?}\nexpected {expected:?}", example.kpis));
            }
        }
        for table in tables(&example) {
            connection.execute_unprepared(&format!("DELETE FROM {table}")).await.expect(table);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kpi_has_an_example() {
    let examples = examples();
    let shown: BTreeSet<&str> = examples.iter().flat_map(|example| example.kpis).copied().collect();
    let without: Vec<&str> = Catalog::get().kpis().iter().map(|kpi| kpi.id).filter(|id| !shown.contains(id)).collect();
    assert!(without.is_empty(), "without an example on paper: {without:?}");
}
