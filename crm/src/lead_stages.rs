use super::leads::Status;
use sea_orm::entity::prelude::*;

/// A lead's stretch of time in a status.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead_stages")]
pub struct Model {
    /// The lead it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lead_id: String,
    /// Its place among that lead's, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub status: Status,
    /// Who worked on it then.
    pub rep_id: Option<String>,
    pub entered_at: Option<DateTimeUtc>,
    /// Unset while it lasts.
    pub left_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
