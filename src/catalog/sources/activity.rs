use super::{account, join, rep, serving_rep};
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;
use crate::crm::{accounts, activities, reps, sign_ins, social_posts, social_profile_snapshots, training_results};
use std::sync::LazyLock;

/// Calls, e-mails, meetings and messages.
pub fn activities() -> &'static Source {
    use activities::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "activities",
        table: "activities",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::AccountId, accounts::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(C::AccountId))
            .chain([(Dimension::ActivityKind, C::Kind.into())])
            .collect(),
    });
    &SOURCE
}

/// Snapshots of reps' social profiles.
pub fn profiles() -> &'static Source {
    use social_profile_snapshots::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "profiles",
        table: "social_profile_snapshots",
        joins: vec![join(C::RepId, reps::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: serving_rep(C::RepId).into_iter().chain([(Dimension::Network, C::Network.into())]).collect(),
    });
    &SOURCE
}

/// Reps' posts on social networks.
pub fn social_posts() -> &'static Source {
    use social_posts::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "social_posts",
        table: "social_posts",
        joins: vec![join(C::RepId, reps::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: serving_rep(C::RepId).into_iter().chain([(Dimension::Network, C::Network.into())]).collect(),
    });
    &SOURCE
}

/// Product trainings that reps completed.
pub fn trainings() -> &'static Source {
    use training_results::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "trainings",
        table: "training_results",
        joins: vec![join(C::RepId, reps::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: serving_rep(C::RepId).into_iter().chain([(Dimension::Product, C::ProductId.into())]).collect(),
    });
    &SOURCE
}

/// Reps' sign-ins to the CRM.
pub fn sign_ins() -> &'static Source {
    use sign_ins::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "sign_ins",
        table: "sign_ins",
        joins: vec![join(C::RepId, reps::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: serving_rep(C::RepId).into_iter().collect(),
    });
    &SOURCE
}

/// The reps themselves, and when they were employed.
pub fn employment() -> &'static Source {
    use reps::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "employment",
        table: "reps",
        joins: vec![],
        rep: C::Id.into(),
        currency: None,
        paths: serving_rep(C::Id).into_iter().collect(),
    });
    &SOURCE
}
