//! Answers questions: plans the fewest scans, runs them in one snapshot, evaluates the formulas.

mod question;
mod result;
mod run;

pub use question::{Filter, Order, OrderKey, Question, Scope, Test};
pub use result::{Answer, Column, Key, NullReason, Row, Value};
pub use run::{Engine, Place};
