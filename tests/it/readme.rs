//! The README says of every KPI and dimension what the catalogue says.

use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::names::{self, Language};

#[test]
fn the_readme_has_every_kpi_as_the_catalogue_defines_it() {
    let readme = include_str!("../../README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    for kpi in Catalog::get().kpis() {
        let definition = names::definition(kpi.id, Language::English);
        let row = format!("| `{}` | {} | {} | {} |", kpi.id, kpi.unit.name(), kpi.kind.name(), definition);
        assert!(rows.contains(&row.as_str()), "the README lacks this row:\n{row}");
    }
    for dimension in Dimension::ALL {
        let id = format!("`{}`", dimension.id());
        assert!(readme.contains(&id), "the README lacks the dimension {id}");
    }
}
