use super::Service;
use crate::catalog::{Catalog, Kpi};
use crate::convert::{self, Violations};
use crate::engine::KpiSources;
use crate::error::Result;
use crate::names::Search;
use crate::proto;
use std::error::Error as _;

pub(super) async fn handle(service: &Service, request: proto::ListKpisRequest) -> Result<proto::ListKpisResponse> {
    let mut violations = Violations::default();
    let language = convert::language(&request.language_code, "language_code", &mut violations);
    let language = violations.finish(language)?;
    let search = Search::new(&request.search);
    let catalog = Catalog::get();
    let sources = match service.sources.current(service).await {
        Ok(sources) => Some(sources),
        Err(error) if request.available_only => return Err(error),
        Err(error) => {
            tracing::warn!(cause = error.source(), "the catalogue is listed without what the database has nothing for");
            None
        }
    };
    let of = |place: usize| sources.as_ref().and_then(|sources| sources.get(place));
    let wanted = |kpi: &Kpi, sources: Option<&KpiSources>| {
        search.finds(kpi.id) && (!request.available_only || sources.is_some_and(|sources| sources.available))
    };
    let all = catalog.kpis().iter().enumerate().map(|(place, kpi)| (kpi, of(place)));
    let found: Vec<(&Kpi, Option<&KpiSources>)> = all.filter(|&(kpi, sources)| wanted(kpi, sources)).collect();
    Ok(proto::ListKpisResponse {
        kpis: found.iter().map(|&(kpi, sources)| convert::kpi(kpi, language, sources)).collect(),
        dimensions: convert::dimensions(found.iter().map(|(kpi, _)| *kpi), language),
        catalog_version: catalog.version().into(),
        sources_known: sources.is_some(),
    })
}
