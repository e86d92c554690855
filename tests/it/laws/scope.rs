//! A scope holds: no answer has or depends on what is outside of it.

mod outside;

use super::order::{by_kpi, ordered_questions};
use super::{Verdict, World, hold};
use crate::support::{Kind, any_of, dates, on_every_database, pool};
use crm_kpi::catalog::{Condition, Dimension, FactCondition, Kpi};
use crm_kpi::convert::{self, Context, Shape, Violations};
use crm_kpi::engine::{Answer, Engine, Filter, Question, Row, Test};
use crm_kpi::proto::{Grain, KpiQuery};
use crm_kpi::quality::{Inspection, News, Quality, Rule};
use crm_kpi::scope::Scope;
use outside::{Inside, Staff, run};
use proptest::prelude::*;
use proptest::sample;
use proptest::test_runner::{Config, TestRunner};
use sea_orm::DatabaseConnection;
use std::cell::Cell;
use std::collections::BTreeSet;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

on_every_database!(
    what_is_outside_changes_nothing,
    a_scope_is_a_filter_by_its_reps_or_teams,
    a_scope_shows_a_part_of_everything,
    an_empty_scope_shows_nothing,
);

/// The one place that engines are made in.
fn engines(db: &DatabaseConnection) -> (Engine, Quality) {
    (Engine::new(pool(db)), Quality::new(pool(db)))
}

/// The world with more teams, two currencies, and targets in both.
async fn world(kind: Kind) -> World {
    let world = World::new(kind).await;
    let db = &world.server.database.connection;
    for statement in [
        "INSERT INTO teams (id, name, parent_id) VALUES ('t1', 'T 1', 't2'), ('t2', 'T 2', 't1'), ('t3', 'T 3', NULL)",
        "INSERT INTO exchange_rates VALUES ('EUR', 'USD', '2000-01-01', '1.1')",
        "UPDATE orders SET currency = 'EUR' WHERE id LIKE '%7'",
        "UPDATE opportunities SET currency = 'EUR' WHERE id LIKE '%3'",
        "UPDATE targets SET currency = 'EUR' WHERE kpi_id = 'total_sales' AND first_date = '2024-01-01'",
    ] {
        run(db, statement).await;
    }
    world
}

/// Questions with all that values are read beside, at times without groups.
fn queries(world: &World) -> impl Strategy<Value = KpiQuery> {
    let order = (any::<sample::Index>(), any::<bool>());
    (ordered_questions(world), order, 0..8, any::<[bool; 3]>()).prop_map(
        |(mut query, (place, descending), limit, [empty, bare, by_team])| {
            if bare {
                query.group_by.clear();
                query.order_by = by_kpi(&query, place, descending);
                query.include_standing = false;
            } else if by_team && !query.group_by.iter().any(|dimension| dimension == "team") {
                query.group_by[0] = "team".into();
            }
            let include_empty = empty && query.group_by.len() == 1;
            KpiQuery { include_empty, limit: if limit < 4 { 0 } else { limit }, ..query }
        },
    )
}

/// Questions about targets: of everything, of teams and of reps, at times of one team or rep.
fn aimed(world: &World) -> impl Strategy<Value = KpiQuery> {
    let kpis = sample::subsequence(vec!["total_sales", "order_count", "win_rate", "pipeline_value", "won_value"], 1..4);
    let dimensions = ["team", "rep"];
    let filter = (sample::select(dimensions.to_vec()), any::<sample::Index>());
    let values = world.catalogue.values.clone();
    (kpis, 0..3usize, any::<bool>(), prop::option::of(filter)).prop_map(move |(kpis, by, months, filter)| KpiQuery {
        kpi_ids: kpis.into_iter().map(str::to_owned).collect(),
        period: dates("2024-01-01", "2024-05-31"),
        grain: if months { Grain::Month } else { Grain::Unspecified }.into(),
        group_by: dimensions.get(by).map(ToString::to_string).into_iter().collect(),
        filters: filter.iter().map(|(of, one)| any_of(of, &[one.get(&values[*of]).as_str()])).collect(),
        include_targets: true,
        ..Default::default()
    })
}

fn asked(query: &KpiQuery, shape: Shape, scope: &Scope) -> Question {
    let now = "2024-12-31T12:00:00Z".parse().unwrap();
    let context = Context {
        scope: scope.clone(),
        now,
        currency: iso_currency::Currency::USD,
        max_buckets: 3700,
        max_filter_values: 1000,
    };
    let mut violations = Violations::default();
    let question = convert::question(Some(query), "query", shape, &context, &mut violations);
    violations.finish(question).unwrap()
}

async fn answer(engine: &Engine, question: Question) -> crm_kpi::error::Result<Answer> {
    Ok(engine.answer(&[question]).await?.remove(0))
}

async fn breakdown(engine: &Engine, question: &Question) -> (Vec<Row>, crm_kpi::error::Result<Vec<Row>>) {
    let (pages, mut receiver) = mpsc::channel(1);
    let receive = async {
        let mut rows = Vec::new();
        while let Some(page) = receiver.recv().await {
            rows.extend(page);
        }
        rows
    };
    let (totals, rows) = tokio::join!(engine.breakdown(question, None, pages), receive);
    (rows, totals)
}

async fn values(engine: &Engine, scope: &Scope, dimension: Dimension) -> Vec<(String, String)> {
    let values = engine.dimension_values(scope, dimension, "", "", 10_000).await.unwrap();
    values.into_iter().map(|key| (key.id, key.label)).collect()
}

/// All that a scope is told about the quality of the data.
async fn findings(quality: &Quality, scope: &Scope) -> Vec<News> {
    let inspection = Inspection {
        scope: scope.clone(),
        rules: Rule::all().iter().collect(),
        reps: Vec::new(),
        teams: Vec::new(),
        max_records: 1_000,
        now: "2024-12-31T12:00:00Z".parse().unwrap(),
        currency: iso_currency::Currency::USD,
    };
    let (sender, mut receiver) = mpsc::channel(1);
    let receive = async move {
        let mut news = Vec::new();
        while let Some(next) = receiver.recv().await {
            news.push(next);
        }
        news
    };
    let inspect = async move { quality.inspect(&inspection, &sender).await };
    let (inspected, news) = tokio::join!(inspect, receive);
    inspected.unwrap();
    news
}

/// Everything that a scope shows, each thing under what it is.
async fn shown(db: &DatabaseConnection, scope: &Scope, queries: &[KpiQuery]) -> Vec<(String, String)> {
    let (engine, quality) = engines(db);
    let mut shown = Vec::new();
    for query in queries {
        let whole = answer(&engine, asked(query, Shape::Free, scope)).await;
        shown.push((format!("{query:?}"), format!("{whole:#?}")));
        let by_rep = KpiQuery { include_empty: false, ..query.clone() };
        let rows = breakdown(&engine, &asked(&by_rep, Shape::ByRep, scope)).await;
        shown.push((format!("by rep {by_rep:?}"), format!("{rows:#?}")));
    }
    for dimension in Dimension::ALL {
        shown.push((dimension.id().into(), format!("{:#?}", values(&engine, scope, dimension).await)));
    }
    for news in findings(&quality, scope).await {
        let (rule, told) = match news {
            News::Findings(rule, findings) => (rule.id, format!("{findings:#?}")),
            News::Done { rule, count, .. } => (rule.id, count.to_string()),
            News::Whole { records, columns, .. } => ("whole", format!("{records} {columns}")),
        };
        shown.push((rule.into(), told));
    }
    shown
}

async fn what_is_outside_changes_nothing(kind: Kind) {
    let world = &world(kind).await;
    let db = &world.server.database.connection;
    // What has been changed is not what failed: nothing is tried again.
    let config = Config { cases: 4, failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
    let (runtime, round) = (Handle::current(), &Cell::new(0));
    let law = |(queries, seed): (Vec<KpiQuery>, u64)| async move {
        round.set(round.get() + 1);
        let staff = Staff::shuffle(db, seed).await;
        let scope = staff.scope(seed);
        let before = shown(db, &scope, &queries).await;
        Inside::of(&scope, &staff).change_the_rest(db, kind, round.get()).await;
        let after = shown(db, &scope, &queries).await;
        for ((what, before), (_, after)) in before.iter().zip(&after) {
            let differs = before.lines().zip(after.lines()).find(|(before, after)| before != after);
            prop_assert!(before == after, "{:?} sees {:?} in {}", scope, differs, what);
        }
        prop_assert_eq!(before.len(), after.len());
        Ok(())
    };
    let queries = (prop::collection::vec(queries(world), 3), prop::collection::vec(aimed(world), 3));
    let cases = (queries.prop_map(|(queries, aimed)| [queries, aimed].concat()), any::<u64>());
    let run = || TestRunner::new(config).run(&cases, |case| runtime.block_on(law(case)));
    tokio::task::block_in_place(run).unwrap_or_else(|error| panic!("{error}"));
}

/// Whether a KPI looks at rows beside those that a filter keeps.
fn looks_beside(kpi: &Kpi) -> bool {
    fn live(condition: &Condition) -> bool {
        match condition {
            Condition::Own(FactCondition::Live { .. }) => true,
            Condition::All(all) | Condition::Any(all) => all.iter().any(live),
            Condition::Not(condition) => live(condition),
            _ => false,
        }
    }
    kpi.measures().iter().any(|measure| measure.readings.iter().any(|reading| live(&reading.when)))
}

/// Where teams show: a scope has a tree of its own, with levels of its own.
fn by_team(question: &Question) -> bool {
    let filters = question.filters.iter().map(|filter| filter.dimension);
    question.group_by.iter().copied().chain(filters).any(|dimension| dimension == Dimension::Team)
}

/// Tells what stands around the first line that differs.
fn same(scope: &Scope, scoped: &str, filtered: &str) -> Verdict {
    let differs = scoped.lines().zip(filtered.lines()).position(|(scoped, filtered)| scoped != filtered);
    let around = |told: &str| {
        let lines = told.lines().skip(differs.unwrap_or_default().saturating_sub(8)).take(16);
        lines.map(str::trim).collect::<Vec<_>>().join(" ")
    };
    prop_assert!(scoped == filtered, "{:?} sees\n{}\nand not\n{}", scope, around(scoped), around(filtered));
    Ok(())
}

async fn a_scope_is_a_filter_by_its_reps_or_teams(kind: Kind) {
    let world = &world(kind).await;
    let db = &world.server.database.connection;
    let (engine, _) = &engines(db);
    // A scope does not show what another rep's order says of a refund, and a filter does.
    let kept = "SELECT 1 FROM orders AS other WHERE other.id = orders.refund_of AND other.rep_id = orders.rep_id";
    run(db, &format!("UPDATE orders SET refund_of = NULL WHERE rep_id <> '' AND NOT EXISTS ({kept})")).await;
    let staff = &Staff::shuffle(db, 5).await;
    hold((queries(world), any::<u64>()), |(query, seed)| async move {
        let scope = staff.scope(seed);
        let mut scoped = asked(&query, Shape::Free, &scope);
        if by_team(&scoped) || scoped.kpis.iter().any(|kpi| looks_beside(kpi)) {
            return Ok(());
        }
        // What is on record, and targets, go by filters in ways of their own.
        scoped.include_empty = false;
        scoped.include_targets &= scoped.filters.is_empty();
        let (dimension, ids) = match &scope {
            Scope::Teams(ids) => (Dimension::Team, ids),
            Scope::Reps(ids) => (Dimension::Rep, ids),
            Scope::All => unreachable!(),
        };
        let mut filtered = Question { scope: Scope::All, ..scoped.clone() };
        filtered.filters.push(Filter { dimension, test: Test::AnyOf(ids.clone()) });
        let (scoped, filtered) = (answer(engine, scoped).await, answer(engine, filtered).await);
        same(&scope, &format!("{scoped:#?}"), &format!("{filtered:#?}"))
    });
}

async fn a_scope_shows_a_part_of_everything(kind: Kind) {
    let world = &world(kind).await;
    let db = &world.server.database.connection;
    let (engine, quality) = &engines(db);
    let staff = &Staff::shuffle(db, 6).await;
    let keys = |rows: &[Row]| rows.iter().map(|row| (row.keys.clone(), row.bucket)).collect::<Vec<_>>();
    hold((queries(world), any::<u64>()), |(query, seed)| async move {
        let scope = staff.scope(seed);
        let query = KpiQuery { limit: 0, ..query };
        let scoped = answer(engine, asked(&query, Shape::Free, &scope)).await.unwrap();
        let all = answer(engine, asked(&query, Shape::Free, &Scope::All)).await.unwrap();
        let (scoped, all) = (keys(&scoped.rows), keys(&all.rows));
        // Amounts that cancel out leave everybody's group without data.
        let by_team = query.group_by.iter().any(|dimension| dimension == "team");
        // The tree of a scope is another one: a team may be whole in it.
        if query.include_empty && (!by_team || query.filters.is_empty()) {
            let missing: Vec<_> = scoped.iter().filter(|key| !all.contains(key)).collect();
            prop_assert!(missing.is_empty(), "{:?} {:?}", scope, missing);
        }
        Ok(()) as Verdict
    });
    for seed in 0..4 {
        let scope = staff.scope(seed);
        for dimension in Dimension::ALL {
            let all: BTreeSet<_> = values(engine, &Scope::All, dimension).await.into_iter().collect();
            let part: BTreeSet<_> = values(engine, &scope, dimension).await.into_iter().collect();
            assert!(part.is_subset(&all), "{scope:?} {dimension:?}");
        }
        let credited = |scope| async move {
            let mut reps = BTreeSet::new();
            for news in findings(quality, scope).await {
                if let News::Findings(_, findings) = news {
                    // What is of a column is nobody's.
                    let records = findings.into_iter().filter(|finding| !finding.key.is_empty());
                    reps.extend(records.map(|finding| finding.rep));
                }
            }
            reps
        };
        let inside = Inside::of(&scope, staff);
        let reps = credited(&scope).await;
        assert!(reps.iter().all(|rep| inside.has_rep(rep)), "{scope:?} {reps:?}");
    }
}

async fn an_empty_scope_shows_nothing(kind: Kind) {
    let world = &world(kind).await;
    let (engine, quality) = &engines(&world.server.database.connection);
    for scope in [Vec::new(), vec![String::new()], vec!["x".into()]]
        .into_iter()
        .flat_map(|ids: Vec<String>| [Scope::Teams(ids.clone()), Scope::Reps(ids)])
    {
        for dimension in Dimension::ALL {
            assert_eq!(values(engine, &scope, dimension).await, [], "{scope:?} {dimension:?}");
        }
        let told = findings(quality, &scope).await;
        let is_nothing = |news: &News| {
            matches!(news, News::Done { count: 0, .. } | News::Whole { records: 0, more: false, columns: 0 })
        };
        assert!(told.iter().all(is_nothing), "{scope:?}");
    }
    hold((queries(world), any::<bool>()), |(query, reps)| async move {
        let scope = if reps { Scope::Reps(vec![]) } else { Scope::Teams(vec![]) };
        let question = asked(&query, Shape::Free, &scope);
        let grouped = !question.group_by.is_empty();
        let answer = answer(engine, question).await.unwrap();
        prop_assert!(answer.rows.is_empty() || !grouped, "{:?}", answer.rows);
        for value in answer.totals.iter().flat_map(|row| &row.values) {
            let nothing = value.value.as_ref().map_or(true, |value| value.is_zero());
            let no_target = value.context.as_ref().is_none_or(|context| !matches!(context.target, Some(Ok(_))));
            prop_assert!(nothing && no_target, "{:?}", value);
        }
        Ok(())
    });
}
