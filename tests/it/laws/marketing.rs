//! What must hold for costs that are spread over time, and for leads.

use super::{World, figures, hold};
use crate::support::{Kind, dates, on_every_database};
use crm_kpi::proto::{Calendar, Grain, KpiQuery, KpiValue, ResultRow};
use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

on_every_database!(
    costs_by_day_add_up_to_the_cost_of_the_period,
    all_time_has_the_whole_of_every_cost,
    leads_by_source_add_up_to_all_leads,
);

/// Days of 2023 and 2024 in some time zone, as a question.
fn days() -> impl Strategy<Value = KpiQuery> {
    let zones = select(vec!["", "Asia/Kathmandu", "America/New_York"]);
    (0u64..500, 1u64..100, zones).prop_map(|(start, length, zone)| {
        let first = chrono::NaiveDate::from_ymd_opt(2023, 3, 1).unwrap() + chrono::Days::new(start);
        let last = first + chrono::Days::new(length);
        let calendar = Calendar { time_zone: zone.into(), ..Default::default() };
        let period = dates(&first.to_string(), &last.to_string());
        KpiQuery { period, calendar: Some(calendar), ..Default::default() }
    })
}

/// The cost is the numerator of the cost per lead.
fn cost(value: &KpiValue) -> Decimal {
    value.numerator.as_ref().map_or(Decimal::ZERO, |text| text.parse().unwrap())
}

fn added(rows: &[ResultRow], figure: impl Fn(&KpiValue) -> Decimal) -> Decimal {
    rows.iter().filter(|row| row.bucket >= 0).map(|row| figure(&row.values[0])).sum()
}

/// Of everybody, and of each rep.
async fn costs_by_day_add_up_to_the_cost_of_the_period(kind: Kind) {
    let world = &World::new(kind).await;
    hold(days(), |query| async move {
        let period = KpiQuery { kpi_ids: vec!["cost_per_lead".into()], ..query };
        let by_day = KpiQuery { grain: Grain::Day.into(), ..period.clone() };
        let (whole, parts) = (world.ask(&period).await, world.ask(&by_day).await);
        prop_assert_eq!(added(&parts.totals, cost), added(&whole.totals, cost));
        let by_rep = |query: KpiQuery| KpiQuery { group_by: vec!["rep".into()], ..query };
        let (whole, parts) = (world.ask(&by_rep(period)).await, world.ask(&by_rep(by_day)).await);
        for row in &whole.rows {
            let own: Vec<_> = parts.rows.iter().filter(|part| part.keys == row.keys).cloned().collect();
            prop_assert_eq!(added(&own, cost), cost(&row.values[0]), "{:?}", row.keys);
        }
        Ok(())
    });
}

async fn all_time_has_the_whole_of_every_cost(kind: Kind) {
    let world = &World::new(kind).await;
    let backend = match kind {
        Kind::Sqlite => DbBackend::Sqlite,
        Kind::Postgres => DbBackend::Postgres,
    };
    let sum = "SELECT CAST(SUM(amount_minor) AS bigint) FROM costs WHERE kind IN ('marketing', 'sales')";
    let statement = Statement::from_string(backend, sum);
    let row = world.server.database.connection.query_one_raw(statement).await.unwrap().unwrap();
    let spent: i64 = row.try_get_by_index(0).unwrap();
    assert_ne!(spent, 0, "no costs");
    for grain in [Grain::Unspecified, Grain::Month, Grain::Year] {
        let query = KpiQuery {
            kpi_ids: vec!["cost_per_lead".into()],
            period: dates("2020-01-01", "2029-12-31"),
            grain: grain.into(),
            ..Default::default()
        };
        assert_eq!(added(&world.ask(&query).await.totals, cost), Decimal::new(spent, 2), "{grain:?}");
    }
}

async fn leads_by_source_add_up_to_all_leads(kind: Kind) {
    let world = &World::new(kind).await;
    let ever = KpiQuery {
        kpi_ids: vec!["leads_created".into()],
        period: dates("2023-01-01", "2024-12-31"),
        ..Default::default()
    };
    let count = |value: &KpiValue| figures::value(value).unwrap();
    assert!(added(&world.ask(&ever).await.totals, count) > Decimal::ZERO, "no leads");
    let dimensions = select(vec!["source", "source_kind", "campaign", "channel"]);
    hold((days(), dimensions), |(query, dimension)| async move {
        let all = KpiQuery { kpi_ids: vec!["leads_created".into()], ..query };
        let by_source = KpiQuery { group_by: vec![dimension.into()], ..all.clone() };
        let (all, by_source) = (world.ask(&all).await, world.ask(&by_source).await);
        prop_assert_eq!(added(&by_source.rows, count), added(&all.totals, count), "by {}", dimension);
        prop_assert_eq!(&by_source.totals, &all.totals);
        Ok(())
    });
}
