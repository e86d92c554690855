//! Answers questions: plans the fewest scans, runs them in one snapshot, evaluates the formulas.
//!
//! Five rooms, each of which imports only from those after it: `answer`, `read`, `sql`, `plan`, `model`. The way of a question is
//! [`Engine`], one execution in one snapshot (`answer`), a reader for each period (`read`), and a statement for each scan
//! (`sql`).

mod answer;
mod model;
mod plan;
mod read;
mod sql;

pub use answer::{Engine, ExplainedPass, ExplainedScan, Purpose, explain};
pub use model::{
    Answer, Attainment, Code, Column, Key, MissingRate, NoTarget, NullReason, Rank, Row, Standing, Value, ValueContext,
};
pub use model::{Filter, HierarchyRows, KpiSources, Order, OrderKey, Page, Position, Question, Sink, Test};
