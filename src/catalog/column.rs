use sea_orm::{ColumnTrait, EntityName};

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Column {
    /// The table.
    pub table: &'static str,
    /// The column's name.
    pub name: &'static str,
}

impl<C: ColumnTrait> From<C> for Column {
    fn from(column: C) -> Self {
        Self { table: C::EntityName::default().table_name(), name: column.as_str() }
    }
}
