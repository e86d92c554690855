use super::{account, join, rep};
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;
use crate::crm::{accounts, reps, service_calls, service_cases, survey_answers};
use std::sync::LazyLock;

/// Service cases, credited to who handles them.
pub fn service_cases() -> &'static Source {
    use service_cases::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "service_cases",
        table: "service_cases",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::AccountId, accounts::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(C::AccountId))
            .chain([
                (Dimension::CaseKind, C::Kind.into()),
                (Dimension::Channel, C::Channel.into()),
                (Dimension::Product, C::ProductId.into()),
            ])
            .collect(),
    });
    &SOURCE
}

/// Calls to the service desk, credited to who took them or would have.
pub fn service_calls() -> &'static Source {
    use service_calls::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "service_calls",
        table: "service_calls",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::AccountId, accounts::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId).into_iter().chain(account(C::AccountId)).collect(),
    });
    &SOURCE
}

/// Customers' answers to surveys, credited to whose work they are about.
pub fn survey_answers() -> &'static Source {
    use survey_answers::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "survey_answers",
        table: "survey_answers",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::AccountId, accounts::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(C::AccountId))
            .chain([(Dimension::Product, C::ProductId.into())])
            .collect(),
    });
    &SOURCE
}
