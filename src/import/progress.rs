use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// How seldom a long step says how far it is, where there is no bar.
const SILENCE: Duration = Duration::from_secs(5);

/// Shows how far an import is, on the standard error stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A bar that moves.
    Bar,
    /// A line for every step, and now and then within a long one.
    Lines,
    /// Nothing.
    Silent,
}

impl Progress {
    /// A bar on a terminal, lines elsewhere.
    pub fn for_stderr() -> Self {
        if std::io::stderr().is_terminal() { Self::Bar } else { Self::Lines }
    }

    /// Begins a step over so many rows.
    pub fn step(self, what: &str, rows: usize) -> Step {
        let bar = (self == Self::Bar).then(|| {
            let bar = ProgressBar::new(rows as u64).with_message(what.to_owned());
            if let Ok(style) = ProgressStyle::with_template("{msg:32} {wide_bar} {human_pos}/{human_len}") {
                bar.set_style(style);
            }
            bar
        });
        if self == Self::Lines {
            eprintln!("{what}: {rows} rows");
        }
        Step { lines: self == Self::Lines, bar, what: what.to_owned(), rows, done: 0, said: Instant::now() }
    }
}

/// A step under way; it ends when dropped.
#[derive(Debug)]
pub struct Step {
    lines: bool,
    bar: Option<ProgressBar>,
    what: String,
    rows: usize,
    done: usize,
    said: Instant,
}

impl Step {
    /// So many more rows are done.
    pub fn advance(&mut self, rows: usize) {
        self.done += rows;
        if let Some(bar) = &self.bar {
            bar.inc(rows as u64);
        }
        if self.lines && self.said.elapsed() >= SILENCE {
            eprintln!("{}: {} of {} rows", self.what, self.done, self.rows);
            self.said = Instant::now();
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
