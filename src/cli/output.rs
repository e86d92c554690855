//! What commands print. A reader that goes away, as `head` does, is no error to tell about.

use super::Failure;
use std::fmt::Display;
use std::io::{ErrorKind, Write};

/// Prints a line to standard output. Where nobody reads any more the command is over.
pub(super) fn line(text: impl Display) -> Result<(), Failure> {
    print(format_args!("{text}\n"))
}

/// Prints to standard output what ends its lines itself.
pub(super) fn print(text: impl Display) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::not_read()),
        Err(error) => Err(Failure::new(format_args!("cannot write to standard output: {error}"))),
    }
}

/// Prints a line to standard output for who reads it, from a command that goes on, or whose exit status says all.
pub(super) fn tell(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}

/// Prints a line to standard error for who reads it.
pub(super) fn warn(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// How many there are of something: "1 row", "2 rows".
pub(super) fn counted<N: Display + PartialEq + From<u8>>(count: N, of: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {of}{plural}")
}

/// The columns of the terminal that standard output is; none where it is no terminal.
pub(super) fn width() -> Option<usize> {
    let terminal = console::Term::stdout();
    terminal.is_term().then(|| terminal.size_checked()).flatten().map(|(_, columns)| columns.into())
}
