//! Runs a scan: one statement, whose rows are sorted into figures.

use super::figures::{Figures, GroupKey};
use super::plan::{Part, Plan, Scan};
use super::question::Question;
use super::sql::KeyRange;
use super::statement::{checks_currency, select};
use crate::catalog::Dimension;
use crate::database::Dialect;
use crate::error::{Error, Result};
use futures::TryStreamExt;
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, StreamTrait};

/// Reads measures grouped by `keys` in the question's buckets, those of `whole` also in the whole period where that does
/// not follow from the buckets.
pub(super) async fn read(
    snapshot: &DatabaseTransaction,
    plan: &Plan,
    question: &Question,
    (measures, whole): (&[usize], &[usize]),
    keys: &[Dimension],
    range: &KeyRange,
) -> Result<Figures> {
    let timeline = &question.timeline;
    let whole = if timeline.buckets.len() > 1 { whole } else { &[] };
    let mut figures = Figures::new(timeline.days().collect(), plan.measures.len());
    let dialect = Dialect::from(ConnectionTrait::get_database_backend(snapshot));
    for scan in plan.scans(measures, whole, keys, question) {
        let statement = dialect.statement(&select(dialect, plan, question, &scan, range));
        tracing::debug!(source = scan.source.name, measures = scan.measures.len(), "scan");
        let fewer = scan.keys.len() < keys.len();
        if fewer {
            let places: Vec<usize> = (0..keys.len()).filter(|&place| scan.keys.contains(&keys[place])).collect();
            for part in &scan.measures {
                figures.group_by_fewer(part.measure, places.clone());
            }
        }
        let mut rows = snapshot.stream_raw(statement).await?;
        while let Some(row) = rows.try_next().await? {
            add_row(&mut figures, plan, &scan, &row, fewer)?;
        }
    }
    figures.accumulate(plan, measures);
    Ok(figures)
}

/// Sorts a row into the figures: keys, bucket, measures, a currency that is not the answer's.
fn add_row(figures: &mut Figures, plan: &Plan, scan: &Scan, row: &QueryResult, fewer: bool) -> Result<()> {
    let bad = |error| Error::BadStoredData(format!("in a scan of {}: {error}", scan.source.name));
    let mut key = GroupKey::with_capacity(scan.keys.len());
    for place in 0..scan.keys.len() {
        key.push(row.try_get_by_index(place).map_err(bad)?);
    }
    let mut place = scan.keys.len();
    let bucket: i32 = row.try_get_by_index(place).map_err(bad)?;
    let slot = usize::try_from(bucket).ok().filter(|&slot| slot <= figures.whole_slot());
    let slot = slot.ok_or_else(|| Error::BadStoredData(format!("a bucket {bucket} in {}", scan.source.name)))?;
    let whole = slot > figures.buckets;
    let group = if fewer { None } else { Some(figures.group(std::mem::take(&mut key))?) };
    for &Part { measure, .. } in &scan.measures {
        place += 1;
        if whole && plan.adds_up_over_time(measure) {
            continue;
        }
        let amount: i64 = row.try_get_by_index(place).map_err(bad)?;
        match group {
            Some(group) => figures.add(group, measure, slot, amount.into()),
            None => figures.add_to_whole(measure, key.clone(), slot, amount.into()),
        }
    }
    if checks_currency(plan, scan) {
        let foreign: Option<String> = row.try_get_by_index(place + 1).map_err(bad)?;
        figures.foreign = figures.foreign.take().or(foreign);
    }
    Ok(())
}
