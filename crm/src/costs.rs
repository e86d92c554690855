use sea_orm::entity::prelude::*;

/// Money spent, spread evenly over a stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "costs")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// What it was spent for.
    pub kind: Kind,
    /// Whose cost it is.
    pub rep_id: Option<String>,
    pub campaign_id: Option<String>,
    pub channel: Option<String>,
    pub source_id: Option<String>,
    pub account_id: Option<String>,
    pub segment: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    /// In minor units of `currency`.
    pub amount_minor: i64,
    pub currency: String,
    /// When the stretch that it is for begins.
    pub starts_at: DateTimeUtc,
    /// When the stretch ends; unset: all of it falls on `starts_at`.
    pub ends_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What money is spent for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Making the company known, winning leads.
    #[default]
    #[sea_orm(string_value = "marketing")]
    Marketing,
    /// Winning customers.
    #[sea_orm(string_value = "sales")]
    Sales,
    /// Keeping customers.
    #[sea_orm(string_value = "retention")]
    Retention,
    /// Helping customers.
    #[sea_orm(string_value = "service")]
    Service,
}
