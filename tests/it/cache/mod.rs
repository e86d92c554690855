//! Answers that are kept: never older than what was committed, read once, given again.

mod change;
mod kept;
mod shared;
mod tables;
mod unwatched;
