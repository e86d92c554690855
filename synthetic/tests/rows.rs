//! Rows of every size, without a database.

use crm_kpi_synthetic::{Company, Options};
use std::collections::HashSet;

fn options() -> Options {
    Options { reps: 3, years: 1, ..Options::demo("2026-06-30".parse().unwrap()) }
}

fn bulk(reps: u32, opportunities: u32) -> Company {
    Company::new(&Options { reps, opportunities: Some(opportunities), ..options() }).unwrap()
}

#[test]
fn every_size_and_last_day_gives_data() {
    for (reps, years, last_day) in
        [(1, 1, "2025-01-01"), (1, 20, "2024-02-29"), (2, 2, "1900-03-31"), (7, 1, "2999-11-22")]
    {
        let last_day = last_day.parse().unwrap();
        let company = Company::new(&Options { reps, years, seed: 7, last_day, ..options() }).unwrap();
        let mut closed = 0;
        for branch in company.branches() {
            for deal in branch.opportunities() {
                closed += u32::from(deal.closed_at.is_some());
                assert!(deal.closed_at.is_none_or(|at| at.date_naive() <= last_day), "{deal:?}");
            }
            assert!(branch.orders().count() > 5);
        }
        assert!(closed > 10, "{reps} {years} {last_day}");
    }
}

#[test]
fn keys_go_by_time() {
    let company = Company::new(&options()).unwrap();
    let branch = company.branches().next().unwrap();
    let orders: Vec<_> = branch.orders().map(|order| (order.id, order.ordered_at)).collect();
    assert!(orders.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1));
    let deals: Vec<_> = branch.opportunities().map(|deal| (deal.id, deal.created_at)).collect();
    assert!(deals.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1));
}

/// One rep with more deals than a branch holds, and more reps than a branch holds.
#[test]
fn branches_add_up_to_the_company() {
    for (company, reps) in [(bulk(1, 52_000), 1), (bulk(9_000, 2_000), 9_000)] {
        assert!(company.branch_count() > 1);
        let mut deals = HashSet::new();
        let mut last = String::new();
        let mut plans = company.plans();
        let mut targets = Vec::new();
        for branch in company.branches() {
            for deal in branch.opportunities() {
                assert!(last < deal.id, "{last} {}", deal.id);
                last.clone_from(&deal.id);
                deals.insert(deal.id);
            }
            targets.extend(plans.add(&branch));
        }
        targets.extend(plans.finish());
        assert_eq!((deals.len() as u64, company.reps().count()), (company.opportunities(), reps));
        let whose = targets
            .iter()
            .map(|row| (&row.kpi_id, &row.rep_id, &row.team_id, &row.member, row.first_date, row.last_date));
        assert_eq!(whose.collect::<HashSet<_>>().len(), targets.len(), "one target for each period");
    }
}
