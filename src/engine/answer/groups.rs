//! Groups: which are kept, their order and rank, and the values that they have.

use super::context::with_context;
use super::evaluate::{Exact, has_data, values};
use super::standings::Standings;
use crate::engine::model::{Key, Order, OrderKey, Question, Value};
use crate::engine::plan::Plan;
use crate::engine::read::{Figures, GroupKey, Labels, Targets};
use crate::error::Result;
use crate::memory::Held;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::sync::Arc;

/// A group and where its figures are. What they make is evaluated when it is answered, row by row.
#[derive(Debug)]
pub(super) struct Group {
    pub key: Arc<GroupKey>,
    /// Which of several readings has its figures.
    pub read: usize,
    /// Its place in the figures, and in those of the earlier period.
    now: usize,
    then: Option<usize>,
    /// For every order that goes by a KPI, its value over the whole period.
    order: Box<[Option<Decimal>]>,
}

/// The figures that groups are evaluated from.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub plan: &'a Plan,
    pub question: &'a Question,
    /// The question's buckets.
    pub now: &'a Figures,
    /// The same groups in the earlier period, and where each bucket finds what it is compared with.
    pub then: Option<(&'a Figures, &'a [Option<usize>])>,
    /// What the values were meant to be.
    pub targets: Option<&'a Targets>,
}

impl Sides<'_> {
    /// The groups with data, now or in the earlier period; all of them where the question wants empty ones too, or has just
    /// one. `whole` are the figures of the same groups over the whole period.
    pub fn groups(&self, whole: &Figures, read: usize, held: &mut Held) -> Result<Vec<Group>> {
        let Self { plan, question, now, .. } = *self;
        let keep_all = question.include_empty || question.group_by.is_empty();
        let ordered = if question.orders_by_kpi() { question.order_by.len() } else { 0 };
        held.grow(now.groups.len() * (size_of::<Group>() + ordered * size_of::<Option<Decimal>>()))?;
        let mut groups = Vec::with_capacity(now.groups.len());
        for (key, &place) in &*now.groups {
            let then = self.then.and_then(|(then, _)| Some((then, *then.groups.get(key)?)));
            let had_data = || then.is_some_and(|(then, place)| has_data(plan, then, key, place));
            if keep_all || has_data(plan, now, key, place) || had_data() {
                let order = order_values(plan, question, whole, (key, place))?;
                groups.push(Group { key: key.clone(), read, now: place, then: then.map(|(_, place)| place), order });
            }
        }
        Ok(groups)
    }

    /// The values of a group at a bucket before they are rounded.
    pub fn exact(&self, group: &Group, bucket: usize) -> Result<Vec<Exact>> {
        values(self.plan, self.question, self.now, (&group.key, group.now), bucket)
    }

    /// The values as they are answered, beside what the question wants them beside.
    pub fn values(&self, group: &Group, bucket: usize, standings: Option<&Standings>) -> Result<Vec<Value>> {
        let exact = self.exact(group, bucket)?;
        let earlier = self.then.and_then(|(then, places)| Some((then, group.then?, (*places.get(bucket)?)?)));
        let before = match earlier {
            Some((then, place, slot)) => values(self.plan, self.question, then, (&group.key, place), slot)?,
            None => Vec::new(),
        };
        let aim = |kpi| self.targets.map(|targets| targets.of(&group.key, kpi, bucket));
        let mut values = with_context(&exact, &before, aim);
        if let Some(standings) = standings {
            let places = values.iter_mut().zip(&exact).enumerate().filter(|(kpi, _)| self.question.ranks(*kpi));
            for (kpi, (value, exact)) in places {
                standings.place(&group.key, (bucket, kpi), value, exact);
            }
        }
        Ok(values)
    }
}

fn order_values(
    plan: &Plan,
    question: &Question,
    whole: &Figures,
    group: (&GroupKey, usize),
) -> Result<Box<[Option<Decimal>]>> {
    if !question.orders_by_kpi() {
        return Ok(Box::default());
    }
    let values = values(plan, question, whole, group, 0)?;
    let by_kpi = |kpi: usize| values.get(kpi).and_then(|value| value.answered().value.ok());
    let of_order = |order: &Order| match order.key {
        OrderKey::Kpi(kpi) => by_kpi(kpi),
        OrderKey::Key(_) => None,
    };
    Ok(question.order_by.iter().map(of_order).collect())
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

    /// Its keys with their labels.
    pub fn keys(&self, labels: &[Labels]) -> Vec<Key> {
        let key = |(id, labels): (&String, &Labels)| {
            let label = labels.get(id).unwrap_or(id).clone();
            Key { id: id.clone(), label }
        };
        self.key.iter().zip(labels).map(key).collect()
    }
}
