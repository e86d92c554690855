//! What an operator sees: commands, the log, probes and metrics of the real program.

mod asking;
mod causes;
mod command;
mod edges;
mod explain;
mod handshakes;
mod keys;
mod rotation;
mod secrets;
