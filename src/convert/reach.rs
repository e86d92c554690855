use super::violations::Violations;
use crate::catalog::{Dimension, Kpi};

/// Checks that every KPI can be grouped and filtered by all dimensions of a query. `used` are the dimensions with the
/// fields that name them, `kpis` the KPIs with theirs.
pub(super) fn check(used: &[(Dimension, String)], kpis: &[(&'static Kpi, String)], violations: &mut Violations) {
    let mut all_reachable = true;
    for (dimension, field) in used {
        let strangers: Vec<_> =
            kpis.iter().map(|(kpi, _)| *kpi).filter(|kpi| !kpi.reaches(&[*dimension])).map(|kpi| kpi.id).collect();
        if !strangers.is_empty() {
            all_reachable = false;
            violations.invalid(field, stranger(*dimension, &strangers, kpis));
        }
    }
    if !all_reachable {
        return;
    }
    let dimensions: Vec<_> = used.iter().map(|(dimension, _)| *dimension).collect();
    for (kpi, field) in kpis {
        if !kpi.reaches(&dimensions) {
            let ids = list(dimensions.iter().map(|dimension| dimension.id()));
            violations.invalid(
                field,
                format!("{} has each of {ids}, but not all of them together: group and filter by fewer", kpi.id),
            );
        }
    }
}

fn stranger(dimension: Dimension, strangers: &[&str], kpis: &[(&'static Kpi, String)]) -> String {
    let common = Dimension::ALL.into_iter().filter(|d| kpis.iter().all(|(kpi, _)| kpi.reaches(&[*d])));
    let common = list(common.map(Dimension::id));
    let whose = if kpis.len() == 1 { "it has" } else { "all KPIs of this query have" };
    format!("\"{}\" is not a dimension of {}: {whose} {common}", dimension.id(), list(strangers.iter().copied()))
}

fn list<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<Vec<_>>().join(", ")
}
