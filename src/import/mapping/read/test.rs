use super::cell::{Context, Fault};
use crate::import::mapping::file::Line;
use crate::import::mapping::plan::{Condition, Test};
use crate::import::mapping::value::{day, folded};

impl Context<'_> {
    /// Whether a test holds for a line. An empty cell is neither above nor below anything, nor before or after it.
    pub fn holds(&self, test: &Test, line: &Line) -> Result<bool, Fault> {
        let cell = self.cell(line, test.column);
        for condition in &test.conditions {
            let holds = is_like(cell, condition, test);
            if !holds.map_err(|reason| Fault { column: Some(test.column), reason })? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn is_like(cell: &str, condition: &Condition, test: &Test) -> Result<bool, String> {
    let number = || test.decimals.parse(cell);
    let day = || day(cell, &test.dates.formats, test.dates.zone, &[]);
    Ok(match condition {
        Condition::OneOf { texts, wanted } => texts.contains(cell) == *wanted,
        Condition::Empty(wanted) => cell.is_empty() == *wanted,
        Condition::BeginsWith(texts) => begins(&folded(cell), texts),
        Condition::Contains(texts) => contains(&folded(cell), texts),
        _ if cell.is_empty() => false,
        Condition::Above(least) => number()? > *least,
        Condition::AtLeast(least) => number()? >= *least,
        Condition::Below(most) => number()? < *most,
        Condition::AtMost(most) => number()? <= *most,
        Condition::From(first) => day()? >= *first,
        Condition::Until(last) => day()? <= *last,
    })
}

fn begins(cell: &str, texts: &[String]) -> bool {
    texts.iter().any(|text| cell.starts_with(text.as_str()))
}

fn contains(cell: &str, texts: &[String]) -> bool {
    texts.iter().any(|text| cell.contains(text.as_str()))
}
