use super::source;
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;
use crate::crm::opportunities::Column as Deal;
use crate::crm::opportunity_stages::Column as Stay;

/// What an opportunity and everything that belongs to it has in common.
fn by_deal(source: Source) -> Source {
    source
        .by_account(Deal::AccountId)
        .by_source(Deal::SourceId)
        .by(Dimension::Product, Deal::ProductId)
        .by(Dimension::Currency, Deal::Currency)
        .by(Dimension::LossReason, Deal::LossReason)
        .by(Dimension::Pipeline, Deal::PipelineId)
        .by(Dimension::SaleType, Deal::SaleType)
        .by(Dimension::ForecastCategory, Deal::ForecastCategory)
}

source! {
    /// Accounts, credited to who owns them.
    accounts of accounts: Source::new("accounts", C::RepId).by_account(C::Id)
}

source! {
    /// Transactions. A refund belongs to its order.
    orders of orders: Source::new("orders", C::RepId)
        .belonging(
            C::RefundOf,
            [
                C::AccountId,
                C::ProductId,
                C::SourceId,
                C::CampaignId,
                C::Kind,
                C::OrderedAt,
                C::CustomerOrderNumber,
                C::BySubscriber,
            ],
        )
        .currency(C::Currency)
        .by_rep()
        .by_account(C::AccountId)
        .by_source(C::SourceId)
        .by_campaign(C::CampaignId)
        .by(Dimension::Product, C::ProductId)
        .by(Dimension::OrderKind, C::Kind)
        .by(Dimension::Currency, C::Currency)
}

source! {
    /// Deals.
    opportunities of opportunities: by_deal(Source::new("opportunities", C::RepId).currency(C::Currency).by_rep())
}

source! {
    /// Deals in the stages that they are in now.
    current_opportunities of opportunities: {
        let deals = Source::new("current_opportunities", C::RepId).currency(C::Currency);
        by_deal(deals.join(C::StageId).by_rep()).by(Dimension::Stage, C::StageId)
    }
}

source! {
    /// Deals in the stages that they were in: a row for every stay, and one for a deal without history. Credited to the
    /// deal's owner, so that its stages add up to the deals.
    staged_opportunities of opportunities: {
        let deals = Source::new("staged_opportunities", C::RepId).currency(C::Currency);
        by_deal(deals.parts(Stay::OpportunityId).join(Stay::StageId).by_rep()).by(Dimension::Stage, Stay::StageId)
    }
}

source! {
    /// Stays of deals in stages, credited to who owned the deal then.
    stays of opportunity_stages: {
        let stays = Source::new("stays", C::RepId).by_rep().join(C::StageId).join(C::OpportunityId);
        by_deal(stays).by(Dimension::Stage, C::StageId)
    }
}

source! {
    /// Proposals, credited to who sent them.
    proposals of proposals: by_deal(Source::new("proposals", C::RepId).by_rep().join(C::OpportunityId))
}

source! {
    /// Customers' tenures, credited to who won the customer.
    tenures of customer_tenures: Source::new("customer_tenures", C::RepId)
        .by_rep()
        .by_account(C::AccountId)
        .by(Dimension::ChurnReason, C::EndReason)
}
