use crate::crm;
use chrono::{DateTime, NaiveDate, Utc};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Word(&'static str),
    Instant(DateTime<Utc>),
    Day(NaiveDate),
    Integer(i64),
    Flag(bool),
}

impl Value {
    /// What is stored in a column of a kind. A number that is too large for it is not read.
    pub fn stored(self, kind: &crm::Kind) -> sea_orm::Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Word(word) => word.into(),
            Self::Instant(at) => at.into(),
            Self::Day(day) => day.into(),
            Self::Flag(flag) => flag.into(),
            Self::Integer(number) if *kind == crm::Kind::Integer => sea_orm::Value::Int(i32::try_from(number).ok()),
            Self::Integer(number) => number.into(),
        }
    }
}
