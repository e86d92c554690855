//! Breakdowns over very many reps.

use crate::support::{Kind, TestDatabase, bulk, on_every_database, pool};
use chrono::Utc;
use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::engine::{Engine, Question};
use crm_kpi::period::{Calendar, Grain, Period};
use crm_kpi::scope::Scope;
use tokio::sync::mpsc;

const REPS: u32 = 20_000;

on_every_database!(the_first_page_leaves_before_the_last_rep_is_read);

async fn the_first_page_leaves_before_the_last_rep_is_read(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, REPS).await;
    let year = Period::Dates { first: "2024-01-01".parse().unwrap(), last: "2024-12-31".parse().unwrap() };
    let kpis = ["won_value", "win_rate", "open_opportunities"].map(|id| Catalog::get().kpi(id).unwrap()).to_vec();
    let timeline = year.resolve(Some(Grain::Month), Calendar::default(), Utc::now()).unwrap();
    let question = Question::new(Scope::All, kpis, timeline, iso_currency::Currency::USD);
    let question = Question { group_by: vec![Dimension::Rep], ..question };
    let started = std::time::Instant::now();
    let engine = Engine::new(pool(&database.connection));
    let (sender, mut pages) = mpsc::channel(1);
    let reading = tokio::spawn(async move { engine.breakdown(&question, None, sender).await });
    let first = pages.recv().await.expect("a page");
    println!("{kind:?}: first page of {} rows after {:?}", first.len(), started.elapsed());
    // One page waits in the channel and one with the sender: the reader cannot be further than that.
    assert!(!reading.is_finished());
    let page = first.len();
    assert!(page * 4 < REPS as usize * 12, "{page}");
    let mut rows = page;
    let mut last = first.last().expect("a row").keys[0].id.clone();
    while let Some(page) = pages.recv().await {
        assert!(last < page[0].keys[0].id);
        last.clone_from(&page.last().expect("a row").keys[0].id);
        rows += page.len();
    }
    let totals = reading.await.unwrap().unwrap();
    println!("{kind:?}: {rows} rows after {:?}", started.elapsed());
    assert_eq!(rows, REPS as usize * 12);
    // 1 + 2 + … + 12 = 78 dollars a rep.
    assert_eq!(totals.last().unwrap().values[0].value.unwrap().to_string(), format!("{}.00", REPS * 78));
}
