//! How many records are at fault: each once, whatever rules it breaks.

use super::data::{reset, run};
use super::{Inspection, everything, inspect_all, only};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::scope::Scope;

on_every_database!(a_record_counts_once, records_count_once_in_parts_too);

/// A won deal of r1 without amount, account and source; a lost one of r2 without account and reason; an order with the
/// deal's id, without a currency; a lead whose steps are out of order in two fields.
const FAULTS: &str = "
    UPDATE opportunities SET amount_minor = 0, account_id = NULL, source_id = NULL WHERE id = 'd1';
    UPDATE opportunities SET account_id = '', loss_reason = NULL WHERE id = 'd3';
    UPDATE orders SET id = 'd1', currency = '';
    UPDATE leads SET created_at = '2024-01-02T00:00:00+00:00' WHERE id = 'l1'";

async fn faulty(kind: Kind) -> TestDatabase {
    let database = TestDatabase::migrated(kind).await;
    reset(&database.connection).await;
    run(&database.connection, FAULTS).await;
    database
}

async fn a_record_counts_once(kind: Kind) {
    let database = faulty(kind).await;
    let db = &database.connection;
    let (report, whole) = inspect_all(db, &everything()).await.unwrap();
    let counts: Vec<_> = report.iter().map(|(rule, (_, count))| (*rule, *count)).collect();
    let expected = [
        ("amount_without_currency", 1),
        ("lead_steps_out_of_order", 2),
        ("lost_without_reason", 1),
        ("missing_account", 2),
        ("missing_source", 1),
        ("stages_outside_life", 1),
        ("won_without_amount", 1),
    ];
    assert_eq!(counts, expected);
    // d1, d3, the order, the lead, and the lead's first stay, which begins before the lead.
    assert_eq!(whole, (5, false, 0));
    for max_records in [1, 2] {
        let listed = Inspection { max_records, ..everything() };
        assert_eq!(inspect_all(db, &listed).await.unwrap().1, whole, "counted whether listed or not");
    }
    assert_eq!(inspect_all(db, &only("lead_steps_out_of_order")).await.unwrap().1, (1, false, 0));

    // Nobody has a source: that is of no record.
    run(db, "UPDATE opportunities SET source_id = NULL").await;
    assert_eq!(inspect_all(db, &everything()).await.unwrap().1, (5, false, 1));
    assert_eq!(inspect_all(db, &only("missing_source")).await.unwrap().1, (0, false, 1));
    reset(db).await;
    assert_eq!(inspect_all(db, &everything()).await.unwrap().1, (0, false, 0));
}

async fn records_count_once_in_parts_too(kind: Kind) {
    let database = faulty(kind).await;
    let db = &database.connection;
    for (rep, records) in [("r1", 4), ("r2", 1), ("", 0)] {
        let by_rep = Inspection { reps: vec![rep.into()], ..everything() };
        assert_eq!(inspect_all(db, &by_rep).await.unwrap().1, (records, false, 0), "{rep}");
    }
    let within = Inspection { scope: Scope::reps(["r1"]), ..everything() };
    assert_eq!(inspect_all(db, &within).await.unwrap().1, (4, false, 0));
}
