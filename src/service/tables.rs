//! What readiness looks at once the database answers.

use crate::crm;
use crate::database::Snapshot;
use crate::error::Result;
use sea_orm::{EntityTrait, QuerySelect, QueryTrait};

/// Checks that the tables (or views in their place) can be read, without reading a row.
pub(super) async fn look(snapshot: &Snapshot) -> Result<()> {
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
