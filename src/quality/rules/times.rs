use super::rule;
use crate::crm::{
    campaigns, costs, customer_tenures, lead_stages, leads, mailing_list_subscriptions, opportunity_stages, reps,
    service_cases, social_profile_snapshots, subscriptions, targets,
};
use crate::quality::rule::Severity::Error;
use crate::quality::rule::{Check, Rule};
use crate::quality::terms::{less, of};
use sea_orm::EntityTrait;

pub(super) fn rules() -> Vec<Rule> {
    vec![
        rule(
            "ends_before_it_starts",
            Error,
            "What has a start and an end does not end before it starts.",
            vec![
                after::<opportunity_stages::Entity>(
                    opportunity_stages::Column::LeftAt,
                    opportunity_stages::Column::EnteredAt,
                    "at or after entered_at, {}",
                ),
                after::<lead_stages::Entity>(
                    lead_stages::Column::LeftAt,
                    lead_stages::Column::EnteredAt,
                    "at or after entered_at, {}",
                ),
                after::<customer_tenures::Entity>(
                    customer_tenures::Column::EndedAt,
                    customer_tenures::Column::StartedAt,
                    "at or after started_at, {}",
                ),
                after::<subscriptions::Entity>(
                    subscriptions::Column::EndedAt,
                    subscriptions::Column::StartedAt,
                    "at or after started_at, {}",
                ),
                after::<mailing_list_subscriptions::Entity>(
                    mailing_list_subscriptions::Column::UnsubscribedAt,
                    mailing_list_subscriptions::Column::SubscribedAt,
                    "at or after subscribed_at, {}",
                ),
                after::<social_profile_snapshots::Entity>(
                    social_profile_snapshots::Column::ReplacedAt,
                    social_profile_snapshots::Column::TakenAt,
                    "at or after taken_at, {}",
                ),
                after::<campaigns::Entity>(
                    campaigns::Column::EndsAt,
                    campaigns::Column::StartsAt,
                    "at or after starts_at, {}",
                ),
                after::<costs::Entity>(costs::Column::EndsAt, costs::Column::StartsAt, "at or after starts_at, {}"),
                after::<reps::Entity>(reps::Column::LeftAt, reps::Column::HiredAt, "at or after hired_at, {}"),
                after::<targets::Entity>(
                    targets::Column::LastDate,
                    targets::Column::FirstDate,
                    "on or after first_date, {}",
                ),
            ],
        ),
        rule(
            "lead_steps_out_of_order",
            Error,
            "A lead is qualified at its creation or later, and converted at its qualification or later.",
            vec![
                after::<leads::Entity>(
                    leads::Column::QualifiedAt,
                    leads::Column::CreatedAt,
                    "at or after created_at, {}",
                ),
                after::<leads::Entity>(
                    leads::Column::ConvertedAt,
                    leads::Column::CreatedAt,
                    "at or after created_at, {}",
                ),
                after::<leads::Entity>(
                    leads::Column::ConvertedAt,
                    leads::Column::QualifiedAt,
                    "at or after qualified_at, {}",
                ),
            ],
        ),
        rule(
            "case_steps_out_of_order",
            Error,
            "A case is answered and resolved when it is opened or later.",
            vec![
                after::<service_cases::Entity>(
                    service_cases::Column::FirstResponseAt,
                    service_cases::Column::OpenedAt,
                    "at or after opened_at, {}",
                ),
                after::<service_cases::Entity>(
                    service_cases::Column::ResolvedAt,
                    service_cases::Column::OpenedAt,
                    "at or after opened_at, {}",
                ),
            ],
        ),
    ]
}

/// One instant or day is not before another.
fn after<E: EntityTrait>(later: E::Column, earlier: E::Column, expected: &'static str) -> Check {
    Check::of::<E>(later, less(of(later), of(earlier)), expected).limit(of(earlier))
}
