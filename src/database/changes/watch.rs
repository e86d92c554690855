use super::count::Count;
use super::version::{DataVersion, Unwatched};
use super::watching::Watching;
use crate::clock::SharedClock;
use crate::database::Database;
use crate::database::driver::{DriverPool, failed};
use crate::database::postgres::changes::Listener;
use crate::database::sqlite::changes::Pragma;
use crate::error::Result;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::sync::Arc;

/// Tells whether the data have changed.
///
/// On SQLite the file itself is asked, each time. On PostgreSQL triggers of the tables notify of each commit, and a connection
/// listens: [`DataVersions::current`] knows of what was committed before it was called as soon as its notification has come,
/// and [`DataVersions::confirmed`] waits until all of these have.
#[derive(Debug)]
pub struct DataVersions {
    count: Arc<Count>,
    source: Source,
    tables: &'static [&'static str],
}

/// How many tables tell of their changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Label {
    watched: &'static str,
}

/// Shows how many tables are watched, as it is when it is asked.
#[derive(Debug)]
struct Watched {
    count: Arc<Count>,
    tables: &'static [&'static str],
}

impl Collector for Watched {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), std::fmt::Error> {
        let unwatched = self.count.unwatched(self.tables);
        let help = "Tables by whether they tell of their changes";
        let gauges = Family::<Label, Gauge>::default();
        for (watched, count) in [("true", self.tables.len() - unwatched), ("false", unwatched)] {
            gauges.get_or_create(&Label { watched }).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        gauges.encode(encoder.encode_descriptor("crm_kpi_tables", help, None, MetricType::Gauge)?)
    }
}

#[derive(Debug)]
enum Source {
    Sqlite(Pragma),
    Postgres(Listener),
}

impl DataVersions {
    /// Begins to watch a database. Works also while it cannot be reached: then nothing is watched.
    pub fn start(database: &Database, clock: SharedClock, watching: Watching) -> Self {
        let tables = watching.tables;
        let start = |unwatched| Arc::new(Count::start(clock, watching.unwatched, unwatched));
        match database.driver() {
            DriverPool::Postgres(pool) => {
                let count = start(Unwatched::All);
                let source = Source::Postgres(Listener::start(pool, count.clone(), watching));
                Self { count, source, tables }
            }
            DriverPool::Sqlite(pool) => {
                let count = start(Unwatched::Some(Default::default()));
                let options = (*pool.connect_options()).clone();
                Self { count, source: Source::Sqlite(Pragma::new(options)), tables }
            }
        }
    }

    /// Shows in a registry how often something has changed.
    pub fn register(&self, registry: &mut Registry) {
        let help = "Changes of the data that were noticed";
        registry.register("crm_kpi_data_version_changes", help, self.count.changes.clone());
        registry.register_collector(Box::new(Watched { count: self.count.clone(), tables: self.tables }));
    }

    /// Moves on to the next version: something else than the data has changed that answers depend on.
    pub fn move_on(&self) {
        self.count.changed(None);
    }

    /// The version of the data. On PostgreSQL it lacks no more than what was committed within the time that notifications
    /// take.
    pub async fn current(&self) -> Result<DataVersion> {
        if let Source::Postgres(listener) = &self.source
            && listener.was_up_to_date()
        {
            return Ok(self.count.version());
        }
        // Boxed: it takes no room where the version is known.
        Box::pin(self.confirmed()).await
    }

    /// The version of the data, with everything that was committed before this call.
    pub async fn confirmed(&self) -> Result<DataVersion> {
        match &self.source {
            Source::Sqlite(pragma) => pragma.read(&self.count).await.map_err(failed)?,
            // Where it does not answer nothing is watched any more, and the version says so.
            Source::Postgres(listener) => _ = listener.is_up_to_date().await,
        }
        Ok(self.count.version())
    }
}
