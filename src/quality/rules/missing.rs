use super::rule;
use crate::crm::{
    accounts, activities, customer_tenures, leads, mrr_movements, opportunities, opportunity_stages, orders, proposals,
    referrals, renewals, reps, service_cases, sign_ins, social_posts, social_profile_snapshots, subscriptions,
    training_results,
};
use crate::quality::rule::Severity::{Info, Warning};
use crate::quality::rule::{Check, Rule};
use crate::quality::terms::{Test, of, one_of, unset};
use sea_orm::{EntityTrait, IdenStatic, Iterable};

pub(super) fn rules() -> Vec<Rule> {
    use opportunities::{Column as Deal, Entity as Deals};
    macro_rules! missing {
        ($column:ident: $($table:ident),+ $(,)?) => {
            vec![$( missing::<$table::Entity>($table::Column::$column) ),+]
        };
    }
    let lost = one_of(of(Deal::Status), vec!["lost"]);
    vec![
        rule(
            "missing_owner",
            Warning,
            "What is credited to a rep has one; a refund may have its order's.",
            missing!(
                RepId: accounts,
                opportunities,
                opportunity_stages,
                proposals,
                orders,
                customer_tenures,
                leads,
                subscriptions,
                mrr_movements,
                renewals,
                activities,
                social_profile_snapshots,
                social_posts,
                training_results,
                service_cases,
                sign_ins,
            ),
        ),
        rule(
            "missing_account",
            Warning,
            "Deals, orders, subscriptions, cases and referrals have an account; a refund is of its order's.",
            missing!(AccountId: opportunities, orders, subscriptions, service_cases, referrals),
        ),
        rule(
            "missing_source",
            Warning,
            "Leads, deals and orders have a source; a refund has its order's.",
            missing!(
                SourceId: leads,
                opportunities,
                orders,
            ),
        ),
        rule("missing_team", Info, "A rep is in a team.", vec![missing::<reps::Entity>(reps::Column::TeamId)]),
        rule(
            "lost_without_reason",
            Info,
            "A deal that is lost has a reason.",
            vec![Check::of::<Deals>(
                Deal::LossReason,
                Test::All(vec![lost, unset(of(Deal::LossReason))]),
                "set, as status is lost",
            )],
        ),
    ]
}

fn missing<E: EntityTrait>(column: E::Column) -> Check {
    let missing = unset(of(column));
    // What belongs to another record has from that one what it does not say.
    let belongs = E::Column::iter().find(|column| column.as_str() == "refund_of");
    let breaks = match belongs {
        Some(other) => missing.and(unset(of(other))),
        None => missing,
    };
    Check::of::<E>(column, breaks, "set")
}
