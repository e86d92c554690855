use sea_orm::entity::prelude::*;

/// A product training that a rep completed.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_results")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub rep_id: Option<String>,
    pub product_id: Option<String>,
    /// The quiz's score, 0 to 100; unset where there was none.
    pub score: Option<i32>,
    pub completed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
