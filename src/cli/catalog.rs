use super::Failure;
use crate::catalog::{Catalog, Dimension, Kpi};
use crate::names::{self, Language, Search};
use std::fmt::Write;

/// Options of `catalog`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Print Markdown
    #[arg(long)]
    markdown: bool,
    /// The language of names and definitions (BCP 47): en, fa or ru; any other is English
    #[arg(long, value_name = "TAG", env = "CRM_KPI_LANGUAGE", default_value = "en")]
    language: Language,
    /// Only KPIs whose id, name, definition or other terms contain this text in any language
    search: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let search = Search::new(args.search.as_deref().unwrap_or_default());
    let kpis: Vec<_> = Catalog::get().kpis().iter().filter(|kpi| search.finds(kpi.id)).collect();
    if kpis.is_empty() {
        return Err(Failure::new("no KPI's id, name, definition or other terms contain that"));
    }
    let text = if args.markdown { markdown(&kpis, args.language) } else { plain(&kpis, args.language) };
    print!("{}", text.unwrap_or_default());
    Ok(())
}

fn plain(kpis: &[&Kpi], language: Language) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for kpi in kpis {
        writeln!(out, "{} ({} {}, {})", kpi.id, kpi.unit.name(), kpi.kind.name(), kpi.family.id())?;
        writeln!(out, "    {}: {}", names::kpi(kpi.id, language), names::definition(kpi.id, language))?;
        writeln!(out, "    = {}", kpi.formula)?;
        writeln!(out, "    by {}\n", dimensions(kpi))?;
    }
    Ok(out)
}

/// A section with a table for each family.
fn markdown(kpis: &[&Kpi], language: Language) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for family in kpis.chunk_by(|one, other| one.family == other.family) {
        let title = family.first().map_or("", |kpi| names::family(kpi.family.id(), language));
        let gap = if out.is_empty() { "" } else { "\n" };
        writeln!(out, "{gap}## {title}\n")?;
        writeln!(out, "| KPI | Name | Unit | Kind | Definition | Formula | Dimensions |")?;
        writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
        for kpi in family {
            let (id, unit, kind, formula) = (kpi.id, kpi.unit.name(), kpi.kind.name(), &kpi.formula);
            let (name, definition) = (names::kpi(id, language), names::definition(id, language));
            let dimensions = dimensions(kpi);
            writeln!(out, "| `{id}` | {name} | {unit} | {kind} | {definition} | {formula} | {dimensions} |")?;
        }
    }
    Ok(out)
}

fn dimensions(kpi: &Kpi) -> String {
    kpi.dimensions().into_iter().map(Dimension::id).collect::<Vec<_>>().join(", ")
}
