use sea_orm::entity::prelude::*;

/// Something a rep did with a prospect or customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: Kind,
    pub direction: Direction,
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    pub lead_id: Option<String>,
    pub opportunity_id: Option<String>,
    /// A first approach to somebody who is no customer.
    pub prospecting: bool,
    /// Written for this one recipient.
    pub personalized: bool,
    pub occurred_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// A telephone or video call.
    #[default]
    #[sea_orm(string_value = "call")]
    Call,
    /// An e-mail.
    #[sea_orm(string_value = "email")]
    Email,
    /// A meeting held.
    #[sea_orm(string_value = "meeting")]
    Meeting,
    /// A message on a social network or messenger.
    #[sea_orm(string_value = "message")]
    Message,
}

/// Who turned to whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Direction {
    /// The rep to somebody.
    #[default]
    #[sea_orm(string_value = "outbound")]
    Outbound,
    /// Somebody to the rep.
    #[sea_orm(string_value = "inbound")]
    Inbound,
}
