use crate::catalog::{Catalog, Kpi};
use crate::convert::{self, Violations};
use crate::error::Result;
use crate::names::Search;
use crate::proto;

pub(super) fn handle(request: &proto::ListKpisRequest) -> Result<proto::ListKpisResponse> {
    let mut violations = Violations::default();
    let language = convert::language(&request.language_code, "language_code", &mut violations);
    let language = violations.finish(language)?;
    let search = Search::new(&request.search);
    let catalog = Catalog::get();
    let found: Vec<&Kpi> = catalog.kpis().iter().filter(|kpi| search.finds(kpi.id)).collect();
    Ok(proto::ListKpisResponse {
        kpis: found.iter().map(|kpi| convert::kpi(kpi, language)).collect(),
        dimensions: convert::dimensions(found.iter().copied(), language),
        catalog_version: catalog.version().into(),
    })
}
