use sea_orm::entity::prelude::*;

/// What a social network shows of a rep's profile at some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "social_profile_snapshots")]
pub struct Model {
    /// The key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub rep_id: Option<String>,
    /// Such as "linkedin".
    pub network: Option<String>,
    pub followers: Option<i32>,
    /// The network's own rating, from 1 (beginner) to 5 (all-star).
    pub strength: Option<i32>,
    /// Since the snapshot before.
    pub profile_views: i32,
    /// Connection requests since the snapshot before.
    pub requests_sent: i32,
    /// Of the connection requests sent, accepted since the snapshot before.
    pub requests_accepted: i32,
    /// Requests and referrals received by direct message since the snapshot before.
    pub inbound_requests: i32,
    pub taken_at: DateTimeUtc,
    /// When the profile's next snapshot was taken; unset on the latest.
    pub replaced_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
