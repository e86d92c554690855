//! What holds between the figures of customers and their subscriptions, whatever the data.

use super::figures::group;
use super::questions::Shape;
use super::{World, hold};
use crate::oracle::period::Period;
use crate::oracle::sql::Oracle;
use crate::support::{Kind, dates, on_every_database};
use chrono::{Days, NaiveDate};
use crm_kpi::proto::{Grain, KpiQuery, ResultRow};
use proptest::prelude::*;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

on_every_database!(
    net_new_mrr_is_how_much_mrr_has_grown,
    movements_of_accounts_add_up_to_net_new_mrr,
    retention_is_of_what_there_was_at_the_start,
    customers_grow_by_tenures_that_start_and_shrink_by_those_that_end,
    churn_by_reason_adds_up_to_churn,
    retained_and_gone_are_the_customers_at_the_start,
);

fn number(text: &Option<String>) -> Decimal {
    text.as_ref().map_or(Decimal::ZERO, |text| text.parse().unwrap())
}

/// A KPI's values by group and bucket.
fn values(rows: &[ResultRow], place: usize) -> BTreeMap<(Vec<String>, i32), Decimal> {
    rows.iter().map(|row| ((group(row), row.bucket), number(&row.values[place].value))).collect()
}

/// The question of the one day before another's period.
fn the_day_before(query: &KpiQuery, first_date: &str) -> KpiQuery {
    let day = first_date.parse::<NaiveDate>().unwrap() - Days::new(1);
    KpiQuery { period: dates(&day.to_string(), &day.to_string()), grain: 0, ..query.clone() }
}

/// In every bucket of every group and of the total: the state at its end less that at the end of the one before.
async fn net_new_mrr_is_how_much_mrr_has_grown(kind: Kind) {
    let world = &World::new(kind).await;
    let catalogue = world.catalogue.only(&["mrr", "net_new_mrr"]);
    let questions = catalogue.questions(Shape { kpis: 2..=2, ..Shape::default() });
    hold(questions, |query| async move {
        let query = KpiQuery { kpi_ids: vec!["mrr".into(), "net_new_mrr".into()], ..query };
        let answer = world.ask(&query).await;
        let buckets = answer.header.unwrap().buckets;
        let before = world.ask(&the_day_before(&query, &buckets[0].first_date)).await;
        let last = i32::try_from(buckets.len()).unwrap() - 1;
        for (rows, before) in [(&answer.rows, &before.rows), (&answer.totals, &before.totals)] {
            let (mrr, grown, before) = (values(rows, 0), values(rows, 1), values(before, 0));
            for ((group, bucket), grown) in grown {
                let at = |bucket| mrr.get(&(group.clone(), bucket)).copied().unwrap_or_default();
                let at_start = before.get(&(group.clone(), 0)).copied().unwrap_or_default();
                let (start, end) = match bucket {
                    -1 => (at_start, at(last)),
                    0 => (at_start, at(0)),
                    later => (at(later - 1), at(later)),
                };
                prop_assert_eq!(grown, end - start, "{:?} in bucket {}", group, bucket);
            }
        }
        Ok(())
    });
}

/// In every bucket of every group and of the total, whatever the buckets.
async fn movements_of_accounts_add_up_to_net_new_mrr(kind: Kind) {
    let world = &World::new(kind).await;
    let kpis = ["new_mrr", "expansion_mrr", "reactivation_mrr", "contraction_mrr", "churned_mrr", "net_new_mrr"];
    let catalogue = world.catalogue.only(&kpis);
    let questions = catalogue.questions(Shape { kpis: 6..=6, ..Shape::default() });
    hold(questions, |query| async move {
        let answer = world.ask(&KpiQuery { kpi_ids: kpis.map(Into::into).to_vec(), ..query }).await;
        for row in answer.rows.iter().chain(&answer.totals) {
            let [new, more, back, less, gone, net] = [0, 1, 2, 3, 4, 5].map(|place| number(&row.values[place].value));
            prop_assert_eq!(new + more + back - less - gone, net, "{:?}", row);
        }
        Ok(())
    });
}

/// Nothing less than nothing is kept, no more than there was, and no more than there is now.
async fn retention_is_of_what_there_was_at_the_start(kind: Kind) {
    let world = &World::new(kind).await;
    let kpis = ["gross_revenue_retention", "net_revenue_retention"];
    let catalogue = world.catalogue.only(&kpis);
    let questions = catalogue.questions(Shape { kpis: 2..=2, ..Shape::default() });
    hold(questions, |query| async move {
        let answer = world.ask(&KpiQuery { kpi_ids: kpis.map(Into::into).to_vec(), ..query }).await;
        for row in answer.rows.iter().chain(&answer.totals) {
            let [gross, net] = [&row.values[0], &row.values[1]];
            let (kept, start) = (number(&gross.numerator), number(&gross.denominator));
            prop_assert!(kept >= Decimal::ZERO && kept <= start, "{:?}", row);
            prop_assert_eq!(&gross.denominator, &net.denominator, "{:?}", row);
        }
        Ok(())
    });
}

/// Tenures that end no later than they start never were. A tenure that is not the account's first starts and ends like
/// any other, so new and lost customers alone do not tell the change.
const CHANGE: &str = "-- value in ones
-- by rep, month
SELECT changes.rep, changes.month, SUM(changes.change) AS value
FROM (SELECT COALESCE(rep_id, '') AS rep, MONTH(started_at) AS month, 1 AS change
      FROM customer_tenures
      WHERE started_at >= :from AND started_at < :until AND (ended_at IS NULL OR ended_at > started_at)
      UNION ALL
      SELECT COALESCE(rep_id, '') AS rep, MONTH(ended_at) AS month, -1 AS change
      FROM customer_tenures
      WHERE ended_at >= :from AND ended_at < :until AND ended_at > started_at) changes
GROUP BY changes.rep, changes.month";

async fn customers_grow_by_tenures_that_start_and_shrink_by_those_that_end(kind: Kind) {
    let world = World::new(kind).await;
    let query = KpiQuery {
        kpi_ids: vec!["customers".into()],
        period: dates("2023-01-01", "2024-08-31"),
        grain: Grain::Month.into(),
        group_by: vec!["rep".into()],
        ..Default::default()
    };
    let answer = world.ask(&query).await;
    let before = values(&world.ask(&the_day_before(&query, "2023-01-01")).await.rows, 0);
    let oracle = Oracle::parse("customers", CHANGE);
    let changes = oracle.sections[0].run(&world.server.database, &Period::new("2023-01-01", "2024-08-31")).await;
    let customers = values(&answer.rows, 0);
    let reps: Vec<_> = customers.keys().filter(|(_, bucket)| *bucket == 0).map(|(rep, _)| rep).collect();
    assert!(reps.len() > 5 && changes.len() > 50, "{} reps, {} changes", reps.len(), changes.len());
    for (rep, month) in changes.keys().map(|(month, rep)| (rep, month)) {
        assert!(reps.contains(&rep), "{rep:?} has changes in {month:?}, but no row");
    }
    for rep in reps {
        let mut expected = before.get(&(rep.clone(), 0)).copied().unwrap_or_default();
        for (bucket, month) in (0..).zip(&answer.header.as_ref().unwrap().buckets) {
            let change = changes.get(&(Some(month.label.clone()), rep.clone()));
            expected += change.map_or(Decimal::ZERO, |figure| Decimal::from(figure.numerator));
            assert_eq!(customers[&(rep.clone(), bucket)], expected, "{rep:?} in {}", month.label);
        }
    }
}

/// Also under a filter: the rows' numerators make the total's, and every row is over the total's denominator.
async fn churn_by_reason_adds_up_to_churn(kind: Kind) {
    let world = &World::new(kind).await;
    let catalogue = world.catalogue.only(&["churn_rate"]);
    let questions = catalogue.questions(Shape { kpis: 1..=1, ..Shape::default() });
    hold(questions, |query| async move {
        let whole = world.ask(&KpiQuery { group_by: vec![], ..query.clone() }).await.totals;
        let answer = world.ask(&KpiQuery { group_by: vec!["churn_reason".into()], ..query }).await;
        prop_assert_eq!(&answer.totals, &whole);
        for total in whole.iter().filter(|total| total.bucket >= 0) {
            let parts: Vec<_> = answer.rows.iter().filter(|row| row.bucket == total.bucket).collect();
            let gone: Decimal = parts.iter().map(|row| number(&row.values[0].numerator)).sum();
            prop_assert_eq!(gone, number(&total.values[0].numerator), "bucket {}", total.bucket);
            for row in parts {
                prop_assert_eq!(&row.values[0].denominator, &total.values[0].denominator, "bucket {}", total.bucket);
            }
        }
        Ok(())
    });
}

/// By whatever does not tell customers apart by why they will leave.
async fn retained_and_gone_are_the_customers_at_the_start(kind: Kind) {
    let world = &World::new(kind).await;
    let kpis = ["churn_rate", "customer_retention_rate", "retained_customers", "customers"];
    let catalogue = world.catalogue.only(&kpis);
    let questions = catalogue.questions(Shape { kpis: 4..=4, ..Shape::default() });
    hold(questions, |query| async move {
        let mut query = KpiQuery { kpi_ids: kpis.map(Into::into).to_vec(), ..query };
        query.group_by.retain(|dimension| dimension != "churn_reason");
        query.filters.retain(|filter| filter.dimension != "churn_reason");
        let answer = world.ask(&query).await;
        let first_date = &answer.header.as_ref().unwrap().buckets[0].first_date;
        let before = values(&world.ask(&the_day_before(&query, first_date)).await.rows, 3);
        for row in answer.rows.iter().chain(&answer.totals) {
            let [churn, retention, retained, _] = row.values.as_slice() else { panic!("four values") };
            let at_start = number(&churn.denominator);
            prop_assert_eq!(number(&churn.numerator) + number(&retained.value), at_start, "{:?}", row);
            prop_assert_eq!(number(&retention.numerator), number(&retained.value), "{:?}", row);
            prop_assert_eq!(number(&retention.denominator), at_start, "{:?}", row);
        }
        for row in answer.rows.iter().filter(|row| row.bucket == 0) {
            let at_start = before.get(&(group(row), 0)).copied().unwrap_or_default();
            prop_assert_eq!(number(&row.values[0].denominator), at_start, "{:?}", row);
        }
        Ok(())
    });
}
