use super::snapshot::Snapshot;
use crate::error::{Error, Result};
use futures::stream::{Stream, StreamExt, TryStreamExt, poll_fn, select_all};
use sea_orm::sqlx::Postgres;
use sea_orm::sqlx::pool::PoolConnection;
use sea_orm::{DbBackend, QueryResult, Statement};
use std::iter;
use std::sync::atomic::{AtomicUsize, Ordering};
use tracing::Span;

/// Statements, each of them taken by the first connection that has nothing to do.
struct Work {
    statements: Vec<(Statement, Span)>,
    next: AtomicUsize,
}

/// A row of the statement at a place, or its end.
type Found = (usize, Option<QueryResult>);

impl Snapshot {
    /// Gives each row of some statements to `take`, with the place of its statement, as rows come; `None` behind the last
    /// row of a statement. A statement works within its span.
    ///
    /// On PostgreSQL other connections help, that see the same: as many as the pool has free right now and its setting
    /// allows. None is waited for. The first error ends all statements.
    pub async fn each(
        &self,
        statements: Vec<(Statement, Span)>,
        mut take: impl FnMut(usize, Option<QueryResult>) -> Result<()>,
    ) -> Result<()> {
        let mut open = statements.len();
        let helpers = self.free(open.saturating_sub(1));
        let exported = if helpers.is_empty() { None } else { self.exported().await? };
        let work = Work { statements, next: AtomicUsize::new(0) };
        let helper = |connection| Some(work.by_helper(self, connection, exported?).boxed());
        let helpers = helpers.into_iter().filter_map(helper);
        let mut found = select_all(iter::once(work.by(self).boxed()).chain(helpers));
        // A helper that has not begun yet has no statement: what it would have done is done without it.
        while open > 0
            && let Some((place, row)) = found.try_next().await?
        {
            open -= usize::from(row.is_none());
            take(place, row)?;
        }
        Ok(())
    }

    /// The literal by which others see what this snapshot sees, while it is open. A standby may have none.
    async fn exported(&self) -> Result<Option<&str>> {
        let export = async {
            let sql = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN quote_literal(pg_export_snapshot()) END";
            let export = Statement::from_string(DbBackend::Postgres, sql);
            let row = self.one(export).await?.ok_or_else(|| Error::Internal("a snapshot without a name".into()))?;
            row.try_get_by_index(0).map_err(Error::from)
        };
        self.exported.get_or_try_init(|| export).await.map(Option::as_deref)
    }
}

impl Work {
    /// What a snapshot finds that takes one statement after the other.
    fn by(&self, snapshot: &Snapshot) -> impl Stream<Item = Result<Found>> {
        async_stream::try_stream! {
            loop {
                let place = self.next.fetch_add(1, Ordering::Relaxed);
                let Some((statement, span)) = self.statements.get(place) else { break };
                let mut rows = snapshot.stream(statement.clone());
                let mut rows = poll_fn(|context| span.in_scope(|| rows.poll_next_unpin(context)));
                while let Some(row) = rows.try_next().await? {
                    yield (place, Some(row));
                }
                yield (place, None);
            }
        }
    }

    /// The same on a connection that nobody uses, once it sees what the snapshot sees. One that cannot is no help.
    fn by_helper(
        &self,
        snapshot: &Snapshot,
        connection: PoolConnection<Postgres>,
        exported: &str,
    ) -> impl Stream<Item = Result<Found>> {
        async_stream::try_stream! {
            match snapshot.beside(connection, exported).await {
                Ok(helper) => {
                    let mut found = std::pin::pin!(self.by(&helper));
                    while let Some(found) = found.try_next().await? {
                        yield found;
                    }
                }
                Err(error) => tracing::debug!(%error, "a connection did not begin where another one is"),
            }
        }
    }
}
