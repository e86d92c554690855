use sea_orm::entity::prelude::*;

/// A marketing campaign.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaigns")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    /// What it goes through, such as "email".
    pub channel: Option<String>,
    pub source_id: Option<String>,
    /// Who runs it.
    pub rep_id: Option<String>,
    pub segment: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    /// Unset: it has always run.
    pub starts_at: Option<DateTimeUtc>,
    /// Unset while it runs.
    pub ends_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
