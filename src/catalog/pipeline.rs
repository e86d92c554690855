//! Section 2: pipeline.

use super::condition::Condition;
use super::formula::Expr;
use super::kpi::{Family, Kpi};
use super::measure::{Aggregate, Amount, Measure, Quantity};
use super::sources;
use super::time::{Axis, Instant};
use super::unit::{KpiKind, Unit};
use crate::crm::{opportunities as deal, opportunity_stages as stay, proposals as proposal, stages as stage};
use sea_orm::ActiveEnum;

/// The KPIs of the section.
pub fn kpis() -> Vec<Kpi> {
    let family = Family::Pipeline;
    vec![
        family.figure("opportunities_created", Unit::Count, KpiKind::Flow, created_count()),
        family.figure("open_opportunities", Unit::Count, KpiKind::Stock, open_count()),
        family.figure("opportunities_won", Unit::Count, KpiKind::Flow, won_count()),
        family.figure("opportunities_lost", Unit::Count, KpiKind::Flow, lost_count()).lower_is_better(),
        family
            .quotient("lost_opportunity_ratio", Unit::Ratio, KpiKind::Ratio, lost_count(), created_count())
            .lower_is_better(),
        family.quotient(
            "close_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            won_count(),
            Expr::AtStart(open_count()) + created_count().into(),
        ),
        family.quotient(
            "win_rate",
            Unit::Ratio,
            KpiKind::Ratio,
            won_count(),
            Expr::from(won_count()) + lost_count().into(),
        ),
        family.quotient("win_rate_by_creation", Unit::Ratio, KpiKind::Ratio, created_and_won(), created_and_decided()),
        family.quotient(
            "win_rate_by_value",
            Unit::Ratio,
            KpiKind::Ratio,
            won_amount(),
            Expr::from(won_amount()) + lost_amount().into(),
        ),
        family.figure("pipeline_value", Unit::Currency, KpiKind::Stock, open_amount()),
        family.figure("weighted_pipeline_value", Unit::Currency, KpiKind::Stock, weighted_open_amount()),
        family.quotient(
            "sales_velocity",
            Unit::Currency,
            KpiKind::Ratio,
            Expr::from(won_amount()) * cycle_count().into(),
            cycle_time(),
        ),
        family
            .quotient("sales_cycle_length", Unit::Days, KpiKind::Average, cycle_time(), cycle_count())
            .lower_is_better(),
        family
            .quotient("stage_duration", Unit::Days, KpiKind::Average, stay_time(), timed_stays_ended())
            .lower_is_better(),
        family.quotient("stage_conversion_rate", Unit::Ratio, KpiKind::Ratio, stays_converted(), stays_ended()),
        family.figure("stalled_opportunities", Unit::Count, KpiKind::Stock, stalled_count()).lower_is_better(),
        family.figure("expected_closes", Unit::Count, KpiKind::Flow, expected_closes()),
        family.figure("expected_value", Unit::Currency, KpiKind::Flow, expected_amount()),
        family.figure("weighted_expected_value", Unit::Currency, KpiKind::Flow, weighted_expected_amount()),
        family.figure("overdue_opportunities", Unit::Count, KpiKind::Stock, overdue_count()).lower_is_better(),
        family.figure("proposals_sent", Unit::Count, KpiKind::Flow, proposals_sent()),
    ]
}

fn status(status: deal::Status) -> Condition {
    Condition::OneOf(deal::Column::Status.into(), vec![status.to_value().into()])
}

fn closed(name: &'static str, quantity: Quantity, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::new(name, quantity, sources::opportunities(), Axis::at(deal::Column::ClosedAt), aggregate, when)
}

fn amount() -> Aggregate {
    Aggregate::Sum(Amount::Of(deal::Column::AmountMinor.into()))
}

pub(super) fn won_count() -> Measure {
    closed("opportunities_won", Quantity::Count, Aggregate::Count, status(deal::Status::Won))
}

fn lost_count() -> Measure {
    closed("opportunities_lost", Quantity::Count, Aggregate::Count, status(deal::Status::Lost))
}

pub(super) fn won_amount() -> Measure {
    closed("won_amount", Quantity::Money, amount(), status(deal::Status::Won))
}

fn lost_amount() -> Measure {
    closed("lost_amount", Quantity::Money, amount(), status(deal::Status::Lost))
}

pub(super) fn annualized_won_amount() -> Measure {
    let yearly = Amount::FirstSet(vec![
        Amount::Times(deal::Column::MonthlyAmountMinor.into(), 12),
        Amount::Of(deal::Column::AmountMinor.into()),
    ]);
    closed("annualized_won_amount", Quantity::Money, Aggregate::Sum(yearly), status(deal::Status::Won))
}

fn won_after_contact() -> Condition {
    Condition::All(vec![status(deal::Status::Won), Condition::Set(deal::Column::FirstContactAt.into())])
}

fn cycle_time() -> Measure {
    let cycle = Amount::Between(Instant::at(deal::Column::FirstContactAt), Instant::at(deal::Column::ClosedAt));
    closed("sales_cycle_days", Quantity::Days, Aggregate::Sum(cycle), won_after_contact())
}

fn cycle_count() -> Measure {
    closed("opportunities_won_after_contact", Quantity::Count, Aggregate::Count, won_after_contact())
}

pub(super) fn created_count() -> Measure {
    Measure::new(
        "opportunities_created",
        Quantity::Count,
        sources::opportunities(),
        Axis::at(deal::Column::CreatedAt),
        Aggregate::Count,
        Condition::Always,
    )
}

/// A cohort: of the deals created in a bucket, what has become of them by now.
fn created(name: &'static str, when: Condition) -> Measure {
    let at = Axis::at(deal::Column::CreatedAt);
    Measure::new(name, Quantity::Count, sources::opportunities(), at, Aggregate::Count, when)
}

fn created_and_won() -> Measure {
    created("opportunities_created_and_won", status(deal::Status::Won))
}

fn created_and_decided() -> Measure {
    created("opportunities_created_and_decided", is_decided())
}

fn is_decided() -> Condition {
    let decided = [deal::Status::Won, deal::Status::Lost].map(|status| status.to_value().into());
    Condition::OneOf(deal::Column::Status.into(), decided.to_vec())
}

/// The forecast: open deals, by the day that they are expected to close on.
fn expected(name: &'static str, quantity: Quantity, aggregate: Aggregate) -> Measure {
    let on = Axis::at(deal::Column::ExpectedCloseOn);
    Measure::new(name, quantity, sources::current_opportunities(), on, aggregate, status(deal::Status::Open))
        .told_by(deal::Column::ExpectedCloseOn)
}

fn expected_closes() -> Measure {
    expected("expected_closes", Quantity::Count, Aggregate::Count)
}

fn expected_amount() -> Measure {
    expected("expected_amount", Quantity::Money, amount())
}

/// By a deal's own probability, otherwise by that of its stage.
fn weighted_expected_amount() -> Measure {
    let weighted = [deal::Column::ProbabilityBp.into(), stage::Column::ProbabilityBp.into()]
        .map(|probability| Amount::Product(deal::Column::AmountMinor.into(), probability));
    let weighted = Aggregate::Sum(Amount::FirstSet(weighted.to_vec()));
    expected("weighted_expected_amount", Quantity::WeightedMoney, weighted)
}

/// Since the day after that on which it was expected to close; a deal that is created behind that is overdue from then on. As
/// two measures, each of which starts with a column.
fn overdue_count() -> Expr {
    let late = || Instant::DaysAfter(deal::Column::ExpectedCloseOn.into(), 1);
    let created = || Instant::at(deal::Column::CreatedAt);
    let is_expected = || is_placed().and(Condition::set(deal::Column::ExpectedCloseOn));
    let created_late = || Condition::Before(late(), created());
    let created_before = Condition::Any(vec![
        Condition::set(deal::Column::CreatedAt).negated(),
        Condition::set(deal::Column::CreatedAt).and(created_late().negated()),
    ]);
    let overdue = |name, from, when| {
        let axis = Axis::State { from, until: closing() };
        Measure::new(name, Quantity::Count, sources::opportunities(), axis, Aggregate::Count, when)
            .happened()
            .told_by(deal::Column::ExpectedCloseOn)
    };
    Expr::from(overdue("overdue_opportunities", late(), is_expected().and(created_before)))
        + overdue("opportunities_created_overdue", created(), is_expected().and(created_late())).into()
}

/// The status decides: an open deal is open, whatever closing time it has.
fn closing() -> Instant {
    Instant::Unless(deal::Column::ClosedAt.into(), deal::Column::Status.into(), "open")
}

fn while_open() -> Axis {
    Axis::State { from: Instant::at(deal::Column::CreatedAt), until: closing() }
}

/// It is known until when a deal is open: it still is, or has been won or lost at some time. One that is closed without a time was
/// open until nobody knows when, and is not any more.
fn is_placed() -> Condition {
    Condition::Any(vec![
        status(deal::Status::Open),
        Condition::All(vec![is_decided(), Condition::Set(deal::Column::ClosedAt.into())]),
    ])
}

/// The part of a stay in which the deal is open. A deal without history is in no stage as long as it is open; one whose
/// history has gaps does not count in them.
fn while_in_stage() -> Axis {
    Axis::State {
        from: Instant::at(stay::Column::EnteredAt).later(Instant::at(deal::Column::CreatedAt)),
        until: left_or_closed(),
    }
}

fn left_or_closed() -> Instant {
    Instant::at(stay::Column::LeftAt).earlier(closing())
}

fn open(name: &'static str, quantity: Quantity, aggregate: Aggregate) -> Measure {
    Measure::new(name, quantity, sources::opportunities(), while_open(), aggregate.clone(), is_placed()).or_read(
        sources::staged_opportunities(),
        while_in_stage(),
        aggregate,
        is_placed(),
    )
}

pub(super) fn open_count() -> Measure {
    open("open_opportunities", Quantity::Count, Aggregate::Count)
}

fn open_amount() -> Measure {
    open("open_amount", Quantity::Money, amount())
}

fn weighted_open_amount() -> Measure {
    let weighted = Amount::Product(deal::Column::AmountMinor.into(), stage::Column::ProbabilityBp.into());
    Measure::new(
        "weighted_open_amount",
        Quantity::WeightedMoney,
        sources::staged_opportunities(),
        while_in_stage(),
        Aggregate::Sum(weighted),
        is_placed(),
    )
}

fn stalled_count() -> Measure {
    let expected_to_leave = Instant::DaysInAfter(stay::Column::EnteredAt.into(), stage::Column::ExpectedDays.into());
    let axis =
        Axis::State { from: expected_to_leave.later(Instant::at(deal::Column::CreatedAt)), until: left_or_closed() };
    let when = Condition::All(vec![
        is_placed(),
        Condition::Set(stay::Column::EnteredAt.into()),
        Condition::Set(stage::Column::ExpectedDays.into()),
    ]);
    Measure::new(
        "stalled_opportunities",
        Quantity::Count,
        sources::staged_opportunities(),
        axis,
        Aggregate::Count,
        when,
    )
    .happened()
    .told_by(stage::Column::ExpectedDays)
}

fn stay_measure(name: &'static str, quantity: Quantity, aggregate: Aggregate, when: Condition) -> Measure {
    Measure::new(name, quantity, sources::stays(), Axis::at(stay::Column::LeftAt), aggregate, when)
}

fn stay_time() -> Measure {
    let length = Amount::Between(Instant::at(stay::Column::EnteredAt), Instant::at(stay::Column::LeftAt));
    stay_measure("stage_days", Quantity::Days, Aggregate::Sum(length), Condition::Always)
}

fn timed_stays_ended() -> Measure {
    let timed = Condition::Set(stay::Column::EnteredAt.into());
    stay_measure("timed_stays_ended", Quantity::Count, Aggregate::Count, timed)
}

fn stays_ended() -> Measure {
    stay_measure("stays_ended", Quantity::Count, Aggregate::Count, Condition::Always)
}

fn stays_converted() -> Measure {
    let converted = [stay::Outcome::Advanced, stay::Outcome::Won].map(|outcome| outcome.to_value().into());
    let when = Condition::OneOf(stay::Column::Outcome.into(), converted.to_vec());
    stay_measure("stays_converted", Quantity::Count, Aggregate::Count, when)
}

fn proposals_sent() -> Measure {
    Measure::new(
        "proposals_sent",
        Quantity::Count,
        sources::proposals(),
        Axis::at(proposal::Column::SentAt),
        Aggregate::Count,
        Condition::Always,
    )
}
