use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How seldom a long step says how far it is, where there is no bar.
const SILENCE: Duration = Duration::from_secs(5);

/// Shows how far long work is, on the standard error stream.
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
        self.begin(what, rows, Unit::Rows)
    }

    /// Begins a step over so many bytes.
    pub fn step_over_bytes(self, what: &str, bytes: usize) -> Step {
        self.begin(what, bytes, Unit::Bytes)
    }

    /// Begins a step over so many of something else, such as "opportunities".
    pub fn step_over(self, what: &str, total: usize, of: &'static str) -> Step {
        self.begin(what, total, Unit::Of(of))
    }

    fn begin(self, what: &str, total: usize, unit: Unit) -> Step {
        let bar = (self == Self::Bar).then(|| {
            let bar = ProgressBar::new(total as u64).with_message(what.to_owned());
            if let Ok(style) = ProgressStyle::with_template(unit.template()) {
                bar.set_style(style);
            }
            bar
        });
        if self == Self::Lines {
            say(format_args!("{what}: {}", unit.count(total)));
        }
        Step { lines: self == Self::Lines, bar, what: what.to_owned(), unit, total, done: 0, said: Instant::now() }
    }
}

/// A line on standard error, for who reads it.
fn say(line: std::fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// What a step counts.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Rows,
    Bytes,
    Of(&'static str),
}

impl Unit {
    fn template(self) -> &'static str {
        match self {
            Self::Rows | Self::Of(_) => "{msg:32} {wide_bar} {human_pos}/{human_len}",
            Self::Bytes => "{msg:32} {wide_bar} {bytes}/{total_bytes}",
        }
    }

    fn count(self, amount: usize) -> String {
        match self {
            Self::Rows => format!("{amount} rows"),
            Self::Bytes => HumanBytes(amount as u64).to_string(),
            Self::Of(what) => format!("{amount} {what}"),
        }
    }
}

/// A step under way; it ends when dropped.
#[derive(Debug)]
pub struct Step {
    lines: bool,
    bar: Option<ProgressBar>,
    what: String,
    unit: Unit,
    total: usize,
    done: usize,
    said: Instant,
}

impl Step {
    /// So many more are done.
    pub fn advance(&mut self, by: usize) {
        self.done += by;
        if let Some(bar) = &self.bar {
            bar.inc(by as u64);
        }
        if self.lines && self.said.elapsed() >= SILENCE {
            let done = match self.unit {
                Unit::Rows | Unit::Of(_) => self.done.to_string(),
                Unit::Bytes => self.unit.count(self.done),
            };
            say(format_args!("{}: {done} of {}", self.what, self.unit.count(self.total)));
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
