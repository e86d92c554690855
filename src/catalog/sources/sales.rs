use super::{account, campaign, join, rep, source};
use crate::catalog::column::Column;
use crate::catalog::dimension::Dimension;
use crate::catalog::source::{Join, Source};
use crate::crm::{
    accounts, campaigns, customer_tenures, opportunities, opportunity_stages, orders, proposals, reps, sources, stages,
};
use std::sync::LazyLock;

/// What an opportunity and everything that belongs to it has in common.
fn opportunity() -> Vec<(Dimension, Column)> {
    use opportunities::Column as C;
    let own = [
        (Dimension::Product, C::ProductId.into()),
        (Dimension::Currency, C::Currency.into()),
        (Dimension::LossReason, C::LossReason.into()),
    ];
    account(C::AccountId).into_iter().chain(source(C::SourceId)).chain(own).collect()
}

fn opportunity_joins() -> [Join; 2] {
    use opportunities::Column as C;
    [join(C::AccountId, accounts::Column::Id), join(C::SourceId, sources::Column::Id)]
}

/// Accounts, credited to who owns them.
pub fn accounts() -> &'static Source {
    use accounts::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "accounts",
        table: "accounts",
        joins: Vec::new(),
        rep: C::RepId.into(),
        currency: None,
        paths: account(C::Id).into_iter().collect(),
    });
    &SOURCE
}

/// Transactions.
pub fn orders() -> &'static Source {
    use orders::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "orders",
        table: "orders",
        joins: vec![
            join(C::RepId, reps::Column::Id),
            join(C::AccountId, accounts::Column::Id),
            join(C::SourceId, sources::Column::Id),
            join(C::CampaignId, campaigns::Column::Id),
        ],
        rep: C::RepId.into(),
        currency: Some(C::Currency.into()),
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(C::AccountId))
            .chain(source(C::SourceId))
            .chain(campaign(C::CampaignId))
            .chain([
                (Dimension::Product, C::ProductId.into()),
                (Dimension::OrderKind, C::Kind.into()),
                (Dimension::Currency, C::Currency.into()),
            ])
            .collect(),
    });
    &SOURCE
}

/// Deals.
pub fn opportunities() -> &'static Source {
    use opportunities::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "opportunities",
        table: "opportunities",
        joins: [join(C::RepId, reps::Column::Id)].into_iter().chain(opportunity_joins()).collect(),
        rep: C::RepId.into(),
        currency: Some(C::Currency.into()),
        paths: rep(C::RepId).into_iter().chain(opportunity()).collect(),
    });
    &SOURCE
}

/// Deals in the stages that they were in: a row for every stay, and one for a deal without history. Credited to the
/// deal's owner, so that its stages add up to the deals.
pub fn staged_opportunities() -> &'static Source {
    use opportunities::Column as C;
    use opportunity_stages::Column as S;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "staged_opportunities",
        table: "opportunities",
        joins: [join(C::Id, S::OpportunityId), join(S::StageId, stages::Column::Id), join(C::RepId, reps::Column::Id)]
            .into_iter()
            .chain(opportunity_joins())
            .collect(),
        rep: C::RepId.into(),
        currency: Some(C::Currency.into()),
        paths: rep(C::RepId).into_iter().chain(opportunity()).chain([(Dimension::Stage, S::StageId.into())]).collect(),
    });
    &SOURCE
}

/// Stays of deals in stages, credited to who owned the deal then.
pub fn stays() -> &'static Source {
    use opportunity_stages::Column as S;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "stays",
        table: "opportunity_stages",
        joins: [
            join(S::RepId, reps::Column::Id),
            join(S::StageId, stages::Column::Id),
            join(S::OpportunityId, opportunities::Column::Id),
        ]
        .into_iter()
        .chain(opportunity_joins())
        .collect(),
        rep: S::RepId.into(),
        currency: None,
        paths: rep(S::RepId).into_iter().chain(opportunity()).chain([(Dimension::Stage, S::StageId.into())]).collect(),
    });
    &SOURCE
}

/// Proposals, credited to who sent them.
pub fn proposals() -> &'static Source {
    use proposals::Column as P;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "proposals",
        table: "proposals",
        joins: [join(P::RepId, reps::Column::Id), join(P::OpportunityId, opportunities::Column::Id)]
            .into_iter()
            .chain(opportunity_joins())
            .collect(),
        rep: P::RepId.into(),
        currency: None,
        paths: rep(P::RepId).into_iter().chain(opportunity()).collect(),
    });
    &SOURCE
}

/// Customers' tenures, credited to who won the customer.
pub fn tenures() -> &'static Source {
    use customer_tenures::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "customer_tenures",
        table: "customer_tenures",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::AccountId, accounts::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(C::AccountId))
            .chain([(Dimension::ChurnReason, C::EndReason.into())])
            .collect(),
    });
    &SOURCE
}
