use sea_orm::entity::prelude::*;

/// A sales representative.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reps")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    /// The team that the rep is directly in.
    pub team_id: Option<String>,
    /// The market segment that the rep serves: what is by segment and knows no account goes by it.
    pub segment: Option<String>,
    /// The region that the rep serves.
    pub region: Option<String>,
    /// Unset: since before anything else.
    pub hired_at: Option<DateTimeUtc>,
    /// Unset while employed.
    pub left_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
