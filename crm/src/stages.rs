use sea_orm::entity::prelude::*;

/// A step of a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stages")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    /// Which pipeline it is a step of; unset: of the only one.
    pub pipeline_id: Option<String>,
    /// Its place in the pipeline; later stages have higher positions.
    pub position: i32,
    /// How likely a deal in this stage is won, in basis points: 2500 is 25 %.
    pub probability_bp: i32,
    /// How many days a deal is expected to stay at most; unset: any number.
    pub expected_days: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
