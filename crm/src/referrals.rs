use sea_orm::entity::prelude::*;

/// A customer's recommendation to somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referrals")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Who recommended.
    pub account_id: Option<String>,
    /// Who it was made to.
    pub rep_id: Option<String>,
    /// The lead that came of it.
    pub lead_id: Option<String>,
    pub referred_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
