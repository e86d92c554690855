//! The oracles of the tests: SQL written by hand for every KPI.

#[path = "../../tests/it/oracle/period.rs"]
#[allow(dead_code)]
pub mod period;
#[path = "../../tests/it/oracle/sql.rs"]
#[allow(dead_code)]
pub mod sql;
#[path = "../../tests/it/oracle/value.rs"]
#[allow(dead_code)]
pub mod value;

use crate::Outcome;
use sql::Oracle;
use std::path::Path;

/// The oracle of a KPI.
pub fn read(kpi: &str) -> Outcome<Oracle> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/oracles/{kpi}.sql"));
    let file = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Oracle::parse(kpi, &file))
}
