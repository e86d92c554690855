use super::rule;
use crate::crm::{self, Semantic, social_profile_snapshots, survey_answers, training_results};
use crate::quality::rule::Severity::Error;
use crate::quality::rule::{Check, Rule};
use crate::quality::terms::Term::Number;
use crate::quality::terms::{Test, less, of, one_of};
use sea_orm::{EntityTrait, Iterable};

/// Columns of scores, which have scales of their own: none of them is a count.
const SCORES: [(&str, &str); 3] =
    [("survey_answers", "score"), ("training_results", "score"), ("social_profile_snapshots", "strength")];

pub(super) fn rules() -> Vec<Rule> {
    use social_profile_snapshots::{Column as Profile, Entity as Profiles};
    use survey_answers::{Column as Answer, Entity as Answers};
    let answer = |kind, lowest, highest, expected| {
        let of_kind = one_of(of(Answer::Kind), vec![kind]);
        Check::of::<Answers>(Answer::Score, Test::All(vec![of_kind, outside(Answer::Score, lowest, highest)]), expected)
    };
    let mut off_scale = vec![
        answer("nps", 0, 10, "0 to 10 for nps"),
        answer("csat", 1, 5, "1 to 5 for csat"),
        answer("ces", 1, 7, "1 to 7 for ces"),
        within::<training_results::Entity>(training_results::Column::Score, 0, 100, "0 to 100"),
        within::<Profiles>(Profile::Strength, 1, 5, "1 to 5"),
    ];
    let mut negative = Vec::new();
    macro_rules! add {
        ($($table:ident),+ $(,)?) => {$(
            off_scale.extend(shares::<crm::$table::Entity>());
            negative.extend(counts::<crm::$table::Entity>());
        )+};
    }
    crm::every_table!(add);
    vec![
        rule(
            "off_scale",
            Error,
            "Scores lie on their scale: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7, trainings 0 to 100, a profile's strength \
             1 to 5, a probability 0 to 10000 basis points.",
            off_scale,
        ),
        rule("negative_count", Error, "What is counted or measured is not negative.", negative),
    ]
}

/// Columns of basis points.
fn shares<E: EntityTrait>() -> Vec<Check> {
    let described = E::Column::iter().zip(crm::columns::<E>());
    let shares = described.filter(|(_, described)| described.semantic == Semantic::BasisPoints);
    shares.map(|(column, _)| within::<E>(column, 0, 10_000, "0 to 10000")).collect()
}

/// Columns of counts and measures; not the places of children, which start at 1.
fn counts<E: EntityTrait>() -> Vec<Check> {
    let table = E::default().table_name();
    let described = E::Column::iter().zip(crm::columns::<E>());
    let counts = described.filter(|(_, described)| {
        described.semantic == Semantic::AtLeast(0) && !SCORES.contains(&(table, described.name))
    });
    counts.map(|(column, _)| Check::of::<E>(column, less(of(column), Number(0)), "0 or more")).collect()
}

fn outside(column: impl sea_orm::ColumnTrait, lowest: i64, highest: i64) -> Test {
    Test::Any(vec![less(of(column), Number(lowest)), less(Number(highest), of(column))])
}

fn within<E: EntityTrait>(column: E::Column, lowest: i64, highest: i64, expected: &'static str) -> Check {
    Check::of::<E>(column, outside(column, lowest, highest), expected)
}
