use super::references::referenced;
use super::words::words;
use super::{comments, every_table};
use sea_orm::{ColumnTrait, ColumnType, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn};

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

/// A column, as its entity declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in the database.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// It may be unset.
    pub nullable: bool,
    /// It is the key of a row, or a part of it.
    pub key: bool,
    /// The table whose keys it holds.
    pub references: Option<&'static str>,
    /// What it means: the field's comment, empty where the name says it.
    pub meaning: String,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// One of these words.
    Word(Vec<String>),
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    BigInteger,
    /// Yes or no.
    Flag,
    /// A decimal number, as text.
    Decimal,
    /// A calendar day.
    Day,
    /// A point in time.
    Instant,
}

impl Kind {
    /// Its name in one word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Word(_) => "word",
            Self::Integer => "integer",
            Self::BigInteger => "bigint",
            Self::Flag => "boolean",
            Self::Decimal => "decimal",
            Self::Day => "day",
            Self::Instant => "instant",
        }
    }
}

/// All tables.
pub fn tables() -> Vec<Table> {
    macro_rules! read {
        ($($table:ident),+ $(,)?) => {
            vec![$(table::<super::$table::Entity>(include_str!(concat!(stringify!($table), ".rs")))),+]
        };
    }
    every_table!(read)
}

fn table<E: EntityTrait>(source: &str) -> Table {
    let meanings = comments::read(source);
    let mut columns = columns::<E>();
    for column in &mut columns {
        column.meaning = meanings.fields.get(column.name).cloned().unwrap_or_default();
    }
    Table { name: E::default().table_name(), meaning: meanings.table, columns }
}

/// The columns of a table in the order of its entity; without their meanings.
pub fn columns<E: EntityTrait>() -> Vec<Column> {
    let table = E::default().table_name();
    let keys: Vec<_> = E::PrimaryKey::iter().map(|key| key.into_column().as_str()).collect();
    let column = |column: E::Column| {
        let (name, definition) = (column.as_str(), column.def());
        Column {
            name,
            kind: kind(definition.get_column_type(), table, name),
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
                for column in crate::crm::$table::Column::iter() {
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
        for table in &tables {
            assert!(!table.meaning.is_empty(), "{} has no comment", table.name);
        }
    }
}
