use super::file::{Row, TableFile, digest};
use crate::crm;
use crate::database::upsert;
use crate::import::error::ImportError;
use crate::import::progress::Step;
use crate::import::report::Problems;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityName, EntityTrait, IdenStatic, Iterable,
    PrimaryKeyToColumn, QueryFilter,
};
use std::collections::HashSet;

/// Rows that are written at once.
const CHUNK: usize = 5_000;

/// Writes the good rows of a file. Returns how many there are.
pub async fn load<E, C>(
    connection: &C,
    mut file: TableFile<E>,
    mut step: Step,
    problems: &mut Problems,
) -> Result<usize, ImportError>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    C: ConnectionTrait,
{
    let mut parents = HashSet::new();
    let mut written = 0;
    loop {
        let mut rows = Vec::with_capacity(CHUNK);
        while rows.len() < CHUNK
            && let Some(row) = file.next(problems)?
        {
            if let Row::Good(row) = row {
                rows.push(row);
            }
        }
        if rows.is_empty() {
            return Ok(written);
        }
        let count = rows.len();
        delete_children(connection, &rows, &mut parents).await?;
        upsert(connection, rows).await?;
        written += count;
        step.advance(count);
    }
}

/// Where the key is a parent's and a number: deletes what the parents have that come for the first time.
async fn delete_children<A, C>(connection: &C, rows: &[A], seen: &mut HashSet<super::file::Digest>) -> Result<(), DbErr>
where
    A: ActiveModelTrait,
    C: ConnectionTrait,
{
    let mut key = <A::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let (Some(parent), Some(_)) = (key.next(), key.next()) else { return Ok(()) };
    if crm::referenced(A::Entity::default().table_name(), parent.as_str()).is_none() {
        return Ok(());
    }
    let parents = rows.iter().filter_map(|row| row.get(parent).into_value());
    let new: Vec<_> = parents.filter(|parent| seen.insert(digest(&[parent]))).collect();
    if new.is_empty() {
        return Ok(());
    }
    A::Entity::delete_many().filter(parent.is_in(new)).exec(connection).await.map(|_| ())
}
