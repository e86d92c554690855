use crate::catalog::{Catalog, Kpi};
use crate::names::{self, Language};
use crate::{convert, proto};

pub(super) fn handle(request: &proto::ListKpisRequest) -> proto::ListKpisResponse {
    let search = request.search.to_lowercase();
    let matches = |kpi: &&Kpi| {
        let texts = [kpi.id, names::kpi(kpi.id, Language::English), names::definition(kpi.id, Language::English)];
        texts.iter().any(|text| text.to_lowercase().contains(&search))
    };
    let catalog = Catalog::get();
    let found: Vec<&Kpi> = catalog.kpis().iter().filter(matches).collect();
    proto::ListKpisResponse {
        kpis: found.iter().copied().map(convert::kpi).collect(),
        dimensions: convert::dimensions(found.iter().copied()),
        catalog_version: catalog.version().into(),
    }
}
