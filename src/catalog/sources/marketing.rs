use super::{account, campaign, join, market, rep, source};
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;
use crate::crm::{
    accounts, campaign_responses, campaigns, costs, leads, mailing_list_subscriptions, referrals, reps,
    sources as source_table, web_sessions,
};
use std::sync::LazyLock;

/// Leads, credited to who works on them now.
pub fn leads() -> &'static Source {
    use leads::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "leads",
        table: "leads",
        joins: vec![
            join(C::RepId, reps::Column::Id),
            join(C::SourceId, source_table::Column::Id),
            join(C::CampaignId, campaigns::Column::Id),
        ],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(source(C::SourceId))
            .chain(campaign(C::CampaignId))
            .chain(market([C::Segment, C::Region, C::Industry, C::Country]))
            .chain([(Dimension::Account, C::AccountId.into())])
            .collect(),
    });
    &SOURCE
}

/// Campaigns, credited to who runs them.
pub fn campaigns() -> &'static Source {
    use campaigns::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "campaigns",
        table: "campaigns",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::SourceId, source_table::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(source(C::SourceId))
            .chain(market([C::Segment, C::Region, C::Industry, C::Country]))
            .chain([(Dimension::Campaign, C::Id.into()), (Dimension::Channel, C::Channel.into())])
            .collect(),
    });
    &SOURCE
}

/// Responses to campaigns, credited to who they were passed to.
pub fn campaign_responses() -> &'static Source {
    use campaign_responses::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "campaign_responses",
        table: "campaign_responses",
        joins: vec![
            join(C::RepId, reps::Column::Id),
            join(C::AccountId, accounts::Column::Id),
            join(C::CampaignId, campaigns::Column::Id),
            join(campaigns::Column::SourceId, source_table::Column::Id),
        ],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(account(C::AccountId))
            .chain(campaign(C::CampaignId))
            .chain(source(campaigns::Column::SourceId))
            .collect(),
    });
    &SOURCE
}

/// Costs, credited to whose they are.
pub fn costs() -> &'static Source {
    use costs::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "costs",
        table: "costs",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::SourceId, source_table::Column::Id)],
        rep: C::RepId.into(),
        currency: Some(C::Currency.into()),
        paths: rep(C::RepId)
            .into_iter()
            .chain(source(C::SourceId))
            .chain(market([C::Segment, C::Region, C::Industry, C::Country]))
            .chain([
                (Dimension::Account, C::AccountId.into()),
                (Dimension::Campaign, C::CampaignId.into()),
                (Dimension::Channel, C::Channel.into()),
                (Dimension::CostKind, C::Kind.into()),
                (Dimension::Currency, C::Currency.into()),
            ])
            .collect(),
    });
    &SOURCE
}

/// Customers' referrals, credited to who they were made to.
pub fn referrals() -> &'static Source {
    use referrals::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "referrals",
        table: "referrals",
        joins: vec![join(C::RepId, reps::Column::Id), join(C::AccountId, accounts::Column::Id)],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId).into_iter().chain(account(C::AccountId)).collect(),
    });
    &SOURCE
}

/// Visits to the website, credited to the owner of the visitor.
pub fn web_sessions() -> &'static Source {
    use web_sessions::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "web_sessions",
        table: "web_sessions",
        joins: vec![
            join(C::RepId, reps::Column::Id),
            join(C::SourceId, source_table::Column::Id),
            join(C::CampaignId, campaigns::Column::Id),
        ],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(source(C::SourceId))
            .chain(campaign(C::CampaignId))
            .chain(market([C::Segment, C::Region, C::Industry, C::Country]))
            .chain([(Dimension::Account, C::AccountId.into())])
            .collect(),
    });
    &SOURCE
}

/// Addresses on mailing lists.
pub fn mailing_list_subscriptions() -> &'static Source {
    use mailing_list_subscriptions::Column as C;
    static SOURCE: LazyLock<Source> = LazyLock::new(|| Source {
        name: "mailing_list_subscriptions",
        table: "mailing_list_subscriptions",
        joins: vec![
            join(C::RepId, reps::Column::Id),
            join(C::SourceId, source_table::Column::Id),
            join(C::CampaignId, campaigns::Column::Id),
        ],
        rep: C::RepId.into(),
        currency: None,
        paths: rep(C::RepId)
            .into_iter()
            .chain(source(C::SourceId))
            .chain(campaign(C::CampaignId))
            .chain(market([C::Segment, C::Region, C::Industry, C::Country]))
            .chain([(Dimension::Account, C::AccountId.into())])
            .collect(),
    });
    &SOURCE
}
