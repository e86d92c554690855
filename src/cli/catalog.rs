use super::Failure;
use crate::catalog::{Catalog, Dimension, Kpi};
use crate::names::{self, Language};
use std::fmt::Write;

/// Options of `catalog`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print Markdown
    #[arg(long)]
    markdown: bool,
    /// Only KPIs whose id or name contains this text
    search: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let search = args.search.as_deref().unwrap_or_default().to_lowercase();
    let matches =
        |kpi: &&Kpi| kpi.id.contains(&search) || names::kpi(kpi.id, Language::English).to_lowercase().contains(&search);
    let kpis: Vec<_> = Catalog::get().kpis().iter().filter(matches).collect();
    if kpis.is_empty() {
        return Err(Failure::new("no KPI's id or name contains that"));
    }
    let text = if args.markdown { markdown(&kpis) } else { plain(&kpis) };
    print!("{}", text.unwrap_or_default());
    Ok(())
}

fn plain(kpis: &[&Kpi]) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for kpi in kpis {
        writeln!(out, "{} ({} {}, {})", kpi.id, kpi.unit.name(), kpi.kind.name(), kpi.family.id())?;
        writeln!(
            out,
            "    {}: {}",
            names::kpi(kpi.id, Language::English),
            names::definition(kpi.id, Language::English)
        )?;
        writeln!(out, "    = {}", kpi.formula)?;
        writeln!(out, "    by {}\n", dimensions(kpi))?;
    }
    Ok(out)
}

fn markdown(kpis: &[&Kpi]) -> Result<String, std::fmt::Error> {
    let mut out =
        String::from("| KPI | Unit | Kind | Definition | Formula | Dimensions |\n|---|---|---|---|---|---|\n");
    for kpi in kpis {
        let (id, unit, kind) = (kpi.id, kpi.unit.name(), kpi.kind.name());
        let (definition, formula) = (names::definition(kpi.id, Language::English), &kpi.formula);
        writeln!(out, "| `{id}` | {unit} | {kind} | {definition} | {formula} | {} |", dimensions(kpi))?;
    }
    Ok(out)
}

fn dimensions(kpi: &Kpi) -> String {
    kpi.dimensions().into_iter().map(Dimension::id).collect::<Vec<_>>().join(", ")
}
