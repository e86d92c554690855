use sea_orm::entity::prelude::*;

/// What a KPI is to reach over a stretch of days: for a rep, for a team, or, where neither is set, for the whole company. With a
/// dimension and a member it is for what these do with this product, in this segment, and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "targets")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The id of a KPI of the catalogue, such as `won_value`.
    pub kpi_id: String,
    /// The rep it is for; unset: it is for no single rep.
    pub rep_id: Option<String>,
    /// The team it is for, where it is for no single rep.
    pub team_id: Option<String>,
    /// The first day that it is for.
    pub first_date: Date,
    /// The last day that it is for.
    pub last_date: Date,
    /// In the unit of the KPI: `50000.00` units of `currency`, `0.25` for 25 %, days, a count.
    #[sea_orm(column_type = "Decimal(None)")]
    pub value: String,
    /// Of an amount (ISO 4217); unset for other units.
    pub currency: Option<String>,
    /// The id of a dimension of the KPI other than `rep` and `team`, such as `product`; unset: it is for everything.
    pub dimension: Option<String>,
    /// The id of a value of the dimension, such as `prod-1`; unset: it is for what has none.
    pub member: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
