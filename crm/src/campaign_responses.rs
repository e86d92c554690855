use sea_orm::entity::prelude::*;

/// Somebody's answer to a campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_responses")]
pub struct Model {
    /// The campaign it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: String,
    /// Its place among that campaign's, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Who it was passed to.
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    pub lead_id: Option<String>,
    pub responded_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
