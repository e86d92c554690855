use sea_orm::entity::prelude::*;

/// What a customer bought in one transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Who sold it.
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    /// The deal it came from.
    pub opportunity_id: Option<String>,
    pub product_id: Option<String>,
    pub source_id: Option<String>,
    /// The campaign that it is credited to.
    pub campaign_id: Option<String>,
    pub kind: Option<Kind>,
    /// The order that this one refunds or corrects, in whole or in part: it is of that one's kind, campaign, source, customer and
    /// product, whatever it says itself, and of its rep where it has none. Unset: an order of its own.
    pub refund_of: Option<String>,
    /// In minor units of `currency`; negative for a refund.
    pub amount_minor: i64,
    pub currency: String,
    pub ordered_at: DateTimeUtc,
    /// Its place among the customer's orders by time, from 1: 1 is the first order. Refunds and corrections have none.
    pub customer_order_number: Option<i32>,
    /// The customer held a subscription when ordering.
    pub by_subscriber: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What kind of business an order is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Business with a new customer, or a new need of an old one.
    #[default]
    #[sea_orm(string_value = "new")]
    New,
    /// More, or a better version, of what the customer has.
    #[sea_orm(string_value = "upsell")]
    Upsell,
    /// Another product beside what the customer has.
    #[sea_orm(string_value = "cross_sell")]
    CrossSell,
    /// A contract prolonged.
    #[sea_orm(string_value = "renewal")]
    Renewal,
    /// The same bought again.
    #[sea_orm(string_value = "repeat")]
    Repeat,
}
