use sea_orm::entity::prelude::*;

/// What one unit of a currency is worth in another, from a day on, until the pair's next rate.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange_rates")]
pub struct Model {
    /// The currency that one unit is of (ISO 4217).
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    /// The currency that it is told in (ISO 4217).
    #[sea_orm(primary_key, auto_increment = false)]
    pub quote_currency: String,
    /// The first day that it is good for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    /// One unit of `currency` in units (not minor units) of `quote_currency`: more than 0.
    #[sea_orm(column_type = "Decimal(None)")]
    pub rate: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
