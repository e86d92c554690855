//! Laws of what values are read beside.

use super::order::ordered_questions;
use super::{World, hold};
use crate::support::{Kind, dates, on_every_database};
use crm_kpi::crm::teams;
use crm_kpi::proto::order_by::Key;
use crm_kpi::proto::{Comparison, Direction, KpiQuery, KpiUnit, KpiValue, ResultRow};
use proptest::prelude::*;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DatabaseConnection, EntityTrait};
use std::cmp::Ordering;
use std::collections::BTreeMap;

on_every_database!(
    what_is_compared_is_the_answer_over_those_days,
    changes_follow_from_the_values,
    a_standing_is_a_place_among_all_values,
    attainment_is_how_far_a_target_is_reached,
);

const COLUMNS: &str = "id, kpi_id, rep_id, team_id, first_date, last_date, value, currency";

/// Targets of every rep for months, of every team for quarters and of the company for years.
pub async fn fill(connection: &DatabaseConnection) {
    let months = [
        "2023-12-01', '2023-12-31",
        "2024-01-01', '2024-01-31",
        "2024-02-01', '2024-02-29",
        "2024-03-01', '2024-05-31",
    ];
    for kpi in ["total_sales", "order_count", "win_rate", "pipeline_value", "won_value"] {
        for days in months {
            for (owner, table, kept) in [("id, NULL", "reps", "id"), ("NULL, id", "teams", "id")] {
                let id = format!("'{kpi} {days} {table} '").replace("', '", " ");
                let sql = format!(
                    "INSERT INTO targets ({COLUMNS}) SELECT {id} || {kept}, '{kpi}', {owner}, '{days}', '12.5', 'USD' FROM {table}"
                );
                connection.execute_unprepared(&sql).await.expect(&sql);
            }
        }
        let sql = format!(
            "INSERT INTO targets ({COLUMNS}) VALUES ('{kpi}', '{kpi}', NULL, NULL, '2024-01-01', '2024-12-31', '99', NULL)"
        );
        connection.execute_unprepared(&sql).await.expect(&sql);
    }
}

/// How many teams a path has from each team to the top.
async fn depths(connection: &DatabaseConnection) -> BTreeMap<String, usize> {
    let teams = teams::Entity::find().all(connection).await.unwrap();
    let parents: BTreeMap<String, Option<String>> = teams.into_iter().map(|team| (team.id, team.parent_id)).collect();
    let depth = |id: &String| {
        let mut path = vec![id];
        while let Some((parent, _)) = parents[path[path.len() - 1]].as_ref().and_then(|id| parents.get_key_value(id))
            && !path.contains(&parent)
        {
            path.push(parent);
        }
        path.len()
    };
    parents.keys().map(|id| (id.clone(), depth(id))).collect()
}

fn number(text: &Option<String>) -> Option<Decimal> {
    text.as_ref().map(|text| text.parse().unwrap())
}

fn pairs<'a>(
    query: &'a KpiQuery,
    rows: &'a [ResultRow],
) -> impl Iterator<Item = (&'a str, &'a ResultRow, &'a KpiValue)> {
    rows.iter().flat_map(|row| query.kpi_ids.iter().zip(&row.values).map(move |(id, value)| (id.as_str(), row, value)))
}

/// Every bucket's compared values are those of a question about the compared days alone.
async fn what_is_compared_is_the_answer_over_those_days(kind: Kind) {
    let world = &World::new(kind).await;
    let questions = (ordered_questions(world), any::<bool>(), any::<prop::sample::Index>());
    hold(questions, |(query, year, pick)| async move {
        let comparison = if year { Comparison::PreviousYear } else { Comparison::PreviousPeriod };
        let query = KpiQuery { compare_to: comparison.into(), order_by: vec![], ..query };
        let answer = world.ask(&query).await;
        let compared = answer.header.as_ref().unwrap().compared.clone().unwrap();
        let bucket = pick.index(compared.buckets.len());
        let days = &compared.buckets[bucket];
        let whole = [(-1, &compared.first_date, &compared.last_date)];
        for (bucket, first, last) in
            whole.into_iter().chain([(bucket.try_into().unwrap(), &days.first_date, &days.last_date)])
        {
            if first.is_empty() {
                prop_assert!(
                    answer
                        .rows
                        .iter()
                        .filter(|row| row.bucket == bucket)
                        .all(|row| row.values.iter().all(|v| v.compared_value.is_none()))
                );
                continue;
            }
            let alone = KpiQuery { period: dates(first, last), grain: 0, compare_to: 0, ..query.clone() };
            let alone = world.ask(&alone).await;
            let then = |row: &ResultRow, at: usize| {
                let same = alone.rows.iter().chain(&alone.totals).find(|other| other.keys == row.keys);
                same.map(|other| other.values[at].value.clone())
            };
            for row in answer.rows.iter().chain(&answer.totals).filter(|row| row.bucket == bucket) {
                for (at, (id, value)) in query.kpi_ids.iter().zip(&row.values).enumerate() {
                    // What is before a part of a unit depends on whether it stands alone.
                    if id == "profile_view_growth_rate" {
                        continue;
                    }
                    let (now, then) = (&value.compared_value, then(row, at));
                    let nothing = number(now).is_none_or(|now| now.is_zero());
                    prop_assert!(
                        then.as_ref().map_or(nothing, |then| then == now),
                        "{}: {:?} {:?} {:?}",
                        id,
                        row.keys,
                        now,
                        then
                    );
                }
            }
        }
        Ok(())
    });
}

/// From exact figures: within a unit of the last place of what follows from the rounded ones.
async fn changes_follow_from_the_values(kind: Kind) {
    let world = &World::new(kind).await;
    hold(ordered_questions(world), |query| async move {
        let answer = world.ask(&query).await;
        for (id, _, value) in pairs(&query, &answer.rows).chain(pairs(&query, &answer.totals)) {
            let (now, then, change) = (number(&value.value), number(&value.compared_value), number(&value.change));
            prop_assert!(query.compare_to != 0 || then.is_none());
            prop_assert_eq!(change.is_some(), now.is_some() && then.is_some(), "{}", id);
            if let (Some(now), Some(then), Some(change)) = (now, then, change) {
                prop_assert!(
                    (now - then - change).abs() <= Decimal::new(1, change.scale()),
                    "{id}: {now} - {then} = {change}"
                );
                let ratio = number(&value.change_ratio);
                if then.is_zero() {
                    // A base that is rounded to zero may still be other than zero.
                    continue;
                }
                let ratio = ratio.expect("a ratio");
                let sign = change.cmp(&Decimal::ZERO);
                prop_assert!(sign == Ordering::Equal || ratio.is_zero() || ratio.cmp(&Decimal::ZERO) == sign);
            } else {
                prop_assert!(value.change_ratio.is_none());
            }
        }
        Ok(())
    });
}

async fn a_standing_is_a_place_among_all_values(kind: Kind) {
    let world = &World::new(kind).await;
    let levels = &depths(&world.server.database.connection).await;
    hold(ordered_questions(world), |query| async move {
        let query = KpiQuery { include_standing: true, ..query };
        let answer = world.ask(&query).await;
        let own_currency = query.group_by.iter().any(|dimension| dimension == "currency");
        for (at, id) in query.kpi_ids.iter().enumerate() {
            if own_currency && world.catalogue.kpi(id).unit() == KpiUnit::Currency {
                prop_assert!(answer.rows.iter().all(|row| row.values[at].standing.is_none()));
                continue;
            }
            let upwards = match world.catalogue.kpi(id).direction() {
                Direction::HigherIsBetter => false,
                Direction::LowerIsBetter => true,
                _ => query.order_by.iter().any(|step| !step.descending && step.key == Some(Key::KpiId(id.clone()))),
            };
            // Teams overlap with those above them; not where rows are of the teams that reps are directly in.
            let place = query.group_by.iter().position(|dimension| dimension == "team");
            let place = place.filter(|_| query.filters.iter().all(|filter| filter.dimension != "rep"));
            let level =
                |row: &ResultRow| place.map_or(1, |place| levels.get(&row.keys[place].id).copied().unwrap_or(1));
            for row in &answer.rows {
                let values: Vec<_> = answer
                    .rows
                    .iter()
                    .filter(|other| other.bucket == row.bucket && level(other) == level(row))
                    .filter_map(|other| number(&other.values[at].value))
                    .collect();
                let standing = row.values[at].standing.as_ref().unwrap();
                let ahead = |value: Decimal| {
                    values.iter().filter(|other| if upwards { **other < value } else { **other > value }).count()
                };
                let rank = number(&row.values[at].value).map_or(0, |value| ahead(value) + 1);
                prop_assert_eq!(
                    (standing.rank, standing.ranked),
                    (rank.try_into().unwrap(), values.len().try_into().unwrap())
                );
                let total = answer.totals.iter().find(|total| total.bucket == row.bucket).unwrap();
                prop_assert_eq!(&standing.total_value, &total.values[at].value);
            }
        }
        prop_assert!(answer.totals.iter().all(|row| row.values.iter().all(|value| value.standing.is_none())));
        Ok(())
    });
}

async fn attainment_is_how_far_a_target_is_reached(kind: Kind) {
    let world = &World::new(kind).await;
    hold(ordered_questions(world), |query| async move {
        let query = KpiQuery { include_targets: true, ..query };
        let answer = world.ask(&query).await;
        for (id, _, value) in pairs(&query, &answer.rows).chain(pairs(&query, &answer.totals)) {
            for (target, attainment) in
                [(&value.target, &value.attainment), (&value.reps_target, &value.reps_attainment)]
            {
                let (now, target, attainment) = (number(&value.value), number(target), number(attainment));
                let meaningful = now.is_some() && target.is_some_and(|target| !target.is_zero());
                prop_assert_eq!(attainment.is_some(), meaningful, "{}", id);
                if let (Some(now), Some(target), Some(attainment)) = (now, target, attainment) {
                    // Values are rounded to six decimals or more coarsely; targets here have one.
                    let less = world.catalogue.kpi(id).direction() == Direction::LowerIsBetter;
                    let reached = if less { target + target - now } else { now };
                    let error = (attainment * target - reached).abs();
                    prop_assert!(error <= Decimal::new(1, now.scale()) + target.abs() * Decimal::new(1, 6), "{}", id);
                }
            }
        }
        Ok(())
    });
}
