use super::address::WebAddress;
use crate::database::DatabaseUrl;
use iso_currency::Currency;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// How the service runs. `config/default.toml` tells what each setting means.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Settings {
    pub database: DatabaseUrl,
    /// The file that the URL was read from, if it was.
    pub database_file: Option<PathBuf>,
    pub listen: SocketAddr,
    pub currency: Currency,
    pub log: LogSettings,
    /// How often files are looked at for changes.
    pub reload: Duration,
    pub pool: Pool,
    pub outages: Outages,
    pub changes: Changes,
    pub cache: Cache,
    pub calls: Calls,
    pub limits: Limits,
    pub compression: Compression,
    pub drain: Drain,
    /// Unset: plain text.
    pub tls: Option<Tls>,
    pub auth: Auth,
    pub health: Access,
    pub reflection: Access,
    /// Where metrics are served, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// Names of callers in them, at most.
    pub metrics_callers: usize,
    pub telemetry: Telemetry,
}

/// What is logged, to standard error.
#[derive(Clone, Debug, Default)]
pub struct LogSettings {
    /// A level or directives of `tracing`.
    pub filter: String,
    /// How log lines look.
    pub format: LogFormat,
    /// Lines a minute about calls that are refused alike; 0: all.
    pub repeats: usize,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For a reader.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The connections to the database.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// At most.
    pub connections: u32,
    /// How long a question waits for one.
    pub acquire: Duration,
    /// How many of them a question may use at once.
    pub scans: usize,
}

/// How it is noticed that the database is away.
#[derive(Clone, Copy, Debug)]
pub struct Outages {
    /// How often it is looked at.
    pub every: Duration,
    /// How long a look may take.
    pub timeout: Duration,
    /// So many looks that fail in a row are an outage.
    pub failures: u32,
    /// How long a connection may be silent while the database answers nobody.
    pub silence: Duration,
}

impl Outages {
    /// How old the last answer is at most while the database is there and is looked at.
    pub fn answers_within(&self) -> Duration {
        self.every + self.timeout
    }
}

/// How changes of the data are noticed.
#[derive(Clone, Copy, Debug)]
pub struct Changes {
    /// How old the database's word may be that all notifications have come.
    pub confirm: Duration,
    /// How long tables that do not tell of their changes count as unchanged.
    pub unwatched: Duration,
    /// Whoever changes tables without triggers notifies of it.
    pub notified: bool,
}

/// The answers that are kept.
#[derive(Clone, Copy, Debug)]
pub struct Cache {
    /// At most.
    pub bytes: u64,
}

/// How long calls may take.
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    /// Where the caller names no deadline.
    pub default_deadline: Duration,
    /// Whatever the caller names.
    pub max_deadline: Duration,
}

/// How much there may be of something.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Limits {
    /// Questions that are worked on.
    pub queries: usize,
    /// How long one more waits.
    pub queue: Duration,
    /// Questions that wait.
    pub waiting: usize,
    /// Of `queries`, for one caller. None: three quarters.
    pub queries_per_caller: Option<usize>,
    /// Of `waiting`, for one caller. None: half.
    pub waiting_per_caller: Option<usize>,
    /// Questions of one caller a second. None: any number.
    pub rate_per_caller: Option<u32>,
    /// Checks of the records that are read, beside the questions.
    pub checks: usize,
    /// Connections of callers.
    pub connections: usize,
    pub calls_per_connection: u32,
    /// How long a new connection may take to begin.
    pub handshake: Duration,
    pub request_bytes: usize,
    /// Bytes of a status, as it travels.
    pub status_bytes: usize,
    pub figures: usize,
    /// Bytes that questions and answers may hold. None: half of what the process may have.
    pub memory: Option<u64>,
    pub buckets: usize,
    pub filter_values: usize,
    /// How long a stream waits for its caller.
    pub stall: Duration,
}

/// What travels compressed.
#[derive(Clone, Copy, Debug)]
pub struct Compression {
    /// Answers do, for callers who accept it.
    pub answers: bool,
    /// Messages of fewer bytes do not.
    pub min_bytes: usize,
}

/// How the service stops: each time begins when the one before is over.
#[derive(Clone, Copy, Debug)]
pub struct Drain {
    /// Everything is served still.
    pub delay: Duration,
    /// Streams go on.
    pub streams: Duration,
    /// What is left ends.
    pub calls: Duration,
}

/// Certificates.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The server's chain, its own certificate first (PEM).
    pub certificate: PathBuf,
    /// The server's private key (PEM).
    pub key: PathBuf,
    /// What is asked of callers' certificates.
    pub clients: Option<ClientCertificate>,
}

/// What is asked of callers' certificates.
#[derive(Clone, Debug)]
pub struct ClientCertificate {
    /// The authorities that they must be of (PEM).
    pub authorities: PathBuf,
    /// A caller without one is not let in.
    pub required: bool,
}

/// Who is let in.
#[derive(Clone, Debug, Default)]
pub struct Auth {
    /// The file of static tokens.
    pub tokens: Option<PathBuf>,
    /// Tokens that somebody else signs.
    pub jwt: Option<Jwt>,
    /// The RPCs (`*`: all) that each role opens. Without any, everybody may call everything.
    pub roles: BTreeMap<String, Vec<String>>,
}

impl Auth {
    /// Whether anybody is let in and may see everything: nothing is set that could tell callers from each other.
    pub fn lets_anybody_in(&self) -> bool {
        self.tokens.is_none() && self.jwt.is_none()
    }
}

/// Which JSON Web Tokens are accepted, and what their claims mean.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Jwt {
    pub keys: Jwks,
    pub issuer: String,
    pub audience: String,
    /// Never empty.
    pub algorithms: Vec<Algorithm>,
    /// How far clocks may differ.
    pub leeway: Duration,
    /// The authorities (PEM) that the certificate of the keys' address must be of. Unset: those of the system.
    pub authorities: Option<PathBuf>,
    pub names: CallerNames,
    pub everything_claim: String,
    pub teams_claim: String,
    pub reps_claim: String,
    pub roles_claim: String,
}

/// How callers with a token are named in logs, metrics and traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CallerNames {
    /// As the token does.
    #[default]
    Plain,
    /// By a hash, keyed by what a file holds where there is one.
    Hash(Option<PathBuf>),
}

/// Where keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Jwks {
    /// A file, looked at for changes.
    File(PathBuf),
    /// An address that is asked again after a while.
    Url(WebAddress, Duration),
}

/// How a token may be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Its name in tokens and key sets (RFC 7518, RFC 8037).
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// Who may use something beside the service itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Open,
    /// Whoever may call the service.
    Authenticated,
    /// Nobody: it is not there.
    Off,
}

/// Where traces go.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// An OTLP endpoint (gRPC), if any.
    pub otlp_endpoint: Option<WebAddress>,
    /// The name of the service in traces.
    pub service_name: String,
    /// The share of traces that are sent, 0 to 1.
    pub sample_ratio: f64,
}
