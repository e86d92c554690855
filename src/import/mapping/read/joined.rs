use super::cell::{Context, Fault};
use crate::import::mapping::file::Line;
use crate::import::mapping::plan::{Plan, Section};
use std::borrow::Cow;

/// A line with the cells of the lines that are joined to it, and what is wrong with the names of these.
pub fn joined<'l>(
    context: &Context<'_>,
    plan: &Plan,
    section: &Section,
    line: &'l Line,
) -> (Cow<'l, Line>, Vec<Fault>) {
    let mut whole = Cow::Borrowed(line);
    let mut faults = Vec::new();
    for join in &section.joins {
        let found = join.line(context.cell(&whole, join.column)).unwrap_or_else(|reason| {
            faults.push(Fault { column: Some(join.column), reason: reason.to_owned() });
            None
        });
        let found = found.and_then(|place| plan.files[join.file].lines.get(place));
        let cells = &mut whole.to_mut().cells;
        for column in 0..join.width {
            cells.push_field(found.and_then(|line| line.cells.get(column)).unwrap_or_default());
        }
    }
    (whole, faults)
}
