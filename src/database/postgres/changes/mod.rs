//! Listens for notifications of what has changed.

mod listener;
mod watched;

pub use listener::Listener;
