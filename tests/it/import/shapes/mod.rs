//! What files of other programs look like: each shape from a small file, on both databases.

mod conditions;
mod dates;
mod files;
mod gone;
mod joins;
mod lines;
mod nasty;
mod numbers;
mod words;

use super::Case;
use crm_kpi::crm::{opportunities, orders};
use crm_kpi::import::ImportError;
use sea_orm::EntityTrait;

/// What is said of bad rows, or of a bad mapping, a line each.
async fn complaints(case: &Case) -> Vec<String> {
    match case.import().await.unwrap_err() {
        ImportError::BadRows(bad) => bad.shown.iter().map(ToString::to_string).collect(),
        error @ ImportError::Mapping { .. } => {
            error.to_string().lines().skip(1).map(|line| line.trim().into()).collect()
        }
        error => panic!("{error}"),
    }
}

async fn deals(case: &Case) -> Vec<opportunities::Model> {
    let mut deals = opportunities::Entity::find().all(case.db()).await.unwrap();
    deals.sort_by(|one, next| one.id.cmp(&next.id));
    deals
}

async fn orders(case: &Case) -> Vec<orders::Model> {
    let mut orders = orders::Entity::find().all(case.db()).await.unwrap();
    orders.sort_by(|one, next| one.id.cmp(&next.id));
    orders
}
