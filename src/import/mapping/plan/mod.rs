//! What an import will do: the mapping, checked as a whole against the tables and the files.

mod build;
mod rule;
mod settings;
mod template;

pub use build::plan;
pub use template::Part;

use super::file::File;
use super::language::{Derive, LookupBy, Missing, Unknown};
use super::table::Table;
use super::value::{Decimals, InstantFormat, Scale};
use crate::import::error::MappingProblem;
use chrono_tz::Tz;
use iso_currency::Currency;
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// A mapping that makes sense.
#[derive(Debug)]
pub struct Plan {
    pub files: Vec<File>,
    /// In the order of loading.
    pub sections: Vec<Section>,
    pub derive: Derive,
}

/// Fills a table from a file.
#[derive(Debug)]
pub struct Section {
    pub table: Table,
    /// Where the file stands in the plan.
    pub file: usize,
    /// All must hold for a line to make a row.
    pub tests: Vec<Test>,
    /// A rule for each field of the table that is filled.
    pub rules: Vec<Option<Rule>>,
    pub distinct: bool,
    pub missing: Missing,
    /// The currency of rows that name none.
    pub currency: Option<Currency>,
    /// The texts that mean that a cell is empty.
    pub empty: HashSet<String>,
}

/// Whether a cell is one of some texts.
#[derive(Debug)]
pub struct Test {
    pub column: usize,
    pub texts: HashSet<String>,
    /// What the answer must be.
    pub wanted: bool,
}

/// How a field is filled.
#[derive(Debug)]
pub struct Rule {
    pub source: Source,
    pub replace: HashMap<String, String>,
    pub otherwise: Option<String>,
    pub default: Option<String>,
    pub shape: Shape,
    pub reading: Reading,
}

/// Where a field's text comes from.
#[derive(Debug)]
pub enum Source {
    /// The first of these columns that is not empty.
    Columns(Vec<usize>),
    /// A text made of columns.
    Text(Vec<Part>),
}

/// What is done to a text before it is read.
#[derive(Debug)]
pub enum Shape {
    Plain,
    Slug,
    Bands { below: Vec<(i64, String)>, rest: Option<String>, decimals: Decimals },
    Lookup { table: Table, by: LookupBy, unknown: Unknown },
}

/// How a text is read.
#[derive(Debug)]
pub enum Reading {
    Text,
    Currency,
    Instant { formats: Vec<InstantFormat>, zone: Tz },
    Day { formats: Vec<InstantFormat>, zone: Tz },
    Decimal { decimals: Decimals, factor: Decimal, positive: bool },
    Kpi,
    Money { decimals: Decimals, scale: Scale, round: bool },
    Percent { decimals: Decimals, fraction: bool },
    Whole { decimals: Decimals, least: i64 },
    Flag,
    Word(&'static [&'static str]),
}

/// Collects what is wrong with a mapping.
#[derive(Debug, Default)]
struct Problems(Vec<MappingProblem>);

impl Problems {
    fn add(&mut self, key: impl Into<String>, description: impl Into<String>) {
        self.0.push(MappingProblem { key: key.into(), description: description.into() });
    }
}
