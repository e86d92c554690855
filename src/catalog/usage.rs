//! Section 9: use of the CRM itself.

use super::condition::Condition;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Measure, Quantity};
use super::time::{Axis, Instant};
use super::unit::{KpiKind, Unit};
use super::{activity, pipeline, service, sources};
use crate::crm::{reps as rep, sign_ins as sign_in};

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Usage;
    let records = Expr::from(activity::all_activities())
        + service::cases_handled().into()
        + Expr::AtStart(pipeline::open_count())
        + pipeline::created_count().into();
    vec![
        family.figure("active_users", Unit::Count, KpiKind::Count, active_users()),
        family.quotient(
            "adoption_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            employed_users(),
            Expr::AtStart(employed()) + hired().into(),
        ),
        family.figure("sign_ins", Unit::Count, KpiKind::Flow, sign_ins()),
        family
            .quotient("records_per_user", Unit::Number, KpiKind::Average, records, active_users())
            .neither_is_better(),
    ]
}

fn sign_in_measure(name: &'static str, aggregate: Aggregate, when: Condition) -> Measure {
    let at = sign_in::Column::SignedInAt;
    Measure::flow(name, Quantity::Count, sources::sign_ins(), at, aggregate, when)
}

fn active_users() -> Measure {
    sign_in_measure("active_users", Aggregate::Distinct(sign_in::Column::RepId.into()), Condition::Always)
}

/// Of those who signed in the reps who were employed when they did: no more than were employed at any time. Others are whoever
/// is no rep, and who has left but can still sign in.
fn employed_users() -> Measure {
    let at = || Instant::at(sign_in::Column::SignedInAt);
    let not = |condition| Condition::Not(Box::new(condition));
    let had_come = Condition::Any(vec![
        not(Condition::set(rep::Column::HiredAt)),
        not(Condition::Before(at(), Instant::at(rep::Column::HiredAt))),
    ]);
    let had_not_left = Condition::Any(vec![
        not(Condition::set(rep::Column::LeftAt)),
        Condition::Before(at(), Instant::through(rep::Column::LeftAt)),
    ]);
    let employed = Condition::set(rep::Column::Id).and(had_come).and(had_not_left);
    sign_in_measure("employed_users", Aggregate::Distinct(sign_in::Column::RepId.into()), employed)
}

fn sign_ins() -> Measure {
    sign_in_measure("sign_ins", Aggregate::Count, Condition::Always)
}

fn employed() -> Measure {
    let axis = Axis::state(rep::Column::HiredAt, rep::Column::LeftAt);
    Measure::new("reps_employed", Quantity::Count, sources::employment(), axis, Aggregate::Count, Condition::Always)
        .happened()
}

/// Who left no later than they came has never been employed.
fn hired() -> Measure {
    let when = Condition::lasts(rep::Column::HiredAt, rep::Column::LeftAt);
    Measure::flow("reps_hired", Quantity::Count, sources::employment(), rep::Column::HiredAt, Aggregate::Count, when)
        .happened()
}
