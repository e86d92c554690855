//! A question as it is written on the command line.

mod args;
mod period;

pub use args::QuestionArgs;
