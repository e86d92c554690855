//! Which tables of PostgreSQL tell of their changes.

use crate::database::changes::version::Unwatched;
use crm_kpi_migrations::DATA_CHANGED_TRIGGER;
use sea_orm::sqlx::postgres::PgListener;
use sea_orm::sqlx::{self, Executor, Row};

/// The tables without triggers that notify of every kind of change: `INSERT` (4), `DELETE` (8), `UPDATE` (16) and `TRUNCATE`
/// (32) in the bits of `tgtype`, enabled for those who write (`O`, `A`).
const UNWATCHED: &str = "SELECT name FROM unnest($1::text[]) name \
    WHERE COALESCE((SELECT bit_or(t.tgtype::int) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid \
        WHERE t.tgrelid = to_regclass(quote_ident(name)) AND p.proname = $2 AND t.tgenabled IN ('O', 'A')), 0) & 60 <> 60";

pub(super) async fn unwatched(
    listener: &mut PgListener,
    tables: &'static [&'static str],
) -> Result<Unwatched, sqlx::Error> {
    let query = sqlx::query(UNWATCHED).bind(tables).bind(DATA_CHANGED_TRIGGER);
    let rows = listener.fetch_all(query).await?;
    Ok(Unwatched::Some(rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?))
}
