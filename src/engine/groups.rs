//! Groups with their values: which are kept, their order and rank, and the rows that they become.

use super::evaluate::{has_data, values};
use super::figures::{Figures, GroupKey};
use super::plan::Plan;
use super::question::{OrderKey, Question};
use super::result::{Key, Row, Value};
use crate::error::Result;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::HashMap;

/// A group and its values.
#[derive(Debug)]
pub(super) struct Group {
    pub key: GroupKey,
    /// For every bucket the values of all KPIs.
    buckets: Vec<Vec<Value>>,
    /// For every order that goes by a KPI, its value over the whole period.
    order: Vec<Option<Decimal>>,
}

/// Evaluates all groups and keeps those with data; all of them where the question wants empty ones too, or has just one.
/// `whole` has the same groups' figures over the whole period.
pub(super) fn evaluate(plan: &Plan, question: &Question, figures: &Figures, whole: &Figures) -> Result<Vec<Group>> {
    let keep_all = question.include_empty || question.group_by.is_empty();
    let mut groups = Vec::with_capacity(figures.groups.len());
    for (key, &place) in &figures.groups {
        if keep_all || has_data(plan, figures, key, place) {
            let buckets = (0..figures.buckets)
                .map(|bucket| values(plan, question, figures, (key, place), bucket))
                .collect::<Result<Vec<_>>>()?;
            let order = order_values(plan, question, whole, key)?;
            groups.push(Group { key: key.clone(), buckets, order });
        }
    }
    Ok(groups)
}

fn order_values(plan: &Plan, question: &Question, whole: &Figures, key: &GroupKey) -> Result<Vec<Option<Decimal>>> {
    if !question.orders_by_kpi() {
        return Ok(Vec::new());
    }
    let Some(&place) = whole.groups.get(key) else {
        return Ok(vec![None; question.order_by.len()]);
    };
    let values = values(plan, question, whole, (key, place), 0)?;
    let by_kpi = |kpi: usize| values.get(kpi).and_then(|value| value.value.ok());
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
    let by_kpi = question.order_by.first().is_some_and(|order| matches!(order.key, OrderKey::Kpi(_)));
    let value = |group: &Group| group.order.first().copied().flatten().filter(|_| by_kpi);
    let mut ranks: Vec<Option<u32>> = Vec::with_capacity(groups.len());
    for (place, group) in groups.iter().enumerate() {
        let same = place > 0 && value(&groups[place - 1]) == value(group);
        ranks.push(match value(group) {
            None => None,
            Some(_) if same => ranks[place - 1],
            Some(_) => u32::try_from(place + 1).ok(),
        });
    }
    ranks
}

/// The rows of a group: one for each bucket.
pub(super) fn rows(group: Group, rank: Option<u32>, labels: &[HashMap<String, String>]) -> impl Iterator<Item = Row> {
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
    /// Whether the order of groups goes by a KPI.
    pub(super) fn orders_by_kpi(&self) -> bool {
        self.order_by.iter().any(|order| matches!(order.key, OrderKey::Kpi(_)))
    }
}
