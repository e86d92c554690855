use sea_orm::entity::prelude::*;

/// A stay of an opportunity in a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunity_stages")]
pub struct Model {
    /// The opportunity it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub opportunity_id: String,
    /// Its place among that opportunity's, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub stage_id: Option<String>,
    /// Who owned the opportunity when the stay ended, or owns it now.
    pub rep_id: Option<String>,
    /// Unset: since the beginning.
    pub entered_at: Option<DateTimeUtc>,
    /// Unset while it lasts.
    pub left_at: Option<DateTimeUtc>,
    /// How it ended; unset while it lasts.
    pub outcome: Option<Outcome>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How a stay in a stage ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Outcome {
    /// The deal moved on to a later stage.
    #[default]
    #[sea_orm(string_value = "advanced")]
    Advanced,
    /// The deal went back to an earlier stage.
    #[sea_orm(string_value = "returned")]
    Returned,
    #[sea_orm(string_value = "won")]
    Won,
    #[sea_orm(string_value = "lost")]
    Lost,
}
