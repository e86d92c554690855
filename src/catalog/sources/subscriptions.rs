use super::source;
use crate::catalog::dimension::Dimension;
use crate::catalog::source::Source;
use crate::crm::subscriptions::Column as Subscription;

source! {
    /// Movements of subscriptions' monthly recurring value.
    mrr_movements of mrr_movements: Source::new("mrr_movements", C::RepId)
        .currency(C::Currency)
        .by_rep()
        .join(C::SubscriptionId)
        .by_account(Subscription::AccountId)
        .by(Dimension::Product, Subscription::ProductId)
        .by(Dimension::Currency, C::Currency)
}

source! {
    /// Subscriptions, credited to who sold them.
    subscriptions of subscriptions: Source::new("subscriptions", C::RepId)
        .by_rep()
        .by_account(C::AccountId)
        .by(Dimension::Product, C::ProductId)
}

source! {
    /// Dates on which subscriptions had to be renewed, credited to who had to see to it.
    renewals of renewals: Source::new("renewals", C::RepId)
        .by_rep()
        .join(C::SubscriptionId)
        .by_account(Subscription::AccountId)
        .by(Dimension::Product, Subscription::ProductId)
}
