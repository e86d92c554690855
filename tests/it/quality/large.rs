//! Very many findings: they are handed on page by page.

use super::data::run;
use super::{inspect_all, only};
use crate::support::{Kind, TestDatabase, bulk, on_every_database, pool};
use crm_kpi::quality::{Inspection, News, Quality};
use tokio::sync::mpsc;

const REPS: u32 = 9_000;
const DEALS: u64 = REPS as u64 * 12;

on_every_database!(findings_leave_before_the_last_one_is_read);

async fn findings_leave_before_the_last_one_is_read(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, REPS).await;
    run(&database.connection, "INSERT INTO opportunities (id, account_id, status) VALUES ('d4', 'a1', 'open')").await;
    let quality = Quality::new(pool(&database.connection));
    let (sender, mut news) = mpsc::channel(1);
    let running = tokio::spawn(async move { quality.inspect(&only("missing_account"), &sender).await });
    let mut listed = 0;
    let mut last = String::new();
    while let Some(News::Findings(_, findings)) = news.recv().await {
        assert!(findings.len() <= 1_000, "{}", findings.len());
        listed += findings.len() as u64;
        // What is not read yet is not held either: the inspection waits for its receiver.
        assert!(listed + 1_500 > DEALS || !running.is_finished());
        for finding in findings {
            assert!(last < finding.key[0].value, "in the order of keys");
            last = finding.key[0].value.clone();
        }
    }
    running.await.unwrap().unwrap();
    assert_eq!(listed, DEALS);

    let started = std::time::Instant::now();
    let capped = Inspection { max_records: 10, ..only("missing_account") };
    let (report, whole) = inspect_all(&database.connection, &capped).await.unwrap();
    println!("{kind:?}: 10 of {DEALS} after {:?}", started.elapsed());
    let (findings, count) = &report["missing_account"];
    assert_eq!((findings.len(), *count), (10, DEALS));
    assert_eq!(whole, (100_000, true, 0), "more are not told apart");
}
