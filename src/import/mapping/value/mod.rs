//! What the text of a cell means: pure, knows neither files nor tables. An error is a sentence for who wrote the cell.

mod instant;
mod money;
mod number;
mod words;

pub use instant::{InstantFormat, day, instant};
pub use money::{Scale, minor_units, without_currency};
pub use number::{Decimals, basis_points, decimal, whole};
pub use words::{flag, slug, word};
