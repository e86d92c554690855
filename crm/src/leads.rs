use sea_orm::entity::prelude::*;

/// A person or company that may buy, before there is a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leads")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    /// Who works on it.
    pub rep_id: Option<String>,
    pub source_id: Option<String>,
    /// The campaign that brought it.
    pub campaign_id: Option<String>,
    /// The account that it became or belongs to.
    pub account_id: Option<String>,
    /// The deal that it became.
    pub opportunity_id: Option<String>,
    pub segment: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub country: Option<String>,
    /// Where it stands now.
    pub status: Status,
    pub created_at: DateTimeUtc,
    /// When marketing judged it ready for sales.
    pub qualified_at: Option<DateTimeUtc>,
    /// When it led to a sale.
    pub converted_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where a lead stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Status {
    /// Nobody has spoken to them.
    #[default]
    #[sea_orm(string_value = "new")]
    New,
    /// A rep is in touch.
    #[sea_orm(string_value = "contacted")]
    Contacted,
    /// Ready for sales.
    #[sea_orm(string_value = "qualified")]
    Qualified,
    /// Nothing will come of it.
    #[sea_orm(string_value = "disqualified")]
    Disqualified,
    /// It led to a sale.
    #[sea_orm(string_value = "converted")]
    Converted,
}
