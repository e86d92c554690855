//! A question says which tables it is answered from. What it does not name it must not read: otherwise an answer would be
//! kept although it has changed. PostgreSQL itself is the judge: whoever asks may read only the tables that are named.

use crate::support::{Kind, TestDatabase, dates, pool};
use crm_kpi::catalog::Catalog;
use crm_kpi::convert::{self, Context, Shape, Violations};
use crm_kpi::engine::{Engine, Question};
use crm_kpi::import::Progress;
use crm_kpi::proto::{Comparison, KpiQuery, OrderBy, order_by};
use crm_kpi::scope::Scope;
use crm_kpi::synthetic::{Options, fill};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::mpsc;

fn context(scope: &Scope) -> Context {
    Context {
        scope: scope.clone(),
        now: "2026-11-20T12:00:00Z".parse().unwrap(),
        currency: iso_currency::Currency::USD,
        max_buckets: 100,
        max_filter_values: 100,
    }
}

/// The ways to ask for a KPI, as far as it can be asked for so.
fn questions(kpi: &str, scopes: &[Scope]) -> Vec<Question> {
    let ids = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let plain = KpiQuery { kpi_ids: ids(&[kpi]), period: dates("2026-01-01", "2026-06-30"), ..Default::default() };
    let by = |dimensions: &[&str]| KpiQuery { group_by: ids(dimensions), ..plain.clone() };
    let first = OrderBy { key: Some(order_by::Key::KpiId(kpi.into())), descending: true };
    let mut queries = vec![
        KpiQuery { compare_to: Comparison::PreviousYear.into(), include_targets: true, ..plain.clone() },
        KpiQuery { include_empty: true, ..by(&["rep"]) },
        KpiQuery { include_targets: true, include_standing: true, order_by: vec![first], ..by(&["team"]) },
        KpiQuery { currency_code: "EUR".into(), ..by(&["segment", "rep"]) },
    ];
    for dimension in ["account", "product", "source", "campaign", "stage", "channel", "segment"] {
        queries.push(KpiQuery { include_empty: true, ..by(&[dimension]) });
        let filters = vec![crate::support::any_of(dimension, &["smb", "web", ""])];
        queries.push(KpiQuery { filters, ..plain.clone() });
    }
    let mut questions = Vec::new();
    for scope in scopes {
        for query in &queries {
            let mut violations = Violations::default();
            let question = convert::question(Some(query), "query", Shape::Free, &context(scope), &mut violations);
            questions.extend(violations.finish(question));
        }
    }
    questions
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_read_the_tables_that_they_name() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let options = Options { reps: 4, years: 1, ..Options::demo("2026-11-20".parse().unwrap()) };
    fill(&database.connection, &options, Progress::Silent).await.unwrap();
    let admin = &database.connection;
    let role = format!("reader_of_{}", database.url.rsplit('/').next().unwrap());
    let run = async |sql: String| admin.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    run(format!("CREATE ROLE {role} LOGIN PASSWORD '{role}'")).await;
    let (server, name) =
        database.url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).unwrap().1.split_once('/').unwrap();
    let limited = crm_kpi::database::connect(&format!("postgres://{role}:{role}@{server}/{name}").parse().unwrap())
        .await
        .unwrap();
    let engine = Engine::new(pool(&limited));

    let scopes = [Scope::All, Scope::teams(["team-1"]), Scope::reps(["rep-001"])];
    let mut by_tables: BTreeMap<BTreeSet<&str>, Vec<Question>> = BTreeMap::new();
    for question in Catalog::get().kpis().iter().flat_map(|kpi| questions(kpi.id, &scopes)) {
        by_tables.entry(question.tables()).or_default().push(question);
    }
    let count: usize = by_tables.values().map(Vec::len).sum();
    assert!(by_tables.len() > 20 && count > 2_000, "{count} questions of {} sets of tables", by_tables.len());
    for (tables, questions) in &by_tables {
        let names = tables.iter().copied().collect::<Vec<_>>().join(", ");
        run(format!("GRANT SELECT ON {names} TO {role}")).await;
        for question in questions {
            let answer = engine.answer(std::slice::from_ref(question)).await;
            answer.unwrap_or_else(|error| panic!("{error:?}: {question:?} reads more than {names}"));
            if question.group_by.first() == Some(&crm_kpi::catalog::Dimension::Rep) {
                let (pages, mut sent) = mpsc::channel(1);
                let reading = async { while sent.recv().await.is_some() {} };
                let (streamed, ()) = tokio::join!(engine.breakdown(question, None, pages), reading);
                streamed.unwrap_or_else(|error| panic!("{error:?}: {question:?} streams more than {names}"));
            }
        }
        run(format!("REVOKE SELECT ON {names} FROM {role}")).await;
    }
    limited.close().await.unwrap();
    run(format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}
