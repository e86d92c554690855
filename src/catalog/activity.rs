//! Section 5: rep activity and outreach.

use super::condition::Condition;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Measure, Quantity};
use super::sources;
use super::unit::{KpiKind, Unit};
use crate::crm::activities::{Column as C, Direction, Kind as Activity};

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Activity;
    vec![
        family.figure("calls_made", Unit::Count, KpiKind::Flow, calls()),
        family.quotient(
            "calls_per_opportunity",
            Unit::Number,
            KpiKind::Average,
            calls_on_opportunities(),
            opportunities_called_on(),
        ),
        family.figure("emails_sent", Unit::Count, KpiKind::Flow, emails()),
        family.figure("meetings_held", Unit::Count, KpiKind::Flow, meetings()),
        family.figure("outreach_activities", Unit::Count, KpiKind::Flow, outreach()),
        family.figure("personalized_outreach", Unit::Count, KpiKind::Flow, personalized_outreach()),
        family.quotient("personalized_email_share", Unit::Ratio, KpiKind::Ratio, personalized_emails(), emails()),
    ]
}

fn activities(name: &'static str, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::flow(name, Quantity::Count, sources::activities(), C::OccurredAt, aggregate, when)
}

/// What a rep did towards somebody, of any of these kinds.
fn outbound(kinds: &[Activity]) -> Condition {
    let kinds = kinds.iter().map(|&kind| kind.into()).collect();
    Condition::OneOf(C::Kind.into(), kinds).and(Condition::is(C::Direction, Direction::Outbound))
}

fn on_opportunity() -> Condition {
    outbound(&[Activity::Call]).and(Condition::not_empty(C::OpportunityId))
}

/// Everything that reps and customers did, whoever began.
pub(super) fn all_activities() -> Measure {
    activities("activities", Aggregate::Count, Condition::Always)
}

fn calls() -> Measure {
    activities("calls_made", Aggregate::Count, outbound(&[Activity::Call]))
}

fn calls_on_opportunities() -> Measure {
    activities("calls_on_opportunities", Aggregate::Count, on_opportunity())
}

fn opportunities_called_on() -> Measure {
    activities("opportunities_called_on", Aggregate::Distinct(C::OpportunityId.into()), on_opportunity())
}

fn emails() -> Measure {
    activities("emails_sent", Aggregate::Count, outbound(&[Activity::Email]))
}

fn personalized_emails() -> Measure {
    let when = outbound(&[Activity::Email]).and(Condition::is(C::Personalized, true));
    activities("personalized_emails", Aggregate::Count, when)
}

fn meetings() -> Measure {
    activities("meetings_held", Aggregate::Count, Condition::is(C::Kind, Activity::Meeting))
}

fn outreach() -> Measure {
    let when = outbound(&[Activity::Call, Activity::Email]).and(Condition::is(C::Prospecting, true));
    activities("outreach_activities", Aggregate::Count, when)
}

fn personalized_outreach() -> Measure {
    let when = outbound(&[Activity::Email, Activity::Message]).and(Condition::is(C::Personalized, true));
    activities("personalized_outreach", Aggregate::Count, when)
}
