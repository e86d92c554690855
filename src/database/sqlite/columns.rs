use sea_orm::{DbBackend, Statement};

const COLUMNS: &str = "\
SELECT m.name, m.type = 'view', 0, c.name, lower(c.type), 1, NULL, NULL \
  FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type IN ('table', 'view') AND m.name IN ";

/// Asks for the columns of tables, whose names are quoted.
pub fn of(names: &str) -> Statement {
    Statement::from_string(DbBackend::Sqlite, format!("{COLUMNS}({names})"))
}
