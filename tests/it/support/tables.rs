//! The tables of the schema.

/// Calls a macro with the names of all tables' modules.
macro_rules! every_table {
    ($then:ident) => {
        $then!(
            teams,
            reps,
            accounts,
            sources,
            products,
            stages,
            opportunities,
            opportunity_stages,
            proposals,
            orders,
            customer_tenures,
            leads,
            lead_stages,
            campaigns,
            campaign_responses,
            costs,
            referrals,
            web_sessions,
            mailing_list_subscriptions,
            subscriptions,
            mrr_movements,
            renewals,
            activities,
            social_profile_snapshots,
            social_posts,
            training_results,
            service_cases,
            service_calls,
            survey_answers,
            sign_ins,
            targets,
            exchange_rates
        )
    };
}
pub(crate) use every_table;
