use sea_orm::entity::prelude::*;

/// A customer's answer to a survey's question.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_answers")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: Kind,
    /// Whose work it is about.
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    pub product_id: Option<String>,
    pub case_id: Option<String>,
    /// NPS 0 to 10, CSAT 1 to 5, CES 1 to 7.
    pub score: i32,
    pub answered_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a survey asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Would you recommend us? 0 to 10.
    #[default]
    #[sea_orm(string_value = "nps")]
    Nps,
    /// Are you satisfied? 1 to 5.
    #[sea_orm(string_value = "csat")]
    Csat,
    /// How easy was it? 1 to 7.
    #[sea_orm(string_value = "ces")]
    Ces,
}
