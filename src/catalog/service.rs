//! Section 7: customer service.

use super::condition::{Condition, FactCondition};
use super::costs::service_cost;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Measure, Quantity};
use super::sources;
use super::time::{Axis, Instant, Shift};
use super::unit::{KpiKind, Unit};
use crate::crm::{service_calls as call, service_cases as case};

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Service;
    vec![
        family.figure("cases_opened", Unit::Count, KpiKind::Flow, cases_opened()).neither_is_better(),
        family.figure("open_cases", Unit::Count, KpiKind::Stock, open_cases()).lower_is_better(),
        family.figure("cases_handled", Unit::Count, KpiKind::Flow, cases_handled()),
        family.figure("same_day_closures", Unit::Count, KpiKind::Flow, same_day_closures()),
        family.quotient("same_day_closure_rate", Unit::Ratio, KpiKind::Ratio, same_day_closures(), cases_handled()),
        family
            .quotient("average_resolution_time", Unit::Hours, KpiKind::Average, resolution_time(), cases_handled())
            .lower_is_better(),
        family.quotient(
            "first_contact_resolution_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            resolved_at_first_contact(),
            cases_handled(),
        ),
        family
            .quotient("first_response_time", Unit::Hours, KpiKind::Average, response_time(), cases_responded())
            .lower_is_better(),
        family.quotient("service_calls_per_day", Unit::Number, KpiKind::Average, calls_offered(), Expr::DaysInBucket),
        family
            .quotient(
                "complaint_resolution_time",
                Unit::Hours,
                KpiKind::Average,
                complaint_time(),
                complaints_handled(),
            )
            .lower_is_better(),
        family.figure("customer_callbacks", Unit::Count, KpiKind::Flow, callbacks()),
        family
            .quotient(
                "service_cost_per_interaction",
                Unit::Currency,
                KpiKind::Ratio,
                service_cost(),
                Expr::from(cases_handled()) + calls_offered().into(),
            )
            .lower_is_better(),
        family.quotient("sla_compliance_rate", Unit::Ratio, KpiKind::Ratio, resolved_in_time(), cases_judged()),
        family.figure("abandoned_calls", Unit::Count, KpiKind::Flow, abandoned_calls()).lower_is_better(),
        family
            .quotient("abandonment_rate", Unit::Ratio, KpiKind::Ratio, abandoned_calls(), calls_offered())
            .lower_is_better(),
        family
            .quotient("average_handle_time", Unit::Seconds, KpiKind::Average, handle_time(), timed_calls())
            .lower_is_better(),
    ]
}

fn resolved(name: &'static str, quantity: Quantity, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::flow(name, quantity, sources::service_cases(), case::Column::ResolvedAt, aggregate, when)
}

pub(super) fn cases_handled() -> Measure {
    resolved("cases_handled", Quantity::Count, Aggregate::Count, Condition::Always)
}

fn cases_opened() -> Measure {
    let at = case::Column::OpenedAt;
    Measure::flow("cases_opened", Quantity::Count, sources::service_cases(), at, Aggregate::Count, Condition::Always)
}

fn open_cases() -> Measure {
    let axis = Axis::state(case::Column::OpenedAt, case::Column::ResolvedAt);
    Measure::new("open_cases", Quantity::Count, sources::service_cases(), axis, Aggregate::Count, Condition::Always)
}

/// The first response was the resolution, or came after it.
fn resolved_at_first_contact() -> Measure {
    let (response, resolved_at) = (case::Column::FirstResponseAt, case::Column::ResolvedAt);
    let took_more = Condition::Before(Instant::at(response), Instant::at(resolved_at));
    let when = Condition::set(response).and(took_more.negated());
    resolved("cases_resolved_at_first_contact", Quantity::Count, Aggregate::Count, when).told_by(response)
}

fn same_day_closures() -> Measure {
    let same_day = FactCondition::SameDay(case::Column::OpenedAt.into(), case::Column::ResolvedAt.into());
    resolved("same_day_closures", Quantity::Count, Aggregate::Count, Condition::Own(same_day))
}

fn opened_to_resolved() -> Aggregate {
    Aggregate::time(case::Column::OpenedAt, case::Column::ResolvedAt)
}

fn resolution_time() -> Measure {
    resolved("resolution_hours", Quantity::Hours, opened_to_resolved(), Condition::Always)
}

fn complaint() -> Condition {
    Condition::is(case::Column::Kind, case::Kind::Complaint)
}

fn complaint_time() -> Measure {
    resolved("complaint_resolution_hours", Quantity::Hours, opened_to_resolved(), complaint())
}

fn complaints_handled() -> Measure {
    resolved("complaints_handled", Quantity::Count, Aggregate::Count, complaint())
}

fn responded(name: &'static str, quantity: Quantity, aggregate: Aggregate) -> Measure {
    let at = case::Column::FirstResponseAt;
    Measure::flow(name, quantity, sources::service_cases(), at, aggregate, Condition::Always)
}

fn response_time() -> Measure {
    let time = Aggregate::time(case::Column::OpenedAt, case::Column::FirstResponseAt);
    responded("first_response_hours", Quantity::Hours, time)
}

fn cases_responded() -> Measure {
    responded("cases_responded_to", Quantity::Count, Aggregate::Count)
}

/// A case with a due time counts once: when it was resolved, or when it fell due without that.
fn judged(name: &'static str, when: Condition) -> Measure {
    let at = Instant::at(case::Column::ResolvedAt).earlier(Instant::at(case::Column::DueAt));
    let axis = Axis::Event { at, shift: Shift::None };
    Measure::new(name, Quantity::Count, sources::service_cases(), axis, Aggregate::Count, when).due()
}

fn cases_judged() -> Measure {
    judged("cases_resolved_or_due", Condition::set(case::Column::DueAt))
}

fn resolved_in_time() -> Measure {
    let late = Condition::Before(Instant::at(case::Column::DueAt), Instant::at(case::Column::ResolvedAt));
    let when = Condition::set(case::Column::DueAt).and(Condition::set(case::Column::ResolvedAt)).and(late.negated());
    judged("cases_resolved_in_time", when)
}

fn calls(name: &'static str, quantity: Quantity, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::flow(name, quantity, sources::service_calls(), call::Column::OfferedAt, aggregate, when)
}

fn calls_offered() -> Measure {
    calls("service_calls", Quantity::Count, Aggregate::Count, Condition::Always)
}

fn abandoned_calls() -> Measure {
    let abandoned = Condition::is(call::Column::Outcome, call::Outcome::Abandoned);
    calls("abandoned_calls", Quantity::Count, Aggregate::Count, abandoned)
}

fn callbacks() -> Measure {
    calls("customer_callbacks", Quantity::Count, Aggregate::Count, Condition::is(call::Column::Callback, true))
}

fn timed() -> Condition {
    Condition::is(call::Column::Outcome, call::Outcome::Answered).and(Condition::set(call::Column::HandleSeconds))
}

fn handle_time() -> Measure {
    calls("handle_seconds", Quantity::Seconds, Aggregate::sum(call::Column::HandleSeconds), timed())
}

fn timed_calls() -> Measure {
    calls("timed_calls_answered", Quantity::Count, Aggregate::Count, timed())
}
