use sea_orm::entity::prelude::*;

/// A call to the service desk.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_calls")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Who took it, or would have.
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    pub case_id: Option<String>,
    pub outcome: Outcome,
    /// The customer calls back about an earlier call.
    pub callback: bool,
    /// From the answer to the end of the work after the call; unset where it was not measured.
    pub handle_seconds: Option<i64>,
    pub offered_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Outcome {
    /// Somebody took it.
    #[default]
    #[sea_orm(string_value = "answered")]
    Answered,
    /// The caller hung up before.
    #[sea_orm(string_value = "abandoned")]
    Abandoned,
}
