use crate::cli::connection::ConnectionArgs;
use crate::cli::question::QuestionArgs;
use clap::ValueEnum;

/// Options of `query`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub(super) question: QuestionArgs,
    /// Where the totals go
    #[arg(long, default_value = "end")]
    pub(super) totals: Totals,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
    /// Ask for a stream by rep
    #[arg(long)]
    pub(super) stream: bool,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    pub(super) json: bool,
    /// Print CSV, with exact figures
    #[arg(long)]
    pub(super) csv: bool,
}

/// Where the totals go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Totals {
    /// Behind the rows.
    End,
    /// In their place.
    Only,
    /// Nowhere.
    None,
}
