use super::violations::Violations;
use crate::catalog::Dimension;
use crate::engine::HierarchyRows;
use crate::proto::hierarchy_rows::Rows;
use crate::proto::{HierarchyLevel, KpiQuery};

/// Which teams a query wants rows of. The outer `None` is a violation, the inner one "of all levels".
pub(super) fn hierarchy(
    query: &KpiQuery,
    path: &str,
    group_by: &[(Dimension, String)],
    violations: &mut Violations,
) -> Option<Option<HierarchyRows>> {
    let Some(wanted) = &query.hierarchy else { return Some(None) };
    let path = format!("{path}.hierarchy");
    if !group_by.iter().any(|(dimension, _)| dimension.hierarchical()) {
        violations.invalid(&path, "needs \"team\" in group_by");
        return None;
    }
    let (field, problem) = match &wanted.rows {
        None => (path, "names no rows: set level or children_of".to_owned()),
        Some(Rows::Level(level)) => match HierarchyLevel::try_from(*level) {
            Ok(HierarchyLevel::Leaves) => return Some(Some(HierarchyRows::Leaves)),
            Ok(HierarchyLevel::Top) => return Some(Some(HierarchyRows::Top)),
            Ok(HierarchyLevel::Unspecified) => (format!("{path}.level"), "is required".to_owned()),
            Err(_) => (format!("{path}.level"), format!("unknown level {level}")),
        },
        Some(Rows::ChildrenOf(team)) if team.is_empty() => {
            (format!("{path}.children_of"), "names no team: for those with nothing above use level".to_owned())
        }
        Some(Rows::ChildrenOf(team)) if team.contains('\0') => {
            (format!("{path}.children_of"), "must not contain the character U+0000".to_owned())
        }
        Some(Rows::ChildrenOf(team)) => return Some(Some(HierarchyRows::ChildrenOf(team.clone()))),
    };
    violations.invalid(field, problem);
    None
}
