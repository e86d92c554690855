//! The README says of every KPI, dimension and rule what the service says.

use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::quality::Rule;

#[test]
fn the_readme_has_every_kpi_as_the_catalogue_defines_it() {
    let readme = include_str!("../../README.md");
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `")).collect();
    for kpi in Catalog::get().kpis() {
        let row = format!("| `{}` | {} | {} | {} |", kpi.id, kpi.unit.name(), kpi.kind.name(), kpi.definition);
        assert!(rows.contains(&row.as_str()), "the README lacks this row:\n{row}");
    }
    for dimension in Dimension::ALL {
        let id = format!("`{}`", dimension.id());
        assert!(readme.contains(&id), "the README lacks the dimension {id}");
    }
}

#[test]
fn the_readme_has_every_rule_of_data_quality() {
    let readme = include_str!("../../README.md");
    for rule in Rule::all() {
        let row = format!("| `{}` | {} | {} |", rule.id, rule.severity.name(), rule.law);
        assert!(readme.lines().any(|line| line == row), "the README lacks this row:\n{row}");
    }
}
