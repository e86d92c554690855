use std::collections::BTreeMap;

/// A table or view that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relation {
    /// A view, or a table of another server.
    pub is_view: bool,
    /// Policies hide rows of it from the role that asks (PostgreSQL).
    pub hides_rows: bool,
    /// Types by the names of columns.
    pub columns: BTreeMap<String, ColumnType>,
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnType {
    /// As the database writes it, without a length; of a domain its base type. On SQLite as declared, perhaps nothing.
    pub name: String,
    /// Whether the role that asks may read the column.
    pub readable: bool,
}

/// What is found of tables that are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations {
    /// The schema that unqualified names are made in (PostgreSQL).
    pub schema: Option<String>,
    /// The schema that the connection was asked to use (PostgreSQL).
    pub wanted: Option<String>,
    /// The role that asks (PostgreSQL).
    pub role: Option<String>,
    /// By their names.
    pub found: BTreeMap<String, Relation>,
    /// Tables with rows that the planner knows nothing about, those under views too (PostgreSQL).
    pub never_analysed: Vec<String>,
}
