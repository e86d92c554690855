//! The mapping file as it is written: TOML, read by serde. What it means is worked out in `plan`.

use super::table::Table;
use super::value::Span;
use crate::import::suggest::suggestion;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// A mapping file.
#[derive(Debug, Default)]
pub struct Mapping {
    /// How files are written, unless `files` says otherwise.
    pub defaults: Format,
    /// How single files are written, by their names.
    pub files: BTreeMap<String, Format>,
    pub derive: Derive,
    /// The sections of tables, by the tables' names.
    tables: BTreeMap<&'static str, Vec<Section>>,
}

impl Mapping {
    /// The sections that fill a table.
    pub fn sections(&self, table: Table) -> &[Section] {
        self.tables.get(table.name()).map(Vec::as_slice).unwrap_or_default()
    }
}

/// A key of a mapping file.
enum Key {
    Defaults,
    Files,
    Derive,
    Table(Table),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a table, or one of defaults, files, derive")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
                const OTHERS: [&str; 3] = ["defaults", "files", "derive"];
                match (name, Table::named(name)) {
                    ("defaults", _) => Ok(Key::Defaults),
                    ("files", _) => Ok(Key::Files),
                    ("derive", _) => Ok(Key::Derive),
                    (_, Some(table)) => Ok(Key::Table(table)),
                    (_, None) => {
                        let known = OTHERS.into_iter().chain(Table::all().map(Table::name));
                        let suggestion = suggestion(name, known);
                        Err(E::custom(format_args!("there is no table or section {name:?}: {suggestion}")))
                    }
                }
            }
        }
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

impl<'de> Deserialize<'de> for Mapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MappingVisitor;
        impl<'de> Visitor<'de> for MappingVisitor {
            type Value = Mapping;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("sections of tables, such as [[opportunities]]")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Mapping, A::Error> {
                let mut mapping = Mapping::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Defaults => mapping.defaults = map.next_value()?,
                        Key::Files => mapping.files = map.next_value()?,
                        Key::Derive => mapping.derive = map.next_value()?,
                        Key::Table(table) => {
                            mapping.tables.insert(table.name(), map.next_value()?);
                        }
                    }
                }
                Ok(mapping)
            }
        }
        deserializer.deserialize_map(MappingVisitor)
    }
}

/// How a file is written. What is unset comes from the defaults.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    pub delimiter: Option<char>,
    pub time_zone: Option<String>,
    pub date_formats: Option<Vec<String>>,
    pub decimal_point: Option<char>,
    pub group_separator: Option<char>,
    pub currency: Option<String>,
    pub empty: Option<Vec<String>>,
    /// How many lines there are before the header.
    pub skip_lines: Option<u64>,
    /// Columns that tell the header from the lines before it.
    pub header: Option<Names>,
    /// What the first line after the rows begins with.
    pub footer: Option<Names>,
}

/// What is worked out from the loaded rows.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Derive {
    pub stage_history: bool,
    pub orders: bool,
    pub order_kinds: bool,
    pub customer_tenures: bool,
}

/// Fills a table from a file, or from rows written in the mapping.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub file: Option<String>,
    pub rows: Option<Vec<BTreeMap<String, toml::Value>>>,
    #[serde(default)]
    pub columns: BTreeMap<String, Rule>,
    /// Other files whose columns are read with each line.
    #[serde(default)]
    pub join: Vec<Join>,
    /// All must hold for a line to make a row.
    #[serde(default)]
    pub when: Vec<Test>,
    /// A line for which one of these holds makes no row.
    #[serde(default)]
    pub skip_when: Vec<Test>,
    /// A line for which one of these holds removes the row.
    #[serde(default)]
    pub delete_when: Vec<Test>,
    /// The column with the key of the row that this one has become a part of.
    pub merged_into: Option<String>,
    #[serde(default)]
    pub distinct: bool,
    /// Several lines make one row.
    #[serde(default)]
    pub merge: bool,
    #[serde(default)]
    pub missing: Missing,
}

/// What becomes of rows in the database that the files no longer have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    #[default]
    Keep,
    Delete,
}

/// A file with a line for each value of a column, whose cells are read as further columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    pub file: String,
    /// The column of the section's file that names a line of the other one.
    pub column: String,
    /// The column of the other file that it is compared with.
    pub by: String,
    /// What the other file's columns are called by: `contact` makes `contact.Account ID`.
    #[serde(rename = "as")]
    pub name: String,
    #[serde(default)]
    pub unknown: Unknown,
}

/// What a cell is like: all that is said.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Test {
    pub column: String,
    pub any_of: Option<Vec<String>>,
    pub none_of: Option<Vec<String>>,
    pub empty: Option<bool>,
    pub begins_with: Option<Names>,
    pub contains: Option<Names>,
    pub above: Option<Number>,
    pub at_least: Option<Number>,
    pub below: Option<Number>,
    pub at_most: Option<Number>,
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub until: Option<String>,
}

/// A number: a whole one, or one in quotes.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a whole number, or a decimal one in quotes")]
pub enum Number {
    Whole(i64),
    Written(String),
}

/// How a field is filled: in a mapping the name of a column, or a table of options.
#[derive(Debug, Default)]
pub struct Rule(pub Options);

/// The options of a rule.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    pub column: Names,
    pub text: Option<String>,
    pub number: Option<String>,
    pub replace: BTreeMap<String, String>,
    pub words: BTreeMap<String, Names>,
    pub otherwise: Option<String>,
    pub default: Option<String>,
    pub bands: Vec<Band>,
    pub slug: bool,
    pub lookup: Option<String>,
    /// `id`, `name`, another field of the table, or a column of its files.
    pub lookup_by: Option<String>,
    pub unknown: Option<Unknown>,
    pub scale: Option<Scale>,
    pub round: bool,
    pub date_formats: Option<Vec<String>>,
    pub time_zone: Option<String>,
    pub add: Names,
    pub start_of: Option<Span>,
    pub end_of: Option<Span>,
    pub take: Take,
}

/// What counts where several lines make one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// They must agree.
    #[default]
    Same,
    First,
    Last,
    Sum,
    Count,
    Min,
    Max,
}

/// A range of numbers and the text that stands for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its upper end, which is not in it; unset: everything that is left.
    pub below: Option<i64>,
    pub text: String,
}

/// What a text that is not found becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    #[default]
    Error,
    Unset,
}

/// What a written number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    Minor,
    Major,
    Thousands,
    Millions,
    Percent,
    Fraction,
}

/// One name or several.
#[derive(Clone, Debug, Default)]
pub struct Names(pub Vec<String>);

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RuleVisitor;
        impl<'de> Visitor<'de> for RuleVisitor {
            type Value = Rule;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, or a table such as { column = \"Amount\" }")
            }

            fn visit_str<E>(self, name: &str) -> Result<Rule, E> {
                Ok(Rule(Options { column: Names(vec![name.to_owned()]), ..Options::default() }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rule, A::Error> {
                Options::deserialize(MapAccessDeserializer::new(map)).map(Rule)
            }
        }
        deserializer.deserialize_any(RuleVisitor)
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = Names;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, or a list of names")
            }

            fn visit_str<E>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<Names, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(names)).map(Names)
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}
