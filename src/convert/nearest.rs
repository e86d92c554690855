use super::violations::{Violations, quoted};
use crate::catalog::{Catalog, Dimension, Kpi};
use crate::quality::Rule;
use strsim::jaro_winkler;

/// How alike names must be (0 to 1) for one to be suggested for the other.
const ALIKE: f64 = 0.7;

/// Longer names than this are not typing errors.
const MAX_CHARS: usize = 100;

/// The candidate that is most like a name, or whose last part ("Berlin" of "Europe/Berlin") is.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.chars().nth(MAX_CHARS).is_some() {
        return None;
    }
    let name = name.to_lowercase();
    let likeness = |candidate: &str| {
        let candidate = candidate.to_lowercase();
        let last = candidate.rsplit('/').next().unwrap_or_default();
        jaro_winkler(&name, &candidate).max(jaro_winkler(&name, last))
    };
    candidates
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, candidate)| candidate)
}

/// The KPI with an id, or a violation that names the nearest one.
pub(super) fn named_kpi(id: &str, field: &str, violations: &mut Violations) -> Option<&'static Kpi> {
    let catalog = Catalog::get();
    let found = catalog.kpi(id);
    if found.is_none() {
        unknown("KPI", id, nearest(id, catalog.kpis().iter().map(|kpi| kpi.id)), field, violations);
    }
    found
}

/// The dimension with an id, or a violation that names the nearest one.
pub fn named_dimension(id: &str, field: &str, violations: &mut Violations) -> Option<Dimension> {
    let found = Dimension::find(id);
    if found.is_none() {
        unknown("dimension", id, nearest(id, Dimension::ALL.map(Dimension::id)), field, violations);
    }
    found
}

/// The rule with an id, or a violation that names the nearest one.
pub(super) fn named_rule(id: &str, field: &str, violations: &mut Violations) -> Option<&'static Rule> {
    let found = Rule::find(id);
    if found.is_none() {
        let known = "see docs/reference/data-quality.md, or leave the list empty to check all rules";
        let description = match nearest(id, Rule::all().iter().map(|rule| rule.id)) {
            Some(nearest) => format!("unknown rule {}: did you mean \"{nearest}\"?", quoted(id)),
            None => format!("unknown rule {}: {known}", quoted(id)),
        };
        violations.invalid(field, description);
    }
    found
}

fn unknown(what: &str, id: &str, nearest: Option<&str>, field: &str, violations: &mut Violations) {
    let description = match (id, nearest) {
        ("", _) => format!("is empty: give the id of a {what}; ListKpis lists them"),
        (_, Some(nearest)) => {
            format!("unknown {what} {}: did you mean \"{nearest}\"? ListKpis lists them all", quoted(id))
        }
        (_, None) => format!("unknown {what} {}: ListKpis lists them all", quoted(id)),
    };
    violations.invalid(field, description);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found() {
        let kpis = || Catalog::get().kpis().iter().map(|kpi| kpi.id);
        assert_eq!(nearest("won_valu", kpis()), Some("won_value"));
        assert_eq!(nearest("Win-Rate", kpis()), Some("win_rate"));
        assert_eq!(nearest("xyzzy", kpis()), None);
        let zones = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        assert_eq!(nearest("Europe/Berln", zones()), Some("Europe/Berlin"));
        assert_eq!(nearest("tehran", zones()), Some("Asia/Tehran"));
        assert_eq!(nearest(&"a".repeat(1_000_000), kpis()), None);
    }
}
