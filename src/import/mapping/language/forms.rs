//! How a mapping is read from TOML where that is more than a table of known keys: tables by their names, and what may be
//! written in a short and in a long form.

use super::{Mapping, Names, Options, Rule};
use crate::import::mapping::table::Table;
use crate::import::suggest::suggestion;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;

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
                        Err(E::custom(format_args!("unknown table or section {name:?}: {suggestion}")))
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
