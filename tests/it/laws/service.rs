//! What must hold between the KPIs of service and surveys.

use super::{Shape, World, figures, hold};
use crate::support::{Kind, on_every_database};
use crm_kpi::proto::{KpiQuery, KpiValue, ResultRow};
use proptest::prelude::*;
use rust_decimal::Decimal;

on_every_database!(nps_is_made_of_its_bands, closed_on_the_same_day_is_handled);

/// A KPI's value in a row.
fn of<'a>(query: &KpiQuery, row: &'a ResultRow, id: &str) -> &'a KpiValue {
    &row.values[query.kpi_ids.iter().position(|kpi| kpi == id).unwrap()]
}

fn count(query: &KpiQuery, row: &ResultRow, id: &str) -> Decimal {
    figures::value(of(query, row, id)).unwrap()
}

async fn nps_is_made_of_its_bands(kind: Kind) {
    let world = &World::new(kind).await;
    let bands = ["promoters", "passives", "detractors"];
    let catalogue = world.catalogue.only(&["nps", bands[0], bands[1], bands[2]]);
    hold(catalogue.questions(Shape { kpis: 4..=4, ..Shape::default() }), |query| async move {
        let answer = world.ask(&query).await;
        for row in answer.rows.iter().chain(&answer.totals) {
            let nps = of(&query, row, "nps");
            let answers: Decimal = nps.denominator.as_ref().unwrap().parse().unwrap();
            prop_assert_eq!(bands.iter().map(|band| count(&query, row, band)).sum::<Decimal>(), answers);
            let bounds = Decimal::from(-100)..=Decimal::from(100);
            prop_assert!(figures::value(nps).is_none_or(|nps| bounds.contains(&nps)), "{:?}", nps);
        }
        Ok(())
    });
}

async fn closed_on_the_same_day_is_handled(kind: Kind) {
    let world = &World::new(kind).await;
    let catalogue = world.catalogue.only(&["same_day_closures", "cases_handled"]);
    hold(catalogue.questions(Shape { kpis: 2..=2, ..Shape::default() }), |query| async move {
        let answer = world.ask(&query).await;
        for row in answer.rows.iter().chain(&answer.totals) {
            let (same_day, all) = (count(&query, row, "same_day_closures"), count(&query, row, "cases_handled"));
            prop_assert!(same_day <= all, "{same_day} of {all}");
        }
        Ok(())
    });
}
