use sea_orm::entity::prelude::*;

/// A date on which a subscription had to be renewed.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "renewals")]
pub struct Model {
    /// The subscription it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subscription_id: String,
    /// Its place among that subscription's, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// Who had to see to it.
    pub rep_id: Option<String>,
    pub due_at: DateTimeUtc,
    /// Unset where it was not renewed.
    pub renewed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
