use sea_orm::entity::prelude::*;

/// A deal, from its creation to won or lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opportunities")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: Option<String>,
    /// Who owns it; once closed, who owned it then.
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    pub product_id: Option<String>,
    pub source_id: Option<String>,
    pub pipeline_id: Option<String>,
    /// The stage it is in, or was in when it closed.
    pub stage_id: Option<String>,
    /// Decides whether it is open, whatever `closed_at` says.
    pub status: Status,
    /// What kind of sale it is, such as new business or an extension.
    pub sale_type: Option<String>,
    /// Why it was lost.
    pub loss_reason: Option<String>,
    /// What it is worth, or was won or lost for, in minor units of `currency`.
    pub amount_minor: Option<i64>,
    /// For a recurring deal its value a month, in minor units of `currency`; unset for a one-off deal.
    pub monthly_amount_minor: Option<i64>,
    pub currency: Option<String>,
    /// How likely it is won, in basis points: 2500 is 25 %. Unset: as its stage says.
    pub probability_bp: Option<i32>,
    /// The day that it is expected to close on.
    pub expected_close_on: Option<Date>,
    /// Where the forecast counts it, such as commit or best case.
    pub forecast_category: Option<String>,
    /// Unset: open from the beginning.
    pub created_at: Option<DateTimeUtc>,
    /// When the customer was first in contact about it.
    pub first_contact_at: Option<DateTimeUtc>,
    /// When it was won or lost; unset while it is open. A deal that is won or lost without it has left the pipeline, nobody knows when:
    /// it counts in no flow and no stock.
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// How a deal stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    #[default]
    #[sea_orm(string_value = "open")]
    Open,
    #[sea_orm(string_value = "won")]
    Won,
    #[sea_orm(string_value = "lost")]
    Lost,
}
