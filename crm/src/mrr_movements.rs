use sea_orm::entity::prelude::*;

/// A change of a subscription's monthly recurring value.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mrr_movements")]
pub struct Model {
    /// The subscription it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subscription_id: String,
    /// Its place among that subscription's, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Who it is credited to.
    pub rep_id: Option<String>,
    pub kind: Kind,
    /// The change in minor units of `currency`: negative for contraction and churn.
    pub change_minor: i64,
    /// The change of what it is worth a year, in minor units of `currency`, where that is not twelve times `change_minor`: of a
    /// price for a year, whose twelfth is no whole number. Unset: twelve times `change_minor`.
    pub annual_change_minor: Option<i64>,
    pub currency: String,
    pub moved_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Why a monthly recurring value changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// A subscription of a new customer.
    #[default]
    #[sea_orm(string_value = "new")]
    New,
    /// More, or a better version.
    #[sea_orm(string_value = "expansion")]
    Expansion,
    /// Less, or a discount.
    #[sea_orm(string_value = "contraction")]
    Contraction,
    /// The subscription ends.
    #[sea_orm(string_value = "churn")]
    Churn,
    /// A former customer comes back.
    #[sea_orm(string_value = "reactivation")]
    Reactivation,
}
