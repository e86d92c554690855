use super::source;
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;
use crate::crm::campaigns::Column as Campaign;

source! {
    /// Leads, credited to who works on them now.
    leads of leads: Source::new("leads", C::RepId)
        .by_rep()
        .by_source(C::SourceId)
        .by_campaign(C::CampaignId)
        .by_market([C::Segment, C::Region, C::Industry, C::Country])
        .by(Dimension::Account, C::AccountId)
}

source! {
    /// Campaigns, credited to who runs them.
    campaigns of campaigns: Source::new("campaigns", C::RepId)
        .by_rep()
        .by_source(C::SourceId)
        .by_market([C::Segment, C::Region, C::Industry, C::Country])
        .by(Dimension::Campaign, C::Id)
        .by(Dimension::Channel, C::Channel)
}

source! {
    /// Responses to campaigns, credited to who they were passed to.
    campaign_responses of campaign_responses: Source::new("campaign_responses", C::RepId)
        .by_rep()
        .by_account(C::AccountId)
        .by_campaign(C::CampaignId)
        .by_source(Campaign::SourceId)
}

source! {
    /// Costs, credited to whose they are.
    costs of costs: Source::new("costs", C::RepId)
        .currency(C::Currency)
        .by_rep()
        .by_source(C::SourceId)
        .by_market([C::Segment, C::Region, C::Industry, C::Country])
        .by(Dimension::Account, C::AccountId)
        .by(Dimension::Campaign, C::CampaignId)
        .by(Dimension::Channel, C::Channel)
        .by(Dimension::CostKind, C::Kind)
        .by(Dimension::Currency, C::Currency)
}

source! {
    /// Customers' referrals, credited to who they were made to.
    referrals of referrals: Source::new("referrals", C::RepId).by_rep().by_account(C::AccountId)
}

source! {
    /// Visits to the website, credited to the owner of the visitor.
    web_sessions of web_sessions: Source::new("web_sessions", C::RepId)
        .by_rep()
        .by_source(C::SourceId)
        .by_campaign(C::CampaignId)
        .by_market([C::Segment, C::Region, C::Industry, C::Country])
        .by(Dimension::Account, C::AccountId)
}

source! {
    /// Addresses on mailing lists.
    mailing_list_subscriptions of mailing_list_subscriptions: Source::new("mailing_list_subscriptions", C::RepId)
        .by_rep()
        .by_source(C::SourceId)
        .by_campaign(C::CampaignId)
        .by_market([C::Segment, C::Region, C::Industry, C::Country])
        .by(Dimension::Account, C::AccountId)
}
