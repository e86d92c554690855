//! The mapping file as it is written: TOML, read by serde. What it means is worked out in `plan`.

mod forms;

use super::table::Table;
use super::value::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    pub precision: Option<Precision>,
    pub take: Take,
}

/// What the times of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Days without a time.
    Day,
    /// Points in time.
    Instant,
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of the page that documents the language are mappings, or columns of one.
    #[test]
    fn the_documented_examples_are_mappings() {
        let page = include_str!("../../../docs/reference/import.md");
        let blocks: Vec<&str> =
            page.split("```toml\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)).collect();
        for block in &blocks {
            let columns = format!("[[opportunities]]\nfile = \"a.csv\"\n[opportunities.columns]\n{block}");
            let text = if block.starts_with('[') { block } else { columns.as_str() };
            assert!(toml::from_str::<Mapping>(text).is_ok(), "{block}\n{:?}", toml::from_str::<Mapping>(text).err());
        }
        assert!(blocks.len() >= 7, "{}", blocks.len());
    }
}
