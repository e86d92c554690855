use sea_orm::entity::prelude::*;

/// A customer's question, problem or complaint.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_cases")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Who handles it.
    pub rep_id: Option<String>,
    pub account_id: Option<String>,
    pub product_id: Option<String>,
    pub kind: Option<Kind>,
    /// How urgent it is, such as "high".
    pub priority: Option<String>,
    /// How it came in, such as "phone".
    pub channel: Option<String>,
    pub opened_at: DateTimeUtc,
    pub first_response_at: Option<DateTimeUtc>,
    /// By when the service level agreement wants it resolved; unset without one.
    pub due_at: Option<DateTimeUtc>,
    pub resolved_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a case is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Kind {
    /// Something is unclear.
    #[default]
    #[sea_orm(string_value = "question")]
    Question,
    /// Something does not work.
    #[sea_orm(string_value = "incident")]
    Incident,
    /// The customer is dissatisfied.
    #[sea_orm(string_value = "complaint")]
    Complaint,
    /// Something is wanted.
    #[sea_orm(string_value = "request")]
    Request,
}
