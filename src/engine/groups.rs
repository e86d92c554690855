//! Groups with their values: which are kept, their order and rank, and the rows that they become.

use super::beside::Standings;
use super::evaluate::{Exact, has_data, values};
use super::figures::{Figures, GroupKey};
use super::members::Labels;
use super::plan::Plan;
use super::question::{OrderKey, Question};
use super::result::{Key, Rank, Row, Value};
use super::targets::Targets;
use crate::catalog::Unit;
use crate::error::Result;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// A group and its values.
#[derive(Debug)]
pub(super) struct Group {
    pub key: GroupKey,
    /// For every bucket the values of all KPIs.
    pub buckets: Vec<Vec<Value>>,
    /// The same before they were rounded, where they are still to be set beside others.
    pub exact: Vec<Vec<Exact>>,
    /// For every order that goes by a KPI, its value over the whole period.
    order: Vec<Option<Decimal>>,
}

/// The figures that groups are evaluated from.
pub(super) struct Sides<'a> {
    /// The question's buckets.
    pub now: &'a Figures,
    /// The same groups over the whole period.
    pub whole: &'a Figures,
    /// The same groups in the earlier period, and where each bucket finds what it is compared with.
    pub then: Option<(&'a Figures, &'a [Option<usize>])>,
    /// What the values were meant to be.
    pub targets: Option<&'a Targets>,
}

/// Evaluates all groups and keeps those with data, now or in the earlier period; all of them where the question wants empty
/// ones too, or has just one.
pub(super) fn evaluate(plan: &Plan, question: &Question, sides: &Sides<'_>) -> Result<Vec<Group>> {
    let keep_all = question.include_empty || question.group_by.is_empty();
    let mut groups = Vec::with_capacity(sides.now.groups.len());
    for (key, &place) in &sides.now.groups {
        let then = sides.then.and_then(|(then, places)| Some((then, *then.groups.get(key)?, places)));
        let had_data = || then.is_some_and(|(then, place, _)| has_data(plan, then, key, place));
        if keep_all || has_data(plan, sides.now, key, place) || had_data() {
            let mut group = Group { key: key.clone(), buckets: Vec::new(), exact: Vec::new(), order: Vec::new() };
            for bucket in 0..sides.now.buckets {
                let exact = values(plan, question, sides.now, (key, place), bucket)?;
                let before = match then.and_then(|(then, place, places)| Some((then, place, (*places.get(bucket)?)?))) {
                    Some((then, place, slot)) => values(plan, question, then, (key, place), slot)?,
                    None => Vec::new(),
                };
                group.buckets.push(beside(&exact, &before, |kpi| match sides.targets {
                    Some(targets) => targets.of(key, kpi, bucket),
                    None => (None, None),
                }));
                if question.include_standing {
                    group.exact.push(exact);
                }
            }
            group.order = order_values(plan, question, sides.whole, key)?;
            groups.push(group);
        }
    }
    Ok(groups)
}

/// The values as they are answered, beside those of an earlier period and their targets.
pub(super) fn beside(
    now: &[Exact],
    then: &[Exact],
    target: impl Fn(usize) -> (Option<Decimal>, Option<Decimal>),
) -> Vec<Value> {
    let beside = |(kpi, exact): (usize, &Exact)| {
        let mut value = exact.answered();
        value.compare(exact, then.get(kpi));
        let (own, of_reps) = target(kpi);
        value.aim(exact, own, of_reps);
        value
    };
    now.iter().enumerate().map(beside).collect()
}

fn order_values(plan: &Plan, question: &Question, whole: &Figures, key: &GroupKey) -> Result<Vec<Option<Decimal>>> {
    if !question.orders_by_kpi() {
        return Ok(Vec::new());
    }
    let Some(&place) = whole.groups.get(key) else {
        return Ok(vec![None; question.order_by.len()]);
    };
    let values = values(plan, question, whole, (key, place), 0)?;
    let by_kpi = |kpi: usize| values.get(kpi).and_then(|value| value.answered().value.ok());
    Ok(question
        .order_by
        .iter()
        .map(|order| match order.key {
            OrderKey::Kpi(kpi) => by_kpi(kpi),
            OrderKey::Key(_) => None,
        })
        .collect())
}

/// The question's order of groups: total, since keys break ties.
pub(super) fn compare(question: &Question, left: &Group, right: &Group) -> Ordering {
    for (place, order) in question.order_by.iter().enumerate() {
        let value = |group: &Group| group.order.get(place).copied().flatten();
        let ordering = match order.key {
            OrderKey::Key(key) => directed(left.key.get(key).cmp(&right.key.get(key)), order.descending),
            OrderKey::Kpi(_) => match (value(left), value(right)) {
                (Some(left), Some(right)) => directed(left.cmp(&right), order.descending),
                (left, right) => left.is_none().cmp(&right.is_none()),
            },
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    left.key.cmp(&right.key)
}

fn directed(ordering: Ordering, descending: bool) -> Ordering {
    if descending { ordering.reverse() } else { ordering }
}

/// The places of sorted groups by the first order: equal values share one; none without a value or an order by a KPI.
pub(super) fn ranks(question: &Question, groups: &[Group]) -> Vec<Option<u32>> {
    let mut ranks: Vec<Option<u32>> = Vec::with_capacity(groups.len());
    for (place, group) in groups.iter().enumerate() {
        let value = group.ranked_by(question);
        let same = place > 0 && groups[place - 1].ranked_by(question) == value;
        ranks.push(match value {
            None => None,
            Some(_) if same => ranks[place - 1],
            Some(_) => u32::try_from(place + 1).ok(),
        });
    }
    ranks
}

impl Group {
    /// The value that the group has a place by.
    pub fn ranked_by(&self, question: &Question) -> Option<Decimal> {
        let by_kpi = question.order_by.first().is_some_and(|order| match order.key {
            OrderKey::Kpi(kpi) => question.ranks(kpi),
            OrderKey::Key(_) => false,
        });
        self.order.first().copied().flatten().filter(|_| by_kpi)
    }

    /// Has every value find its place among those of all groups.
    pub fn stand(&mut self, question: &Question, standings: &Standings) {
        for (bucket, (values, exact)) in self.buckets.iter_mut().zip(&self.exact).enumerate() {
            let places = values.iter_mut().zip(exact).enumerate().filter(|(kpi, _)| question.ranks(*kpi));
            for (kpi, (value, exact)) in places {
                standings.place((bucket, kpi), value, exact);
            }
        }
    }
}

/// The rows of a group: one for each bucket.
pub(super) fn rows(group: Group, rank: Option<Rank>, labels: &[Labels]) -> impl Iterator<Item = Row> {
    let keys: Vec<Key> = group
        .key
        .into_iter()
        .zip(labels)
        .map(|(id, labels)| {
            let label = labels.get(&id).cloned().unwrap_or_else(|| id.clone());
            Key { id, label }
        })
        .collect();
    group.buckets.into_iter().enumerate().map(move |(bucket, values)| Row {
        bucket: Some(bucket),
        keys: keys.clone(),
        values,
        rank,
    })
}

impl Question {
    /// Whether groups have places by a KPI: not by amounts that are each in another currency.
    pub(super) fn ranks(&self, kpi: usize) -> bool {
        !self.own_currency || self.kpis.get(kpi).is_none_or(|kpi| kpi.unit != Unit::Currency)
    }

    /// Whether the order of groups goes by a KPI.
    pub(super) fn orders_by_kpi(&self) -> bool {
        self.order_by.iter().any(|order| matches!(order.key, OrderKey::Kpi(_)))
    }
}
