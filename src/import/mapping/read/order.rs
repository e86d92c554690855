use crate::import::mapping::plan::{Section, Shape};
use crate::import::mapping::table::Table;

/// The tables in the order in which they are read: as the schema has them, but a table after those that its rows look
/// names up in, unless these look names up in it too.
pub fn order(sections: &[Section]) -> Vec<Table> {
    let mut left: Vec<Table> = Table::all().collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |table: Table| {
            let rules = sections.iter().filter(|section| section.table == table).flat_map(|section| &section.rules);
            rules.flatten().any(|rule| match &rule.shape {
                Shape::Lookup { table: other, .. } => *other != table && left.contains(other),
                _ => false,
            })
        };
        let next = left.iter().position(|table| !waits(*table)).unwrap_or_default();
        order.push(left.remove(next));
    }
    order
}
