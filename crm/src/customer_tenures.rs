use sea_orm::entity::prelude::*;

/// A stretch of time in which an account was a customer. Those of an account do not overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_tenures")]
pub struct Model {
    /// The account it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: String,
    /// Its place among that account's, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Who won the customer.
    pub rep_id: Option<String>,
    pub started_at: DateTimeUtc,
    /// Unset while the account is a customer.
    pub ended_at: Option<DateTimeUtc>,
    /// Why the customer left.
    pub end_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
