use super::connection::ConnectionArgs;
use super::{Failure, output};
use crate::catalog::{Catalog, Dimension, Kpi};
use crate::names::{self, Language, Search};
use crate::proto;
use std::collections::HashMap;
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
    /// With --endpoint: only KPIs that can be answered there
    #[arg(long)]
    available: bool,
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Only KPIs whose id, name, definition or other terms contain this text in any language
    search: Option<String>,
}

/// What KPIs can be read from in the database of a service, by their ids.
type Sources = HashMap<String, proto::Kpi>;

pub(super) async fn run(args: &Args) -> Result<(), Failure> {
    let search = Search::new(args.search.as_deref().unwrap_or_default());
    let mut kpis: Vec<_> = Catalog::get().kpis().iter().filter(|kpi| search.finds(kpi.id)).collect();
    if kpis.is_empty() {
        return Err(Failure::new("no KPI matches: nothing in ids, names, definitions and other terms contains that"));
    }
    let sources = if args.connection.is_given() { Some(sources(&args.connection).await?) } else { None };
    if args.available {
        let Some(sources) = &sources else {
            return Err(Failure::new("--available needs a service to ask").hint("Add --endpoint http://HOST:PORT"));
        };
        kpis.retain(|kpi| sources.get(kpi.id).is_some_and(|sources| sources.available));
    }
    let text = match args.markdown {
        true => markdown(&kpis, args.language),
        false => plain(&kpis, args.language, sources.as_ref()),
    };
    output::print(text.unwrap_or_default())
}

/// Asks a service what its database has nothing for.
async fn sources(connection: &ConnectionArgs) -> Result<Sources, Failure> {
    let request = proto::ListKpisRequest::default();
    let listed = connection.client().await?.list_kpis(request).await?.into_inner();
    if !listed.sources_known {
        return Err(Failure::new("the service cannot ask its database now").hint("Try again, or leave out --endpoint"));
    }
    Ok(listed.kpis.into_iter().map(|kpi| (kpi.id.clone(), kpi)).collect())
}

fn plain(kpis: &[&Kpi], language: Language, sources: Option<&Sources>) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    for kpi in kpis {
        let (unit, kind, direction) = (kpi.unit.name(), kpi.kind.name(), kpi.direction.name());
        writeln!(out, "{} ({unit} {kind}, {direction}, {})", kpi.id, kpi.family.id())?;
        writeln!(out, "    {}: {}", names::kpi(kpi.id, language), names::definition(kpi.id, language))?;
        writeln!(out, "    = {}", kpi.formula)?;
        writeln!(out, "    parts {}", additive(kpi))?;
        writeln!(out, "    by {}", dimensions(kpi))?;
        writeln!(out, "    from {}", kpi.tables().join(", "))?;
        if let Some(sources) = sources {
            writeln!(out, "    {}", availability(sources.get(kpi.id)))?;
        }
        writeln!(out)?;
    }
    Ok(out)
}

/// The reference page: a section for each family and KPI, and a table of the dimensions.
fn markdown(kpis: &[&Kpi], language: Language) -> Result<String, std::fmt::Error> {
    let mut out = String::from("# KPI reference\n\nPrinted by `crm-kpi catalog --markdown`.\n\n");
    let families = || kpis.chunk_by(|one, other| one.family == other.family);
    let title = |family: &[&Kpi]| family.first().map_or("", |kpi| names::family(kpi.family.id(), language));
    for family in families() {
        let ids: Vec<_> = family.iter().map(|kpi| format!("[`{0}`](#{0})", kpi.id)).collect();
        writeln!(out, "- {}: {}", title(family), ids.join(", "))?;
    }
    for family in families() {
        writeln!(out, "\n## {}", title(family))?;
        for kpi in family {
            let others = Language::ALL.iter().filter(|&&other| other != language);
            let others: Vec<_> = others.map(|&other| names::kpi(kpi.id, other)).collect();
            let (id, unit, kind, formula) = (kpi.id, kpi.unit.name(), kpi.kind.name(), &kpi.formula);
            writeln!(out, "\n### {id}\n")?;
            let direction = kpi.direction.name();
            writeln!(out, "**{}** ({}): {unit}, {kind}, {direction}\n", names::kpi(id, language), others.join(" · "))?;
            writeln!(out, "{}\n", names::definition(id, language))?;
            writeln!(
                out,
                "- Formula: {formula}\n- Parts: {}\n- Grouped and filtered by: {}\n- Read from: {}",
                additive(kpi),
                dimensions(kpi),
                kpi.tables().join(", ")
            )?;
        }
    }
    writeln!(out, "\n## Dimensions\n\n| id | name | values come from |\n| --- | --- | --- |")?;
    for dimension in Dimension::ALL {
        let names = Language::ALL.map(|language| names::dimension(dimension.id(), language)).join(" · ");
        let columns = dimension.records().ids;
        let columns: Vec<_> = columns.iter().map(|column| format!("`{}.{}`", column.table, column.name)).collect();
        writeln!(out, "| `{}` | {names} | {} |", dimension.id(), columns.join(", "))?;
    }
    Ok(out)
}

/// Whether a service can answer a KPI.
fn availability(kpi: Option<&proto::Kpi>) -> String {
    match kpi {
        None => "not known to the service".into(),
        Some(proto::Kpi { available: true, missing, .. }) if missing.is_empty() => "available".into(),
        Some(proto::Kpi { available: true, missing, .. }) => {
            format!("available, though nobody fills {}", missing.join(", "))
        }
        Some(proto::Kpi { missing, .. }) => format!("not available: nobody fills {}", missing.join(", ")),
    }
}

/// Whether values, or numerators and denominators, may be added up.
fn additive(kpi: &Kpi) -> &'static str {
    match (kpi.adds_up_over_groups(), kpi.adds_up_over_time()) {
        (true, true) => "add up over groups and over time",
        (true, false) => "add up over groups, not over time",
        (false, true) => "add up over time, not over groups",
        (false, false) => "do not add up",
    }
}

fn dimensions(kpi: &Kpi) -> String {
    kpi.dimensions().into_iter().map(Dimension::id).collect::<Vec<_>>().join(", ")
}
