use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, QueryTrait,
};

/// Bind parameters a statement may have on every database (SQLite 32,766, PostgreSQL 65,535).
const MAX_PARAMETERS: usize = 30_000;

/// Rows a statement has at most: longer ones take more time to parse than they save.
const MAX_ROWS: usize = 1_000;

/// Writes rows, replacing those with the same primary key. All rows must set the same columns; a key must occur once.
pub async fn upsert<A, C>(connection: &C, rows: Vec<A>) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
    C: ConnectionTrait,
{
    let columns: Vec<_> = <A::Entity as EntityTrait>::Column::iter().collect();
    let keys: Vec<_> = <A::Entity as EntityTrait>::PrimaryKey::iter().map(|key| key.into_column()).collect();
    let is_key = |column: &<A::Entity as EntityTrait>::Column| keys.iter().any(|key| key.as_str() == column.as_str());
    let others: Vec<_> = columns.iter().filter(|column| !is_key(column)).copied().collect();
    let size = (MAX_PARAMETERS / columns.len().max(1)).min(MAX_ROWS);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<A> = rows.by_ref().take(size).collect();
        let mut insert = A::Entity::insert_many(chunk).into_query();
        insert.on_conflict(OnConflict::columns(keys.clone()).update_columns(others.clone()).to_owned());
        connection.execute(&insert).await?;
    }
    Ok(())
}
