use super::layers::Layers;
use super::problem::ConfigError;
use super::settings::{LogSettings, Settings};
use crate::database::DatabaseUrl;
use clap::Args;
use std::path::PathBuf;

/// Options that every command with settings has.
#[derive(Args, Clone, Debug, Default)]
pub struct FileArgs {
    /// A file with settings; `crm-kpi config default` shows them all
    #[arg(long, value_name = "FILE", env = "CRM_KPI_CONFIG")]
    config: Option<PathBuf>,
    /// A setting of the file, such as limits.queries=64
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// Where the data are.
#[derive(Args, Clone, Debug, Default)]
pub struct DatabaseArgs {
    /// The database: sqlite://FILE or postgres://USER@HOST/DATABASE [env: CRM_KPI_DATABASE] [default: sqlite://crm-kpi.db]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    #[command(flatten)]
    file: FileArgs,
}

/// What is logged, to standard error.
#[derive(Args, Clone, Debug, Default)]
pub struct LogArgs {
    /// What to log: a level or tracing directives, such as `info,crm_kpi=debug`; RUST_LOG works too
    /// [env: CRM_KPI_LOG] [default: info]
    #[arg(long = "log", value_name = "FILTER")]
    filter: Option<String>,
    /// How log lines look: text or json [env: CRM_KPI_LOG_FORMAT] [default: text]
    #[arg(long = "log-format", value_name = "FORMAT")]
    format: Option<String>,
}

/// How the service runs.
#[derive(Args, Clone, Debug, Default)]
pub struct ServiceArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The address to listen on; port 0 takes a free one [env: CRM_KPI_LISTEN] [default: 127.0.0.1:50051]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The currency (ISO 4217) that amounts are answered in where a query does not filter by one
    /// [env: CRM_KPI_CURRENCY] [default: USD]
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    #[command(flatten)]
    log: LogArgs,
}

impl DatabaseArgs {
    fn apply(&self, layers: &mut Layers) {
        if let Some(path) = &self.file.config {
            layers.file(path);
        }
        layers.environment(std::env::vars_os());
        for text in &self.file.set {
            layers.option(text);
        }
        layers.flag("--database", "database", self.database.as_deref());
    }

    /// The database's URL.
    pub fn load(&self) -> Result<DatabaseUrl, ConfigError> {
        let mut layers = Layers::new();
        self.apply(&mut layers);
        layers.database().map(|(database, _)| database)
    }

    /// All settings.
    pub fn settings(&self) -> Result<Settings, ConfigError> {
        let mut layers = Layers::new();
        self.apply(&mut layers);
        layers.settings()
    }

    /// The database's URL, and what is logged.
    pub fn load_with(&self, log: &LogArgs) -> Result<(DatabaseUrl, LogSettings), ConfigError> {
        self.load_with_default(None, log)
    }

    /// As [`DatabaseArgs::load_with`]. `database` is where the data are unless a source says otherwise.
    pub fn load_with_default(
        &self,
        database: Option<&str>,
        log: &LogArgs,
    ) -> Result<(DatabaseUrl, LogSettings), ConfigError> {
        let mut layers = Layers::starting_with(database);
        self.apply(&mut layers);
        log.apply(&mut layers);
        layers.database()
    }
}

impl LogArgs {
    fn apply(&self, layers: &mut Layers) {
        layers.flag("--log", "log", self.filter.as_deref());
        layers.flag("--log-format", "log_format", self.format.as_deref());
    }
}

impl ServiceArgs {
    /// All sources over each other. `database` is where the data are unless a source says otherwise.
    pub fn layers(&self, database: Option<&str>) -> Layers {
        let mut layers = Layers::starting_with(database);
        self.database.apply(&mut layers);
        layers.flag("--listen", "listen", self.listen.as_deref());
        layers.flag("--currency", "currency", self.currency.as_deref());
        self.log.apply(&mut layers);
        layers
    }

    /// The settings.
    pub fn load(&self, database: Option<&str>) -> Result<Settings, ConfigError> {
        self.layers(database).settings()
    }
}
