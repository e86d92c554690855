use super::comments;
use super::kind::Kind;
use super::references::referenced;
use super::semantic::Semantic;
use super::words::words;
use crate::every_table;
use sea_orm::{ColumnTrait, ColumnType, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn};
use std::sync::LazyLock;

/// A table, as its entity declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name in the database.
    pub name: &'static str,
    /// What a row is: the entity's comment.
    pub meaning: String,
    /// Its columns, in the order of the entity.
    pub columns: Vec<Column>,
}

impl Table {
    /// The column with a name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The columns that tell a row from all others, in the order of the key.
    pub fn key(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| column.key)
    }

    /// The column with the key of the row that this one is a child of, where the key is a parent's and a number.
    pub fn parent(&self) -> Option<&Column> {
        self.key().next().filter(|first| first.references.is_some() && self.key().count() > 1)
    }
}

/// A column, as its entity declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the database.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What that means, by the column's name.
    pub semantic: Semantic,
    /// It may be unset.
    pub nullable: bool,
    /// It is the key of a row, or a part of it.
    pub key: bool,
    /// The table whose keys it holds.
    pub references: Option<&'static str>,
    /// What it means: the field's comment, empty where the name says it.
    pub meaning: String,
}

impl Column {
    /// Its name where people write values as they read them, as in mappings of an import: `amount` for `amount_minor`, which is
    /// written in units of the currency, and `probability` for `probability_bp`, which is written in percent.
    pub fn field(&self) -> &'static str {
        let suffix = match self.semantic {
            Semantic::Money => "_minor",
            Semantic::BasisPoints => "_bp",
            _ => "",
        };
        self.name.strip_suffix(suffix).unwrap_or(self.name)
    }

    /// A row must set it. A flag need not be set: it is no where nothing is said.
    pub fn required(&self) -> bool {
        !self.nullable && self.kind != Kind::Flag
    }
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    macro_rules! read {
        ($($table:ident),+ $(,)?) => {
            vec![$(read::<super::$table::Entity>(include_str!(concat!(stringify!($table), ".rs")))),+]
        };
    }
    every_table!(read)
});

/// All tables.
pub fn tables() -> &'static [Table] {
    &TABLES
}

/// The table with a name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

fn read<E: EntityTrait>(source: &str) -> Table {
    let meanings = comments::read(source);
    let mut columns = describe::<E>();
    for column in &mut columns {
        column.meaning = meanings.fields.get(column.name).cloned().unwrap_or_default();
    }
    Table { name: E::default().table_name(), meaning: meanings.table, columns }
}

/// The columns of a table, in the order of its entity.
pub fn columns<E: EntityTrait>() -> &'static [Column] {
    table(E::default().table_name()).map(|table| table.columns.as_slice()).unwrap_or_default()
}

fn describe<E: EntityTrait>() -> Vec<Column> {
    let table = E::default().table_name();
    let keys: Vec<_> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
    let column = |column: E::Column| {
        let (name, definition) = (column.as_str(), column.def());
        let kind = kind(definition.get_column_type(), table, name);
        Column {
            name,
            semantic: Semantic::of(name, &kind),
            kind,
            nullable: definition.is_null(),
            key: keys.contains(&name),
            references: referenced(table, name),
            meaning: String::new(),
        }
    };
    E::Column::iter().map(column).collect()
}

fn kind(kind: &ColumnType, table: &str, column: &str) -> Kind {
    match kind {
        ColumnType::Integer => Kind::Integer,
        ColumnType::BigInteger => Kind::BigInteger,
        ColumnType::Boolean => Kind::Flag,
        // What the entity holds as text, to be exact on every database.
        ColumnType::Decimal(_) => Kind::Decimal,
        ColumnType::Date => Kind::Day,
        ColumnType::TimestampWithTimeZone => Kind::Instant,
        // Enumerations are declared as this.
        ColumnType::Text => Kind::Word(words(table, column)),
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_column_and_every_word_is_known() {
        macro_rules! check {
            ($($table:ident),+ $(,)?) => {$(
                for column in crate::$table::Column::iter() {
                    let (table, name) = (stringify!($table), column.as_str());
                    match column.def().get_column_type() {
                        ColumnType::Text => assert!(!words(table, name).is_empty(), "words.rs lacks {table}.{name}"),
                        ColumnType::String(_)
                        | ColumnType::Integer
                        | ColumnType::BigInteger
                        | ColumnType::Boolean
                        | ColumnType::Decimal(_)
                        | ColumnType::Date
                        | ColumnType::TimestampWithTimeZone => assert!(words(table, name).is_empty(), "{table}.{name}"),
                        other => panic!("{table}.{name} is {other:?}: Kind lacks it"),
                    }
                }
            )+};
        }
        every_table!(check);
    }

    #[test]
    fn tables_are_read_from_their_entities() {
        let tables = tables();
        let stays = tables.iter().find(|table| table.name == "opportunity_stages").unwrap();
        assert_eq!(stays.meaning, "A stay of an opportunity in a stage.");
        assert_eq!(stays.columns.iter().filter(|column| column.key).count(), 2);
        let outcome = stays.columns.iter().find(|column| column.name == "outcome").unwrap();
        let words = ["advanced", "returned", "won", "lost"].map(str::to_owned).to_vec();
        assert_eq!((&outcome.kind, outcome.nullable), (&Kind::Word(words), true));
        assert_eq!(outcome.meaning, "How it ended; unset while it lasts.");
        assert_eq!(stays.parent().map(|column| column.name), Some("opportunity_id"));
        assert_eq!(table("exchange_rates").and_then(Table::parent), None);
        for table in tables {
            assert!(!table.meaning.is_empty(), "{} has no comment", table.name);
        }
    }
}
