//! What the text of a cell means: pure, knows neither files nor tables. An error is a sentence for who wrote the cell.

mod arithmetic;
mod date;
mod digits;
mod field;
mod money;
mod number;
mod words;

pub use arithmetic::{Expression, Failure};
pub use date::{InstantFormat, Shift, Span, Time, Unit, day, instant, nearest_zone, time};
pub use field::Value;
pub use money::{Scale, minor_units, without_currency};
pub use number::{Decimals, PERCENT, basis_points, decimal, whole, without_percent};
pub use words::{flag, folded, slug, word};
