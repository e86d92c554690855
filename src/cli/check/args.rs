use crate::cli::connection::ConnectionArgs;
use crate::proto;
use clap::ValueEnum;

/// Options of `check`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Ends with 0 where no rule of severity error is broken (warnings and information may be), with 3 \
                        where one is, and with 1 where the check failed."
)]
pub struct Args {
    /// Only records credited to these reps; "" is nobody
    #[arg(long = "rep", value_name = "ID", value_delimiter = ',')]
    reps: Vec<String>,
    /// Only records credited to reps of these teams and the teams below them; "" is no team
    #[arg(long = "team", value_name = "ID", value_delimiter = ',')]
    teams: Vec<String>,
    /// Only these rules
    #[arg(long = "rule", value_name = "ID", value_delimiter = ',')]
    rules: Vec<String>,
    /// Only rules of at least this severity
    #[arg(long)]
    severity: Option<Severity>,
    /// Findings to list of each rule; all are counted [default: 1000]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    max_records: i32,
    /// Print JSON: one line for every finding, one for every rule, and one for the whole
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: ConnectionArgs,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
enum Severity {
    Info,
    Warning,
    Error,
}

impl Args {
    /// The request as the service gets it.
    pub(super) fn request(&self) -> proto::CheckDataQualityRequest {
        let minimum = match self.severity {
            None => proto::Severity::Unspecified,
            Some(Severity::Info) => proto::Severity::Info,
            Some(Severity::Warning) => proto::Severity::Warning,
            Some(Severity::Error) => proto::Severity::Error,
        };
        proto::CheckDataQualityRequest {
            rule_ids: self.rules.clone(),
            rep_ids: self.reps.clone(),
            team_ids: self.teams.clone(),
            minimum_severity: minimum.into(),
            max_records_per_rule: self.max_records,
        }
    }
}
