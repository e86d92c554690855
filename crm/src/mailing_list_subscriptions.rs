use sea_orm::entity::prelude::*;

/// An address on a mailing list.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailing_list_subscriptions")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub email: Option<String>,
    /// The mailing list.
    pub list: Option<String>,
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    pub lead_id: Option<String>,
    pub source_id: Option<String>,
    pub campaign_id: Option<String>,
    pub segment: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    pub subscribed_at: DateTimeUtc,
    /// Unset while subscribed.
    pub unsubscribed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
