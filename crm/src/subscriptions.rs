use sea_orm::entity::prelude::*;

/// A contract with a recurring value.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscriptions")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub account_id: Option<String>,
    /// Who sold it.
    pub rep_id: Option<String>,
    pub product_id: Option<String>,
    /// What it is worth a month now, or was at its end, in minor units of `currency`.
    pub monthly_amount_minor: i64,
    pub currency: String,
    pub started_at: DateTimeUtc,
    /// Until when it is, or was, a trial; unset: it began as paying.
    pub trial_ends_at: Option<DateTimeUtc>,
    /// Unset while it is live.
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
