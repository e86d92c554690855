//! What travels between callers and the service beside the answers themselves: statuses, other protocols, compression.

mod panics;
mod protocols;
mod statuses;
