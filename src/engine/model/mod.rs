//! A question and its answer, as values: nothing here reads or writes anything.

mod budget;
mod earlier;
mod missing_rate;
mod question;
mod range;
mod result;
mod sink;
mod sources;
mod tables;

pub(crate) use budget::Budget;
pub(crate) use earlier::Earlier;
pub use missing_rate::{Code, MissingRate};
pub use question::{Filter, HierarchyRows, Order, OrderKey, Question, Test};
pub(crate) use range::KeyRange;
pub use result::{Answer, Attainment, Column, Key, NoTarget, NullReason, Rank, Row, Standing, Value, ValueContext};
pub use sink::{Page, Position, Sink};
pub use sources::KpiSources;
