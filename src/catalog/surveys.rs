//! Section 8: how customers see us. Answers outside a survey's scale do not count.

use super::condition::Condition;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Measure, Quantity};
use super::sources;
use super::unit::{KpiKind, Unit};
use crate::crm::survey_answers::{Column as C, Kind as Survey};
use std::ops::RangeInclusive;

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Surveys;
    let balance = Expr::Times(100, Box::new(Expr::from(promoters()) - detractors().into()));
    vec![
        family.quotient("nps", Unit::Score, KpiKind::Ratio, balance, nps_answers()),
        family.figure("promoters", Unit::Count, KpiKind::Flow, promoters()),
        family.figure("passives", Unit::Count, KpiKind::Flow, passives()).neither_is_better(),
        family.figure("detractors", Unit::Count, KpiKind::Flow, detractors()).lower_is_better(),
        family.quotient("customer_effort_score", Unit::Score, KpiKind::Average, effort(), effort_answers()),
        family.quotient("customer_satisfaction", Unit::Ratio, KpiKind::Ratio, satisfied(), satisfaction_answers()),
    ]
}

/// The answers to a survey whose score is one of these.
fn answers(name: &'static str, aggregate: Aggregate, survey: Survey, scores: RangeInclusive<i32>) -> Measure {
    let scores = scores.map(Into::into).collect();
    let when = Condition::is(C::Kind, survey).and(Condition::OneOf(C::Score.into(), scores));
    Measure::flow(name, Quantity::Count, sources::survey_answers(), C::AnsweredAt, aggregate, when)
}

fn nps_answers() -> Measure {
    answers("nps_answers", Aggregate::Count, Survey::Nps, 0..=10)
}

fn promoters() -> Measure {
    answers("promoters", Aggregate::Count, Survey::Nps, 9..=10)
}

fn passives() -> Measure {
    answers("passives", Aggregate::Count, Survey::Nps, 7..=8)
}

fn detractors() -> Measure {
    answers("detractors", Aggregate::Count, Survey::Nps, 0..=6)
}

fn effort() -> Measure {
    answers("customer_effort", Aggregate::sum(C::Score), Survey::Ces, 1..=7)
}

fn effort_answers() -> Measure {
    answers("customer_effort_answers", Aggregate::Count, Survey::Ces, 1..=7)
}

fn satisfied() -> Measure {
    answers("satisfied_answers", Aggregate::Count, Survey::Csat, 4..=5)
}

fn satisfaction_answers() -> Measure {
    answers("satisfaction_answers", Aggregate::Count, Survey::Csat, 1..=5)
}
