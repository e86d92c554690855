//! What readiness looks at once the database answers.

use crate::crm;
use crate::database::{DayColumns, Snapshot};
use crate::error::Result;
use crate::schema::{Declared, Schema, declared, inspect};
use sea_orm::{EntityTrait, QuerySelect, QueryTrait};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// How often types are looked at while all is well: they seldom change, and the first look finds what is missing.
const TYPES: Duration = Duration::from_secs(60);

/// The tables of a database, and what was said about them.
#[derive(Debug, Default)]
pub(super) struct Tables(Mutex<Looked>);

#[derive(Debug, Default)]
struct Looked {
    /// When types were found to fit.
    fitted: Option<Instant>,
    /// Which columns were declared to hold days then.
    declared: Declared,
    /// What was warned of.
    warned: Schema,
}

impl Tables {
    /// Checks that the tables (or views in their place) can be read, without reading a row, and now and then, or where the
    /// database was not ready, or other columns are declared to hold days, that their columns are of the types that questions
    /// need. Returns which of them hold days.
    pub async fn look(&self, snapshot: &Snapshot, was_ready: bool) -> Result<DayColumns> {
        let mut looked = self.0.lock().await;
        let declared = declared(snapshot).await?;
        let is_over = |fitted: Instant| fitted.elapsed() >= TYPES;
        if !was_ready || looked.fitted.is_none_or(is_over) || looked.declared != declared {
            looked.fitted = None;
            let schema = inspect(snapshot).await?;
            looked.warn(schema);
            looked.declared = declared;
            looked.fitted = Some(Instant::now());
        }
        let days = looked.warned.days.clone();
        drop(looked);
        read(snapshot).await?;
        Ok(days)
    }
}

impl Looked {
    /// Logs what makes answers incomplete or slow, once.
    fn warn(&mut self, schema: Schema) {
        let Schema { hides_rows, never_analysed, unreadable, days: _ } = &schema;
        if !unreadable.is_empty() && self.warned.unreadable != *unreadable {
            let each: Vec<String> =
                unreadable.iter().map(|misfit| format!("{} {}", misfit.field, misfit.description)).collect();
            tracing::warn!("the service's role lacks grants: {}", each.join("; "));
        }
        if !hides_rows.is_empty() && self.warned.hides_rows != *hides_rows {
            tracing::warn!(
                tables = hides_rows.join(", "),
                "row level security hides rows from the service's role: figures are of what it sees"
            );
        }
        if !never_analysed.is_empty() && self.warned.never_analysed != *never_analysed {
            tracing::warn!(
                tables = never_analysed.join(", "),
                "tables with rows were never analysed, and answers may take many times longer: run ANALYZE"
            );
        }
        self.warned = schema;
    }
}

async fn read(snapshot: &Snapshot) -> Result<()> {
    let dialect = snapshot.dialect();
    macro_rules! read {
        ($($table:ident),+ $(,)?) => {$(
            let select = crm::$table::Entity::find().limit(0).into_query();
            snapshot.all(dialect.statement(&select)).await?;
        )+};
    }
    crm::every_table!(read);
    Ok(())
}
