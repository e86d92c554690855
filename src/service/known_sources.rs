use super::Service;
use crate::catalog::Catalog;
use crate::engine::KpiSources;
use crate::error::Result;
use std::sync::Arc;
use tokio::sync::Mutex;

/// What each KPI of the catalogue can be read from, in its order: looked up once for each version of the data. Who asks
/// meanwhile waits for that.
#[derive(Clone, Debug, Default)]
pub struct KnownSources(Arc<Mutex<Option<Known>>>);

#[derive(Debug)]
struct Known {
    /// The version of the data that they were read from.
    version: String,
    sources: Arc<[KpiSources]>,
}

impl KnownSources {
    /// Those of now. An error where the database cannot be asked.
    pub(super) async fn current(&self, service: &Service) -> Result<Arc<[KpiSources]>> {
        service.readiness.require().await?;
        let mut known = self.0.lock().await;
        let now = service.versions.current().await?;
        let (version, kpis) = (now.whole(), Catalog::get().kpis().iter().collect::<Vec<_>>());
        let watched = now.watches(kpis.iter().flat_map(|kpi| kpi.tables()));
        if let Some(known) = known.as_ref().filter(|known| watched && known.version == version) {
            return Ok(known.sources.clone());
        }
        let sources: Arc<[KpiSources]> = service.engine.sources(&kpis).await?.into();
        *known = Some(Known { version, sources: sources.clone() });
        Ok(sources)
    }
}
