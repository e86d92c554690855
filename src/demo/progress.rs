use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;

/// Shows how far the work is, on standard error: a bar on a terminal, a line a table elsewhere.
pub struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    /// Shows it.
    pub fn shown() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} % of {human_len} rows, {msg}") {
            bar.set_style(style);
        }
        let lines = bar.is_hidden();
        Self { bar, lines }
    }

    /// Shows nothing.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), lines: false }
    }

    pub(super) fn start(&self, rows: u64) {
        self.bar.set_length(rows);
    }

    pub(super) fn begin(&self, what: &'static str) {
        self.bar.set_message(what);
    }

    pub(super) fn advance(&self, rows: u64) {
        self.bar.inc(rows);
    }

    pub(super) fn end(&self, what: &str, rows: u64) {
        if self.lines {
            // Nobody need read it.
            let _ = writeln!(std::io::stderr(), "wrote {rows} {what}");
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
