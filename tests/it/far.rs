//! Times that are far away: `infinity` and years that no calendar has. They are read as the first or last of the years 1 to
//! 9999, everywhere alike.

mod figures;
mod rows;
mod times;
