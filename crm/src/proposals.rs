use sea_orm::entity::prelude::*;

/// A proposal that was sent for an opportunity.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "proposals")]
pub struct Model {
    /// The opportunity it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub opportunity_id: String,
    /// Its place among that opportunity's, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Who sent it.
    pub rep_id: Option<String>,
    pub sent_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
