//! What an operator sees: commands, the log, probes and metrics of the real program.

mod command;
mod secrets;
