//! What must hold for any question, tried on random ones over a dirty CRM.

pub mod beside;
mod figures;
mod marketing;
mod order;
mod paths;
pub mod questions;
mod scope;
mod service;
mod subscriptions;

use crate::oracle::data;
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::proto::hierarchy_rows::Rows;
use crm_kpi::proto::{self, KpiQuery, ResultRow};
use figures::{Sums, cells, group, sums};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use questions::{Catalogue, Shape};
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use tokio::runtime::Handle;

on_every_database!(
    groups_and_buckets_add_up_to_the_total,
    a_kpi_says_whether_its_parts_add_up,
    a_bucket_is_what_it_is_alone,
    a_kpi_is_what_it_is_alone,
    a_filter_keeps_the_rows_of_its_values,
    root_teams_and_nobodys_add_up_to_the_total,
    empty_groups_change_nothing_else,
);

/// A filled database that only one test uses, served.
struct World {
    server: TestServer,
    catalogue: Catalogue,
}

type Verdict = Result<(), TestCaseError>;

impl World {
    async fn new(kind: Kind) -> Self {
        let database = TestDatabase::migrated(kind).await;
        data::fill(&database.connection, 2).await;
        beside::fill(&database.connection).await;
        let server = TestServer::start(database).await;
        let catalogue = Catalogue::read(server.client()).await;
        Self { server, catalogue }
    }

    async fn ask(&self, query: &KpiQuery) -> proto::QueryKpisResponse {
        self.server.query(query.clone()).await
    }
}

/// Tries a law on random questions.
fn hold<S: Strategy, F: Future<Output = Verdict>>(questions: S, law: impl Fn(S::Value) -> F) {
    let config = Config { cases: 20, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let runtime = Handle::current();
    let run = || TestRunner::new(config).run(&questions, |question| runtime.block_on(law(question)));
    tokio::task::block_in_place(run).unwrap_or_else(|error| panic!("{error}"));
}

/// Flows and the numerators and denominators of ratios; a team's row holds those below it and is left out.
async fn groups_and_buckets_add_up_to_the_total(kind: Kind) {
    let world = &World::new(kind).await;
    let shape = Shape { without: &["team"], ..Shape::default() };
    hold(world.catalogue.questions(shape), |query| async move {
        let answer = world.ask(&query).await;
        let buckets = answer.header.as_ref().map_or(0, |header| header.buckets.len());
        for (place, id) in query.kpi_ids.iter().enumerate() {
            let kpi = world.catalogue.kpi(id);
            for total in &answer.totals {
                let rows = answer.rows.iter().filter(|row| row.bucket == total.bucket);
                if total.bucket >= 0 && figures::groups_add_up(kpi, &query.group_by) {
                    let added: Sums = rows.map(|row| sums(kpi, &row.values[place])).sum();
                    prop_assert_eq!(added, sums(kpi, &total.values[place]), "{} in bucket {}", id, total.bucket);
                }
            }
            if buckets > 1 && figures::buckets_add_up(kpi) {
                let (parts, whole): (Vec<_>, Vec<_>) = answer.totals.iter().partition(|row| row.bucket >= 0);
                prop_assert_eq!(parts.len(), buckets);
                prop_assert_eq!(whole.len(), 1);
                let added: Sums = parts.iter().map(|row| sums(kpi, &row.values[place])).sum();
                prop_assert_eq!(added, sums(kpi, &whole[0].values[place]), "{} over all buckets", id);
            }
        }
        Ok(())
    });
}

/// By every dimension and quarter: the parts of a KPI that says so add up, and those of any other come apart somewhere. Reps who
/// signed in are different ones in each group, as these are of reps, so their numbers add up; that is not promised.
async fn a_kpi_says_whether_its_parts_add_up(kind: Kind) {
    let world = &World::new(kind).await;
    let (mut over_groups, mut over_time) = (BTreeMap::new(), BTreeMap::new());
    for dimension in world.catalogue.plain_dimensions() {
        let reaches = |id: &String| world.catalogue.kpi(id).dimensions.contains(&dimension);
        let query = KpiQuery {
            kpi_ids: world.catalogue.ids().into_iter().filter(reaches).collect(),
            period: crate::support::dates("2023-01-01", "2024-12-31"),
            grain: proto::Grain::Quarter.into(),
            group_by: vec![dimension.clone()],
            currency_code: "USD".into(),
            ..Default::default()
        };
        let answer = world.ask(&query).await;
        for (place, id) in query.kpi_ids.iter().enumerate() {
            let kpi = world.catalogue.kpi(id);
            let added = |rows: &mut dyn Iterator<Item = &ResultRow>| -> Sums {
                rows.map(|row| sums(kpi, &row.values[place])).sum()
            };
            let groups = over_groups.entry(id.clone()).or_insert(true);
            for total in answer.totals.iter().filter(|row| row.bucket >= 0) {
                let rows = added(&mut answer.rows.iter().filter(|row| row.bucket == total.bucket));
                *groups &= rows.is_about(sums(kpi, &total.values[place]));
            }
            let (buckets, whole): (Vec<_>, Vec<_>) = answer.totals.iter().partition(|row| row.bucket >= 0);
            let time = over_time.entry(id.clone()).or_insert(true);
            *time &= added(&mut buckets.into_iter()).is_about(sums(kpi, &whole[0].values[place]));
        }
    }
    let wrong = |add_up: &BTreeMap<String, bool>, says: &dyn Fn(&proto::Kpi) -> bool| -> Vec<String> {
        let reps = ["active_users", "adoption_rate", "records_per_user"];
        let differs = add_up.iter().filter(|(id, add_up)| says(world.catalogue.kpi(id)) != **add_up);
        let differs = differs.filter(|(id, add_up)| !(**add_up && reps.contains(&id.as_str())));
        differs.map(|(id, add_up)| format!("{id} {add_up}")).collect()
    };
    assert_eq!(wrong(&over_groups, &|kpi| kpi.additive_over_groups), Vec::<String>::new());
    assert_eq!(wrong(&over_time, &|kpi| kpi.additive_over_time), Vec::<String>::new());
}

/// A stock at the end of a month, say, does not depend on whether the question has more months.
async fn a_bucket_is_what_it_is_alone(kind: Kind) {
    let world = &World::new(kind).await;
    let questions = (world.catalogue.questions(Shape::default()), any::<prop::sample::Index>());
    hold(questions, |(query, pick)| async move {
        let answer = world.ask(&query).await;
        let buckets = &answer.header.as_ref().unwrap().buckets;
        let bucket = pick.index(buckets.len());
        // Before a part of a month is the same part of the month before; before the same days alone are as many days.
        if buckets[bucket].partial && query.kpi_ids.iter().any(|id| id == "profile_view_growth_rate") {
            return Ok(());
        }
        let kept = |rows: &[ResultRow], index: i32| rows.iter().filter(|row| row.bucket == index).cloned().collect();
        let index = i32::try_from(bucket).unwrap();
        let (rows, totals): (Vec<_>, Vec<_>) = (kept(&answer.rows, index), kept(&answer.totals, index));
        let (first, last) = (&buckets[bucket].first_date, &buckets[bucket].last_date);
        let alone = KpiQuery { period: crate::support::dates(first, last), grain: 0, ..query.clone() };
        let alone = world.ask(&alone).await;
        prop_assert_eq!(cells(&query, &rows), cells(&query, &alone.rows));
        prop_assert_eq!(cells(&query, &totals), cells(&query, &alone.totals));
        Ok(())
    });
}

async fn a_kpi_is_what_it_is_alone(kind: Kind) {
    let world = &World::new(kind).await;
    hold(world.catalogue.questions(Shape { kpis: 2..=4, ..Shape::default() }), |query| async move {
        let answer = world.ask(&query).await;
        let together = (figures::by_bucket(&query, &answer.rows), figures::by_bucket(&query, &answer.totals));
        let mut apart = Default::default();
        for id in &query.kpi_ids {
            let alone = KpiQuery { kpi_ids: vec![id.clone()], ..query.clone() };
            let answer = world.ask(&alone).await;
            let (rows, totals): &mut (figures::Cells, figures::Cells) = &mut apart;
            rows.extend(figures::by_bucket(&alone, &answer.rows));
            totals.extend(figures::by_bucket(&alone, &answer.totals));
        }
        prop_assert_eq!(together, apart);
        Ok(())
    });
}

/// `any_of` keeps exactly the rows of its values and `none_of` exactly the others; all values with "not set" keep all,
/// grouped or not. A filter on one value is that value's row: also of a team, which stands for what is below it.
async fn a_filter_keeps_the_rows_of_its_values(kind: Kind) {
    let world = &World::new(kind).await;
    let shape = Shape { dimensions: 1..=1, filters: 0..=0, ..Shape::default() };
    let questions = (world.catalogue.questions(shape), prop::collection::vec(any::<bool>(), 64));
    hold(questions, |(query, picks)| async move {
        let dimension = query.group_by[0].clone();
        let all = world.ask(&query).await;
        // Of any time: what the whole period is compared with may be of others than the buckets are.
        let ever = KpiQuery {
            period: dates("2000-01-01", "2040-12-31"),
            grain: proto::Grain::Unspecified.into(),
            ..query.clone()
        };
        let ever = world.ask(&ever).await;
        let rows = all.rows.iter().chain(&ever.rows);
        let mut ids: BTreeSet<String> = rows.map(|row| row.keys[0].id.clone()).collect();
        ids.insert(String::new());
        let any_of = |ids: Vec<String>| proto::Filter { dimension: dimension.clone(), any_of: ids, none_of: vec![] };
        let none_of = |ids: Vec<String>| proto::Filter { dimension: dimension.clone(), any_of: vec![], none_of: ids };
        let with = |filter, group_by: &[String]| KpiQuery {
            filters: vec![filter],
            group_by: group_by.to_vec(),
            ..query.clone()
        };
        for (id, _) in ids.iter().zip(&picks).filter(|(_, pick)| **pick).take(2) {
            let query = with(any_of(vec![id.clone()]), &[]);
            let own: Vec<_> = all.rows.iter().filter(|row| row.keys[0].id == *id).cloned().collect();
            let own = own.into_iter().map(|row| ResultRow { keys: vec![], ..row }).collect::<Vec<_>>();
            prop_assert_eq!(
                figures::by_bucket(&query, &world.ask(&query).await.rows),
                figures::by_bucket(&query, &own),
                "the filter on {:?}",
                id
            );
        }
        let total = world.ask(&KpiQuery { group_by: vec![], ..query.clone() }).await;
        let everything = world.ask(&with(any_of(ids.iter().cloned().collect()), &[])).await;
        prop_assert_eq!(&everything.totals, &total.totals, "all of {:?}", ids);
        if dimension == "team" {
            return Ok(());
        }
        let (kept, left): (Vec<_>, Vec<_>) = ids.iter().cloned().enumerate().partition(|(place, _)| picks[place % 64]);
        let names = |picked: Vec<(usize, String)>| picked.into_iter().map(|(_, id)| id).collect::<Vec<_>>();
        let (kept, left) = (names(kept), names(left));
        let expected: Vec<_> = all.rows.iter().filter(|row| kept.contains(&row.keys[0].id)).cloned().collect();
        let expected = figures::by_bucket(&query, &expected);
        if !kept.is_empty() {
            let answer = world.ask(&with(any_of(kept.clone()), &query.group_by)).await;
            prop_assert_eq!(figures::by_bucket(&query, &answer.rows), expected.clone(), "any of {:?}", kept);
        }
        if !left.is_empty() {
            let answer = world.ask(&with(none_of(left.clone()), &query.group_by)).await;
            prop_assert_eq!(figures::by_bucket(&query, &answer.rows), expected, "none of {:?}", left);
        }
        let everything = world.ask(&with(any_of(ids.into_iter().collect()), &query.group_by)).await;
        prop_assert_eq!(&everything.rows, &all.rows);
        prop_assert_eq!(&everything.totals, &all.totals);
        Ok(())
    });
}

/// A root is a team without a parent on record; a team that is not on record has a row of its own.
async fn root_teams_and_nobodys_add_up_to_the_total(kind: Kind) {
    let world = &World::new(kind).await;
    let below = ["north-1", "north-1a", "empty"];
    hold(world.catalogue.questions(Shape { dimensions: 0..=0, ..Shape::default() }), |query| async move {
        let mut by_team = KpiQuery { group_by: vec!["team".into()], ..query };
        // Under these, rows are of what lies wholly inside.
        by_team.filters.retain(|filter| filter.dimension != "team" && filter.dimension != "rep");
        let answer = world.ask(&by_team).await;
        let roots: Vec<_> = answer.rows.iter().filter(|row| !below.contains(&row.keys[0].id.as_str())).collect();
        let top = proto::HierarchyRows { rows: Some(Rows::Level(proto::HierarchyLevel::Top.into())) };
        let top = world.ask(&KpiQuery { hierarchy: Some(top), ..by_team.clone() }).await;
        prop_assert_eq!(&top.totals, &answer.totals);
        let rows: Vec<_> = top.rows.iter().collect();
        prop_assert_eq!(&rows, &roots);
        for (place, id) in by_team.kpi_ids.iter().enumerate() {
            let kpi = world.catalogue.kpi(id);
            for total in answer.totals.iter().filter(|total| total.bucket >= 0) {
                let rows = roots.iter().filter(|row| row.bucket == total.bucket);
                if figures::groups_add_up(kpi, &by_team.group_by) {
                    let added: Sums = rows.map(|row| sums(kpi, &row.values[place])).sum();
                    prop_assert_eq!(added, sums(kpi, &total.values[place]), "{} in bucket {}", id, total.bucket);
                }
            }
        }
        Ok(())
    });
}

async fn empty_groups_change_nothing_else(kind: Kind) {
    let world = &World::new(kind).await;
    let shape = Shape { dimensions: 0..=0, filters: 0..=0, ..Shape::default() };
    hold(world.catalogue.questions(shape), |query| async move {
        let query = KpiQuery { group_by: vec!["rep".into()], ..query };
        let with_data = world.ask(&query).await;
        let all = world.ask(&KpiQuery { include_empty: true, ..query.clone() }).await;
        prop_assert_eq!(&all.totals, &with_data.totals);
        prop_assert_eq!(figures::by_bucket(&query, &all.rows), figures::by_bucket(&query, &with_data.rows));
        let reps: BTreeSet<_> = all.rows.iter().map(|row| row.keys[0].id.as_str()).collect();
        prop_assert!(world.catalogue.values["rep"].iter().all(|rep| reps.contains(rep.as_str())), "{reps:?}");
        Ok(())
    });
}
