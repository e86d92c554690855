use super::rule;
use crate::crm::{
    service_calls, social_posts, social_profile_snapshots, stages, survey_answers, training_results, web_sessions,
};
use crate::quality::rule::Severity::Error;
use crate::quality::rule::Term::Number;
use crate::quality::rule::{Check, Rule, Test, less, of};
use sea_orm::EntityTrait;

pub(super) fn rules() -> Vec<Rule> {
    use social_profile_snapshots::{Column as Profile, Entity as Profiles};
    use survey_answers::{Column as Answer, Entity as Answers};
    let answer = |kind, lowest, highest, expected| {
        let of_kind = Test::OneOf(of(Answer::Kind), vec![kind]);
        Check::of::<Answers>(Answer::Score, Test::All(vec![of_kind, outside(Answer::Score, lowest, highest)]), expected)
    };
    vec![
        rule(
            "off_scale",
            Error,
            "Scores lie on their scale: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7, trainings 0 to 100, a profile's strength \
             1 to 5, a stage's probability 0 to 10000 basis points.",
            vec![
                answer("nps", 0, 10, "0 to 10 for nps"),
                answer("csat", 1, 5, "1 to 5 for csat"),
                answer("ces", 1, 7, "1 to 7 for ces"),
                within::<training_results::Entity>(training_results::Column::Score, 0, 100, "0 to 100"),
                within::<Profiles>(Profile::Strength, 1, 5, "1 to 5"),
                within::<stages::Entity>(stages::Column::ProbabilityBp, 0, 10_000, "0 to 10000"),
            ],
        ),
        rule(
            "negative_count",
            Error,
            "What is counted or measured is not negative.",
            vec![
                not_negative::<web_sessions::Entity>(web_sessions::Column::DurationSeconds),
                not_negative::<web_sessions::Entity>(web_sessions::Column::PageViews),
                not_negative::<service_calls::Entity>(service_calls::Column::HandleSeconds),
                not_negative::<social_posts::Entity>(social_posts::Column::Shares),
                not_negative::<social_posts::Entity>(social_posts::Column::Comments),
                not_negative::<social_posts::Entity>(social_posts::Column::Likes),
                not_negative::<Profiles>(Profile::Followers),
                not_negative::<Profiles>(Profile::ProfileViews),
                not_negative::<Profiles>(Profile::RequestsSent),
                not_negative::<Profiles>(Profile::RequestsAccepted),
                not_negative::<Profiles>(Profile::InboundRequests),
            ],
        ),
    ]
}

fn outside(column: impl sea_orm::ColumnTrait, lowest: i64, highest: i64) -> Test {
    Test::Any(vec![less(of(column), Number(lowest)), less(Number(highest), of(column))])
}

fn within<E: EntityTrait>(column: E::Column, lowest: i64, highest: i64, expected: &'static str) -> Check {
    Check::of::<E>(column, outside(column, lowest, highest), expected)
}

fn not_negative<E: EntityTrait>(column: E::Column) -> Check {
    Check::of::<E>(column, less(of(column), Number(0)), "0 or more")
}
