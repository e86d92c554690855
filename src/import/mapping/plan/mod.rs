//! What an import will do: the mapping, checked as a whole against the tables and the files.

mod build;
mod columns;
mod condition;
mod dates;
mod join;
mod rule;
mod settings;
mod source;
mod template;

pub use build::plan;
pub use columns::Columns;
pub use condition::{Condition, Test};
pub use join::Join;
pub use template::Part;

use super::file::File;
use super::language::{Derive, Missing, Precision, Take, Unknown};
use super::lookup::LookupBy;
use super::table::Table;
use super::value::{Decimals, Expression, InstantFormat, Scale, Shift, Unit};
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
    /// Where its columns stand in the mapping.
    pub key: String,
    pub table: Table,
    /// Where the file stands in the plan.
    pub file: usize,
    pub columns: Columns,
    /// Each may name a line by the columns of those before it.
    pub joins: Vec<Join>,
    /// All must hold for a line to make a row.
    pub when: Vec<Test>,
    /// None may hold.
    pub skip_when: Vec<Test>,
    /// A rule for each field of the table that is filled.
    pub rules: Vec<Option<Rule>>,
    /// A line for which one holds removes the row with its key.
    pub delete_when: Vec<Test>,
    /// The column with the key of the row that this one has become a part of.
    pub merged_into: Option<usize>,
    pub distinct: bool,
    /// Several lines make one row.
    pub merge: bool,
    pub missing: Missing,
    /// The currency of rows that name none.
    pub currency: Option<Currency>,
    /// The texts that mean that a cell is empty.
    pub empty: HashSet<String>,
}

/// How a field is filled.
#[derive(Debug)]
pub struct Rule {
    pub source: Source,
    pub replace: HashMap<String, String>,
    /// What spellings stand for, by the spellings folded.
    pub words: HashMap<String, String>,
    pub otherwise: Option<String>,
    pub default: Option<String>,
    pub shape: Shape,
    pub reading: Reading,
    /// What counts where several lines make one row.
    pub take: Take,
}

/// Where a field's text comes from.
#[derive(Debug)]
pub enum Source {
    /// The first of these columns that is not empty.
    Columns(Vec<usize>),
    /// A text made of columns.
    Text(Vec<Part>),
    /// A number worked out from columns. `shown` is the calculation for who reads about it.
    Number { expression: Expression, shown: Vec<Part>, decimals: Decimals, round: bool },
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
    Instant(Dates),
    Day(Dates),
    Decimal { decimals: Decimals, factor: Decimal, positive: bool },
    Kpi,
    Money { decimals: Decimals, scale: Scale, round: bool },
    Percent { decimals: Decimals, fraction: bool, round: bool },
    Whole { decimals: Decimals, least: i64, round: bool },
    Flag,
    Word(&'static [&'static str]),
}

/// How dates are written, and what is done to them.
#[derive(Clone, Debug)]
pub struct Dates {
    pub formats: Vec<InstantFormat>,
    pub zone: Tz,
    pub moves: Vec<Move>,
    /// What they are; unset: as they are written.
    pub precision: Option<Precision>,
    /// How the numbers of durations are written.
    pub decimals: Decimals,
}

/// A shift, or one whose duration is in a column.
#[derive(Clone, Copy, Debug)]
pub enum Move {
    By(Shift),
    ByColumn { column: usize, back: bool, unit: Unit },
}

/// Collects what is wrong with a mapping.
#[derive(Debug, Default)]
pub struct Problems(Vec<MappingProblem>);

impl Problems {
    pub fn add(&mut self, key: impl Into<String>, description: impl Into<String>) {
        self.0.push(MappingProblem { key: key.into(), description: description.into() });
    }
}
