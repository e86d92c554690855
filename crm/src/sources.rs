use sea_orm::entity::prelude::*;

/// A source of business, such as a trade fair or a partner.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sources")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    /// Who brought it.
    pub kind: Option<Kind>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Who brings business from a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Marketing: a campaign, the website, a trade fair.
    #[default]
    #[sea_orm(string_value = "marketing")]
    Marketing,
    /// Sales: a rep, a partner.
    #[sea_orm(string_value = "sales")]
    Sales,
}
