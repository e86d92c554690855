use crate::import::mapping::lookup::Known;
use crate::import::mapping::table::Table;
use crate::import::mapping::value::Value;
use std::collections::HashMap;

/// A row to be loaded.
#[derive(Debug)]
pub struct Row {
    /// Where its section stands in the plan.
    pub section: usize,
    /// Where its file stands in the plan.
    pub file: usize,
    /// Where the line that it was made from stands in the file; of several the first.
    pub place: usize,
    /// The number of that line.
    pub line: u64,
    /// A value for each field of the table.
    pub values: Vec<Option<Value>>,
}

/// The good rows, by table.
pub type Rows = HashMap<Table, Vec<Row>>;

/// The keys of rows that are gone, by table; with the key of the row that one has become a part of.
pub type Gone = HashMap<Table, HashMap<String, Option<String>>>;

/// Rows in the database that may be looked up, by table.
pub type Stored = HashMap<Table, Vec<Known>>;
