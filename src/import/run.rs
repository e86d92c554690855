use super::options::Options;
use super::report::Summary;
use super::{ImportError, canonical, mapping};
use sea_orm::DatabaseConnection;

/// Brings the schema up to date and loads the files of a folder, in one transaction: after an error nothing was loaded. In
/// the summary of a lenient import `bad` tells which rows were left out.
///
/// All files are checked before anything is written. A row replaces the stored one with its key; the children of a
/// parent, such as an opportunity's stays, are replaced together.
pub async fn import(connection: &DatabaseConnection, options: &Options) -> Result<Summary, ImportError> {
    match &options.mapping {
        Some(mapping) => mapping::import(connection, mapping, options).await,
        None => canonical::import(connection, options).await,
    }
}
