//! Takes over a database's role and password while the service runs.

use crate::config::{Settings, read_url};
use crate::database::{Database, DatabaseUrl};
use crate::service::Readiness;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How soon the file is looked at again once the database cannot be asked any more: its password may have changed.
const SOON: Duration = Duration::from_secs(1);

/// Looks at `database_file` and at PostgreSQL's file of passwords as often as at other files, and more often while the
/// database is away. Connections that are opened later have the new role and password.
pub(super) async fn follow(
    settings: Settings,
    pools: Vec<Database>,
    longest: Duration,
    readiness: Arc<Readiness>,
    stopped: CancellationToken,
) {
    let mut seen = vec![None; pools.len()];
    let mut problem = None;
    let following = async {
        loop {
            let read = read(&settings);
            let now = read.as_ref().err().cloned();
            if now != problem {
                if let Some(text) = &now {
                    tracing::warn!("database_file has changed and is not taken over: {text}");
                }
                problem = now;
            }
            if let Ok(url) = read {
                // All of them, and each once.
                let taken = pools.iter().zip(&mut seen).map(|(pool, seen)| pool.connect_as(&url, longest, seen));
                if taken.filter(|taken| *taken).count() > 0 {
                    tracing::info!(database = %url, "new connections to the database have another role or password");
                }
            }
            let pause = if readiness.reason().is_some() { SOON.min(settings.reload) } else { settings.reload };
            tokio::time::sleep(pause).await;
        }
    };
    stopped.run_until_cancelled(following).await;
}

/// The URL as it is now, if it still leads to the same data.
fn read(settings: &Settings) -> Result<DatabaseUrl, String> {
    let Some(file) = &settings.database_file else { return Ok(settings.database.clone()) };
    let url = read_url(file)?.with_schema_of(&settings.database);
    if !settings.database.is_same_place(&url) {
        return Err("it names another server or database, which needs a restart".into());
    }
    Ok(url)
}
