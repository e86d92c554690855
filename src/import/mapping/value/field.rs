use crate::crm;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Text(String),
    Word(&'static str),
    Instant(DateTime<Utc>),
    /// A day without a time, where there could be one.
    Midnight(NaiveDate),
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
            Self::Midnight(day) => day.and_time(NaiveTime::MIN).and_utc().into(),
            Self::Day(day) => day.into(),
            Self::Flag(flag) => flag.into(),
            Self::Integer(number) if *kind == crm::Kind::Integer => sea_orm::Value::Int(i32::try_from(number).ok()),
            Self::Integer(number) => number.into(),
        }
    }
}
