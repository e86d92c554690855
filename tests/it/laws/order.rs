//! Rows have one order, whatever buckets and limits there are.

use super::questions::Shape;
use super::{World, figures, group, hold};
use crate::support::{Kind, on_every_database};
use crm_kpi::proto::{self, KpiQuery, OrderBy, ResultRow, order_by};
use proptest::prelude::*;
use std::collections::BTreeSet;

on_every_database!(the_order_is_total, every_kpi_orders_groups_by_the_whole_period, a_limit_keeps_the_first_groups,);

/// By one of the question's KPIs.
pub fn by_kpi(query: &KpiQuery, place: prop::sample::Index, descending: bool) -> Vec<OrderBy> {
    let kpi_id = query.kpi_ids[place.index(query.kpi_ids.len())].clone();
    vec![OrderBy { key: Some(order_by::Key::KpiId(kpi_id)), descending }]
}

/// Questions that are ordered by one of their KPIs.
pub fn ordered_questions(world: &World) -> impl Strategy<Value = KpiQuery> {
    let questions = world.catalogue.questions(Shape { dimensions: 1..=2, ..Shape::default() });
    let order = prop::option::of((any::<prop::sample::Index>(), any::<bool>()));
    (questions, order, 0..3i32, any::<bool>(), any::<bool>()).prop_map(
        |(query, order, compare_to, include_targets, include_standing)| {
            let order_by = order.map_or(vec![], |(place, descending)| by_kpi(&query, place, descending));
            KpiQuery { order_by, compare_to, include_targets, include_standing, ..query }
        },
    )
}

/// By the value over the whole period (absent ones last), then by keys, then by bucket; and the same every time.
async fn the_order_is_total(kind: Kind) {
    let world = &World::new(kind).await;
    hold(ordered_questions(world), |query| async move {
        let answer = world.ask(&query).await;
        prop_assert_eq!(&answer.rows, &world.ask(&query).await.rows);
        let places: Vec<_> = answer.rows.iter().map(|row| (group(row), row.bucket)).collect();
        let groups = figures::without_repeats(places.iter().map(|(group, _)| group.clone()));
        prop_assert_eq!(groups.iter().collect::<BTreeSet<_>>().len(), groups.len(), "a group's rows stand together");
        prop_assert!(places.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].1 < pair[1].1), "buckets in order");
        let whole = world.ask(&KpiQuery { grain: 0, ..query.clone() }).await;
        // A group may have data in a bucket but none over the whole period, or the other way round.
        let order = whole.rows.iter().map(group).filter(|group| groups.contains(group)).collect::<Vec<_>>();
        let of_both = groups.iter().filter(|group| order.contains(group)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(of_both, order);
        let Some(OrderBy { key: Some(order_by::Key::KpiId(id)), descending }) = query.order_by.first() else {
            prop_assert!(groups.windows(2).all(|pair| pair[0] < pair[1]), "groups go by their keys");
            return Ok(());
        };
        let place = query.kpi_ids.iter().position(|kpi| kpi == id).unwrap();
        let mut rank = 0;
        for (row, next) in whole.rows.iter().zip(whole.rows.iter().skip(1).map(Some).chain([None])) {
            let value = figures::value(&row.values[place]);
            let ahead = whole.rows.iter().filter(|other| figures::goes_before(other, row, place, *descending)).count();
            rank += 1;
            let own_currency = query.group_by.iter().any(|dimension| dimension == "currency");
            let ranked = !own_currency || world.catalogue.kpi(id).unit() != proto::KpiUnit::Currency;
            prop_assert_eq!(row.rank, if value.is_some() && ranked { i32::try_from(ahead + 1).unwrap() } else { 0 });
            prop_assert!(ahead < rank);
            if let Some(next) = next {
                let tie = value == figures::value(&next.values[place]);
                prop_assert!(figures::goes_before(row, next, place, *descending) || (tie && group(row) < group(next)));
            }
        }
        Ok(())
    });
}

/// Also a KPI whose buckets do not add up to the period: distinct customers, or those at the start who stay to the end.
async fn every_kpi_orders_groups_by_the_whole_period(kind: Kind) {
    let world = &World::new(kind).await;
    let mut wrong = Vec::new();
    for kpi in world.catalogue.ids() {
        for (dimension, grain) in [("rep", proto::Grain::Month), ("account", proto::Grain::Week)] {
            if !world.catalogue.kpi(&kpi).dimensions.iter().any(|id| id == dimension) {
                continue;
            }
            let whole = KpiQuery {
                kpi_ids: vec![kpi.clone()],
                period: crate::support::dates("2024-01-01", "2024-06-30"),
                group_by: vec![dimension.into()],
                order_by: vec![OrderBy { key: Some(order_by::Key::KpiId(kpi.clone())), descending: true }],
                ..Default::default()
            };
            let places = |rows: Vec<ResultRow>| rows.into_iter().map(|row| (group(&row), row.rank)).collect::<Vec<_>>();
            let buckets = world.ask(&KpiQuery { grain: grain.into(), ..whole.clone() }).await;
            let (whole, buckets) = (places(world.ask(&whole).await.rows), places(buckets.rows));
            let order = |places: &[(Vec<String>, i32)], others: &[(Vec<String>, i32)]| {
                let known: BTreeSet<_> = others.iter().map(|(group, _)| group).collect();
                figures::without_repeats(
                    places.iter().filter(|(group, _)| known.contains(group)).map(|(group, _)| group.clone()),
                )
            };
            if order(&whole, &buckets) != order(&buckets, &whole) {
                wrong.push(format!("{kpi} by {dimension}"));
            }
        }
    }
    assert!(wrong.is_empty(), "the order is another with buckets than without: {wrong:?}");
}

async fn a_limit_keeps_the_first_groups(kind: Kind) {
    let world = &World::new(kind).await;
    hold((ordered_questions(world), 1..8usize), |(query, limit)| async move {
        let all = world.ask(&query).await;
        let kept = KpiQuery { limit: i32::try_from(limit).unwrap(), ..query };
        let kept = world.ask(&kept).await;
        let groups = figures::without_repeats(all.rows.iter().map(group));
        let first = &groups[..limit.min(groups.len())];
        let expected: Vec<_> = all.rows.iter().filter(|row| first.contains(&group(row))).cloned().collect();
        prop_assert_eq!(kept.rows, expected);
        prop_assert_eq!(kept.totals, all.totals);
        Ok(())
    });
}
