use super::{account, join, rep};
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;
use crate::crm::{accounts, mrr_movements, renewals, reps, subscriptions};
use std::sync::LazyLock;

/// Movements of subscriptions' monthly recurring value.
pub fn mrr_movements() -> &'static Source {
    use mrr_movements::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "mrr_movements",
        table: "mrr_movements",
        joins: vec![
            join(C::RepId, reps::Column::Id),
            join(C::SubscriptionId, subscriptions::Column::Id),
            join(subscriptions::Column::AccountId, accounts::Column::Id),
        ],
        rep: C::RepId.into(),
        currency: Some(C::Currency.into()),
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(subscriptions::Column::AccountId))
            .chain([
                (Dimension::Product, subscriptions::Column::ProductId.into()),
                (Dimension::Currency, C::Currency.into()),
            ])
            .collect(),
    });
    &SOURCE
}

/// Dates on which subscriptions had to be renewed, credited to who had to see to it.
pub fn renewals() -> &'static Source {
    use renewals::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "renewals",
        table: "renewals",
        joins: vec![
            join(C::RepId, reps::Column::Id),
            join(C::SubscriptionId, subscriptions::Column::Id),
            join(subscriptions::Column::AccountId, accounts::Column::Id),
        ],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(subscriptions::Column::AccountId))
            .chain([(Dimension::Product, subscriptions::Column::ProductId.into())])
            .collect(),
    });
    &SOURCE
}
