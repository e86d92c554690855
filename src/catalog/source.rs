use super::column::Column;
use super::dimension::Dimension;

/// A fact table and the joins that lead from it to its dimensions.
#[derive(Debug)]
pub struct Source {
    /// Its name, unique in the catalogue.
    pub name: &'static str,
    /// The fact table.
    pub table: &'static str,
    /// Outer joins, each after those that it needs; only those are made that a scan uses a column of.
    pub joins: Vec<Join>,
    /// Who a row is credited to.
    pub rep: Column,
    /// The currency of its amounts.
    pub currency: Option<Column>,
    /// The dimensions that it reaches, as the column that holds the key.
    pub paths: Vec<(Dimension, Column)>,
}

/// An outer join.
#[derive(Clone, Copy, Debug)]
pub struct Join {
    /// The column of a table that is there already.
    pub from: Column,
    /// The column of the table that is joined.
    pub to: Column,
}

impl Source {
    /// The column that holds a dimension's key.
    pub fn path(&self, dimension: Dimension) -> Option<Column> {
        self.paths.iter().find(|(known, _)| *known == dimension).map(|(_, column)| *column)
    }

    /// The joins that lead to these tables, in an order that works.
    pub fn joins_to(&self, tables: impl IntoIterator<Item = &'static str>) -> Vec<Join> {
        let mut wanted: Vec<&str> = tables.into_iter().collect();
        let mut joins = Vec::new();
        for join in self.joins.iter().rev() {
            if wanted.contains(&join.to.table) {
                wanted.push(join.from.table);
                joins.push(*join);
            }
        }
        joins.reverse();
        joins
    }
}
