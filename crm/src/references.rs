use crate::every_table;

macro_rules! names {
    ($($table:ident),+ $(,)?) => { &[$(stringify!($table)),+] };
}

/// The names of all tables.
pub const TABLE_NAMES: &[&str] = every_table!(names);

/// The table whose keys a column holds, by its name: `rep_id` refers to `reps`. Nothing for other columns.
///
/// The database has no foreign keys: a reference may point to nothing.
pub fn referenced(table: &'static str, column: &str) -> Option<&'static str> {
    let one = match column {
        "parent_id" => return Some(table),
        "case_id" => "service_case",
        "refund_of" => "order",
        _ => column.strip_suffix("_id")?,
    };
    let many = match one.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{one}s"),
    };
    TABLE_NAMES.iter().copied().find(|name| *name == many)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_column_that_is_named_like_a_reference_is_one() {
        for table in crate::tables() {
            for column in &table.columns {
                // The catalogue is no table.
                let named = column.name.ends_with("_id") && column.name != "kpi_id" || column.name == "refund_of";
                assert_eq!(
                    column.references.is_some(),
                    named,
                    "{}.{}: references.rs must know the table",
                    table.name,
                    column.name
                );
            }
        }
    }

    #[test]
    fn references_go_by_name() {
        assert_eq!(super::referenced("orders", "opportunity_id"), Some("opportunities"));
        assert_eq!(super::referenced("orders", "refund_of"), Some("orders"));
        assert_eq!(super::referenced("teams", "parent_id"), Some("teams"));
        assert_eq!(super::referenced("service_calls", "case_id"), Some("service_cases"));
        assert_eq!(super::referenced("orders", "id"), None);
        assert_eq!(super::referenced("orders", "planet_id"), None);
    }
}
