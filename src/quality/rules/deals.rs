use super::rule;
use crate::crm::opportunities::{Column as Deal, Entity as Deals};
use crate::quality::rule::Severity::{Error, Warning};
use crate::quality::rule::{Check, Parent, Related, Rule};
use crate::quality::terms::Term::{Now, Number};
use crate::quality::terms::{Test, at_most, less, of, one_of, set, text, unequal, unset};

const PIPELINE: &str = "stage_pipeline";

pub(super) fn rules() -> Vec<Rule> {
    let status = |one: &'static str| one_of(of(Deal::Status), vec![one]);
    let closed = || one_of(of(Deal::Status), vec!["won", "lost"]);
    let amount = of(Deal::AmountMinor);
    vec![
        rule(
            "closed_before_created",
            Error,
            "A deal closes when it is created or later.",
            vec![
                Check::of::<Deals>(
                    Deal::ClosedAt,
                    less(of(Deal::ClosedAt), of(Deal::CreatedAt)),
                    "at or after created_at, {}",
                )
                .limit(of(Deal::CreatedAt)),
            ],
        ),
        rule(
            "closed_before_first_contact",
            Error,
            "A deal closes at the first contact about it or later.",
            vec![
                Check::of::<Deals>(
                    Deal::ClosedAt,
                    less(of(Deal::ClosedAt), of(Deal::FirstContactAt)),
                    "at or after first_contact_at, {}",
                )
                .limit(of(Deal::FirstContactAt)),
            ],
        ),
        rule(
            "closed_without_time",
            Error,
            "A deal that is won or lost has a closing time.",
            vec![
                Check::of::<Deals>(
                    Deal::ClosedAt,
                    Test::All(vec![closed(), unset(of(Deal::ClosedAt))]),
                    "set, as status is {}",
                )
                .limit(of(Deal::Status)),
            ],
        ),
        rule(
            "open_with_closing_time",
            Error,
            "A deal that is open has no closing time.",
            vec![Check::of::<Deals>(
                Deal::ClosedAt,
                Test::All(vec![status("open"), set(of(Deal::ClosedAt))]),
                "not set, as status is open",
            )],
        ),
        rule(
            "closed_in_future",
            Error,
            "A deal that is won or lost closed in the past.",
            vec![
                Check::of::<Deals>(
                    Deal::ClosedAt,
                    Test::All(vec![closed(), less(Now, of(Deal::ClosedAt))]),
                    "at or before the time of the check, {}",
                )
                .limit(Now),
            ],
        ),
        rule(
            "stage_of_other_pipeline",
            Warning,
            "A deal is in a stage of its own pipeline.",
            vec![stage_of_other_pipeline()],
        ),
        rule(
            "won_without_amount",
            Error,
            "A deal that is won has an amount above 0.",
            vec![Check::of::<Deals>(
                Deal::AmountMinor,
                Test::All(vec![status("won"), Test::Any(vec![unset(amount), at_most(amount, Number(0))])]),
                "above 0",
            )],
        ),
    ]
}

fn stage_of_other_pipeline() -> Check {
    let parent = Parent { name: PIPELINE, reference: "stage_id", table: "stages", column: "pipeline_id" };
    let both = [set(of(Deal::PipelineId)), set(text(PIPELINE))];
    let other = Test::All([both.to_vec(), vec![unequal(of(Deal::PipelineId), text(PIPELINE))]].concat());
    Check::of::<Deals>(Deal::StageId, other, "a stage of the pipeline {}")
        .limit(of(Deal::PipelineId))
        .related(Related { parents: vec![parent], ..Related::default() })
}
