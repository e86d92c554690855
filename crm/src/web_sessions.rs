use sea_orm::entity::prelude::*;

/// One visit to the website.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "web_sessions")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The owner of the visitor, where known.
    pub rep_id: Option<String>,
    /// The visitor's company, where known.
    pub account_id: Option<String>,
    pub lead_id: Option<String>,
    pub source_id: Option<String>,
    pub campaign_id: Option<String>,
    pub segment: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    pub started_at: DateTimeUtc,
    /// Unset where it was not measured.
    pub duration_seconds: Option<i64>,
    /// Pages seen.
    pub page_views: i32,
    /// Some goal of the website was reached.
    pub goal_completed: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
