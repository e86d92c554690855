//! The pages that say what the catalogue and the rules say.

use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::quality::Rule;
use std::process::Command;

#[test]
fn the_reference_page_is_what_the_catalogue_prints() {
    let printed = Command::new(env!("CARGO_BIN_EXE_crm-kpi")).args(["catalog", "--markdown"]).output().unwrap();
    assert!(printed.status.success());
    let printed = String::from_utf8(printed.stdout).unwrap();
    let page =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/reference/kpis.md")).unwrap_or_default();
    let stale = printed.lines().zip(page.lines()).find(|(printed, page)| printed != page);
    assert_eq!(
        stale, None,
        "docs/reference/kpis.md is stale: cargo run -- catalog --markdown > docs/reference/kpis.md"
    );
    assert_eq!(
        printed.len(),
        page.len(),
        "docs/reference/kpis.md is stale: cargo run -- catalog --markdown > docs/reference/kpis.md"
    );
    for kpi in Catalog::get().kpis() {
        assert!(page.contains(&format!("\n### {}\n", kpi.id)), "docs/reference/kpis.md lacks {}", kpi.id);
    }
    for dimension in Dimension::ALL {
        let row = format!("\n| `{}` | ", dimension.id());
        assert!(page.contains(&row), "docs/reference/kpis.md lacks the dimension {}", dimension.id());
    }
}

#[test]
fn the_page_of_rules_has_every_rule_and_no_other() {
    let page = include_str!("../../docs/reference/data-quality.md");
    let rows = page.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(rows, Rule::all().len());
    for rule in Rule::all() {
        let row = format!("| `{}` | {} | {} |", rule.id, rule.severity.name(), rule.law);
        assert!(page.lines().any(|line| line == row), "docs/reference/data-quality.md lacks this row:\n{row}");
    }
}
