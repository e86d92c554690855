//! How each section of the settings is read.

use super::address::WebAddress;
use super::problem::{ConfigError, Origin};
use super::read::Reader;
use super::settings::{
    Access, Algorithm, Auth, Cache, CallerNames, Calls, Changes, ClientCertificate, Compression, Drain, Jwks, Jwt,
    Limits, LogFormat, LogSettings, Outages, Pool, Settings, Telemetry, Tls,
};
use crate::database::{DatabaseUrl, Dialect, UrlError};
use iso_currency::Currency;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Value;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(86_400);

impl Reader {
    pub fn database_and_log(mut self) -> Result<(DatabaseUrl, LogSettings), ConfigError> {
        match self.database().zip(self.log()) {
            Some(((url, _), log)) if self.problems.is_empty() => Ok((url, log)),
            _ => Err(ConfigError(self.problems)),
        }
    }

    pub fn settings(mut self) -> Result<Settings, ConfigError> {
        let listen = self.address("listen");
        let settings = self.rest(listen.flatten());
        match (listen, settings) {
            (Some(None), _) => self.problem("listen", "is not set: use an address such as 127.0.0.1:50051"),
            (_, Some(settings)) if self.problems.is_empty() => return Ok(settings),
            _ => {}
        }
        Err(ConfigError(self.problems))
    }

    /// Reads everything before it misses anything.
    fn rest(&mut self, listen: Option<SocketAddr>) -> Option<Settings> {
        let database = self.database();
        let currency = self.currency();
        let log = self.log();
        let reload = self.duration("reload", 10 * MS..=DAY);
        let pool = self.pool();
        let outages = self.outages();
        let changes = self.changes();
        let cache = self.cache();
        let calls = self.calls();
        let limits = self.limits();
        let compression = self.compression();
        let drain = self.drain();
        let tls = self.tls();
        let auth = self.auth(listen);
        let health = self.choice("health.access", &[("open", Access::Open), ("authenticated", Access::Authenticated)]);
        let reflection = self.choice(
            "reflection.access",
            &[("open", Access::Open), ("authenticated", Access::Authenticated), ("off", Access::Off)],
        );
        let metrics = self.address("metrics.listen");
        let metrics_callers = self.count("metrics.callers", 0..=10_000);
        let telemetry = self.telemetry();
        let (database, database_file) = database?;
        Some(Settings {
            database,
            database_file,
            listen: listen?,
            currency: currency?,
            log: log?,
            reload: reload?,
            pool: pool?,
            outages: outages?,
            changes: changes?,
            cache: cache?,
            calls: calls?,
            limits: limits?,
            compression: compression?,
            drain: drain?,
            tls: tls?,
            auth: auth?,
            health: health?,
            reflection: reflection?,
            metrics: metrics?,
            metrics_callers: metrics_callers?,
            telemetry: telemetry?,
        })
    }

    /// The database's URL, and the file that it is from.
    fn database(&mut self) -> Option<(DatabaseUrl, Option<PathBuf>)> {
        let schema = self.set("database_schema");
        let (url, file) = self.database_url()?;
        match schema? {
            None => Some((url, file)),
            Some(_) if url.dialect() == Dialect::Sqlite => {
                self.wrong("database_schema", "is for PostgreSQL only: SQLite has no schemas")
            }
            Some(schema) => match url.with_schema(&schema) {
                Some(url) => Some((url, file)),
                None => self.wrong(
                    "database_schema",
                    format_args!("{schema:?} is not the name of a schema: letters, digits, _ and -, at most 63"),
                ),
            },
        }
    }

    fn database_url(&mut self) -> Option<(DatabaseUrl, Option<PathBuf>)> {
        let (url, file) = (self.set("database"), self.path("database_file"));
        match (url?, file?) {
            (_, Some(file)) => match read_url(&file) {
                Ok(url) => Some((url, Some(file))),
                Err(error) => self.wrong("database_file", format_args!("{} {error}", file.display())),
            },
            (Some(url), None) => match url.parse::<DatabaseUrl>() {
                Ok(url) => Some((url, None)),
                Err(error) => self.wrong("database", error),
            },
            (None, None) => self.wrong("database", "is not set: use sqlite://FILE or postgres://USER@HOST/DATABASE"),
        }
    }

    fn currency(&mut self) -> Option<Currency> {
        let code = self.text("currency")?;
        let currency = Currency::from_code(&code);
        if currency.is_none() {
            self.problem("currency", format_args!("{code:?} is not a currency code of ISO 4217, such as USD"));
        }
        currency
    }

    fn log(&mut self) -> Option<LogSettings> {
        let filter = self.text("log");
        let format = self.choice("log_format", &[("text", LogFormat::Text), ("json", LogFormat::Json)]);
        let repeats = self.count("log_repeats", 0..=1_000_000);
        if let Some(text) = &filter
            && let Err(error) = tracing_subscriber::EnvFilter::builder().parse(text)
        {
            self.problem("log", format_args!("{text:?} is not a filter: {error}"));
        }
        let is_default = self.values.get("log").is_none_or(|(_, origin)| *origin == Origin::Default);
        let rust_log = std::env::var("RUST_LOG").ok().filter(|_| is_default);
        Some(LogSettings { filter: rust_log.or(filter)?, format: format?, repeats: repeats? })
    }

    fn changes(&mut self) -> Option<Changes> {
        let confirm = self.duration("changes.confirm", Duration::ZERO..=60 * SECOND);
        let unwatched = self.duration("changes.unwatched", Duration::ZERO..=DAY);
        let notified = self.flag("changes.notified");
        Some(Changes { confirm: confirm?, unwatched: unwatched?, notified: notified? })
    }

    fn cache(&mut self) -> Option<Cache> {
        let bytes = self.number("cache.bytes", 0..=1 << 40)?;
        Some(Cache { bytes: bytes.unsigned_abs() })
    }

    fn pool(&mut self) -> Option<Pool> {
        let connections = self.count("pool.connections", 1..=10_000);
        let acquire = self.duration("pool.acquire", 10 * MS..=DAY);
        let scans = self.count("pool.scans", 1..=100);
        Some(Pool { connections: u32::try_from(connections?).ok()?, acquire: acquire?, scans: scans? })
    }

    fn outages(&mut self) -> Option<Outages> {
        let every = self.duration("health.every", 10 * MS..=DAY);
        let timeout = self.duration("health.timeout", 10 * MS..=DAY);
        let failures = self.count("health.failures", 1..=1000);
        let silence = self.duration("pool.silence", 10 * MS..=DAY);
        let (every, timeout, failures, silence) = (every?, timeout?, u32::try_from(failures?).ok()?, silence?);
        let outages = Outages { every, timeout, failures, silence };
        if silence < outages.answers_within() {
            self.problem(
                "pool.silence",
                "is shorter than health.every and health.timeout together: connections would count as dead between looks",
            );
        }
        Some(outages)
    }

    fn calls(&mut self) -> Option<Calls> {
        let default_deadline = self.duration("calls.default_deadline", MS..=DAY);
        let max_deadline = self.duration("calls.max_deadline", MS..=DAY);
        let (default_deadline, max_deadline) = (default_deadline?, max_deadline?);
        if default_deadline > max_deadline {
            self.problem("calls.default_deadline", "is longer than calls.max_deadline");
        }
        Some(Calls { default_deadline, max_deadline })
    }

    fn limits(&mut self) -> Option<Limits> {
        let queries = self.count("limits.queries", 1..=100_000);
        let queue = self.duration("limits.queue", Duration::ZERO..=DAY);
        let waiting = self.count("limits.waiting", 0..=1_000_000);
        let queries_per_caller = self.count("limits.queries_per_caller", 0..=100_000);
        let waiting_per_caller = self.count("limits.waiting_per_caller", 0..=1_000_000);
        let rate_per_caller = self.count("limits.rate_per_caller", 0..=1_000_000);
        let checks = self.count("limits.checks", 1..=1000);
        let connections = self.count("limits.connections", 1..=1_000_000);
        let calls_per_connection = self.count("limits.calls_per_connection", 1..=100_000);
        let handshake = self.duration("limits.handshake", 10 * MS..=DAY);
        let request_bytes = self.count("limits.request_bytes", 1024..=1 << 30);
        let status_bytes = self.count("limits.status_bytes", 1024..=1 << 16);
        let figures = self.count("limits.figures", 1..=u32::MAX);
        let memory = self.number("limits.memory", 0..=1 << 50);
        let buckets = self.count("limits.buckets", 1..=3700);
        let filter_values = self.count("limits.filter_values", 1..=30_000);
        let stall = self.duration("limits.stall", 10 * MS..=DAY);
        Some(Limits {
            queries: queries?,
            queue: queue?,
            waiting: waiting?,
            queries_per_caller: Some(queries_per_caller?).filter(|share| *share > 0),
            waiting_per_caller: Some(waiting_per_caller?).filter(|share| *share > 0),
            rate_per_caller: u32::try_from(rate_per_caller?).ok().filter(|rate| *rate > 0),
            checks: checks?,
            connections: connections?,
            calls_per_connection: u32::try_from(calls_per_connection?).ok()?,
            handshake: handshake?,
            request_bytes: request_bytes?,
            status_bytes: status_bytes?,
            figures: figures?,
            memory: Some(memory?.unsigned_abs()).filter(|memory| *memory > 0),
            buckets: buckets?,
            filter_values: filter_values?,
            stall: stall?,
        })
    }

    fn compression(&mut self) -> Option<Compression> {
        let answers = self.flag("compression.answers");
        let min_bytes = self.count("compression.min_bytes", 0..=1 << 30);
        Some(Compression { answers: answers?, min_bytes: min_bytes? })
    }

    fn drain(&mut self) -> Option<Drain> {
        let [delay, streams, calls] =
            ["drain.delay", "drain.streams", "drain.calls"].map(|key| self.duration(key, Duration::ZERO..=DAY));
        Some(Drain { delay: delay?, streams: streams?, calls: calls? })
    }

    fn tls(&mut self) -> Option<Option<Tls>> {
        let [certificate, key, client_ca] = ["tls.certificate", "tls.key", "tls.client_ca"].map(|key| self.path(key));
        let required = self.choice("tls.client_certificate", &[("required", true), ("optional", false)]);
        let (certificate, key, client_ca, required) = (certificate?, key?, client_ca?, required?);
        let clients = client_ca.map(|authorities| ClientCertificate { authorities, required });
        match (certificate, key) {
            (Some(certificate), Some(key)) => Some(Some(Tls { certificate, key, clients })),
            (None, None) if clients.is_none() => Some(None),
            (Some(_), _) => self.wrong("tls.key", "is not set, but tls.certificate is"),
            (None, _) => self.wrong("tls.certificate", "is not set, but tls.key or tls.client_ca is"),
        }
    }

    fn auth(&mut self, listen: Option<SocketAddr>) -> Option<Auth> {
        let anonymous = self.flag("auth.allow_anonymous");
        let tokens = self.path("auth.tokens_file");
        let roles = self.roles();
        let jwt = self.jwt();
        let auth = Auth { tokens: tokens?, jwt: jwt?, roles: roles? };
        let loopback = listen.is_none_or(|address| address.ip().is_loopback());
        match (anonymous?, auth.lets_anybody_in()) {
            (true, false) => {
                self.problem("auth.allow_anonymous", "contradicts auth.tokens_file and auth.jwt: leave one out")
            }
            (false, true) if !loopback => self.problem(
                "auth",
                "calls on an address that is not loopback need authentication: set auth.tokens_file or auth.jwt, or \
                 auth.allow_anonymous = true to let anybody see everything",
            ),
            (_, true) if !auth.roles.is_empty() => {
                self.problem("auth.roles", "needs auth.tokens_file or auth.jwt: nobody has a role without them");
            }
            _ => {}
        }
        Some(auth)
    }

    fn roles(&mut self) -> Option<BTreeMap<String, Vec<String>>> {
        let value = self.value("auth.roles");
        match value.clone().try_into::<BTreeMap<String, Vec<String>>>() {
            Ok(roles) => Some(roles),
            Err(_) => {
                let text = format!("{value} is not a table of roles, such as {{ dashboards = [\"QueryKpis\"] }}");
                self.wrong("auth.roles", text)
            }
        }
    }

    fn jwt(&mut self) -> Option<Option<Jwt>> {
        let file = self.path("auth.jwt.jwks_file");
        let url = self.set("auth.jwt.jwks_url");
        let refresh = self.duration("auth.jwt.jwks_refresh", SECOND..=DAY);
        let leeway = self.duration("auth.jwt.leeway", Duration::ZERO..=600 * SECOND);
        let algorithms = self.algorithms();
        let authorities = self.path("auth.jwt.jwks_ca");
        let names = self.caller_names();
        let [issuer, audience, everything_claim, teams_claim, reps_claim, roles_claim] =
            ["issuer", "audience", "everything_claim", "teams_claim", "reps_claim", "roles_claim"]
                .map(|name| self.text(&format!("auth.jwt.{name}")));
        let keys = match (file?, url?) {
            (None, None) => return Some(None),
            (Some(_), Some(_)) => {
                return self.wrong("auth.jwt.jwks_url", "is set beside auth.jwt.jwks_file: leave one out");
            }
            (Some(file), None) => Jwks::File(file),
            (None, Some(url)) => match WebAddress::parse(&url) {
                Some(address) => Jwks::Url(address, refresh?),
                None => return self.wrong("auth.jwt.jwks_url", "is not an https:// address"),
            },
        };
        let authorities = authorities?;
        if authorities.is_some() && !matches!(&keys, Jwks::Url(url, _) if url.is_https()) {
            self.problem("auth.jwt.jwks_ca", "is for an https:// address in auth.jwt.jwks_url: leave it out");
        }
        for (name, value) in [("issuer", &issuer), ("audience", &audience)] {
            if value.as_ref().is_some_and(String::is_empty) {
                self.problem(
                    &format!("auth.jwt.{name}"),
                    "is not set, but keys are: a token of any other service would do",
                );
            }
        }
        Some(Some(Jwt {
            keys,
            issuer: issuer?,
            audience: audience?,
            algorithms: algorithms?,
            leeway: leeway?,
            authorities,
            names: names?,
            everything_claim: everything_claim?,
            teams_claim: teams_claim?,
            reps_claim: reps_claim?,
            roles_claim: roles_claim?,
        }))
    }

    fn caller_names(&mut self) -> Option<CallerNames> {
        let key = self.path("auth.jwt.caller_names_key_file");
        let hashed = self.choice("auth.jwt.caller_names", &[("plain", false), ("hash", true)]);
        match (hashed?, key?) {
            (true, key) => Some(CallerNames::Hash(key)),
            (false, None) => Some(CallerNames::Plain),
            (false, Some(_)) => self
                .wrong("auth.jwt.caller_names_key_file", "is only for auth.jwt.caller_names = \"hash\": leave it out"),
        }
    }

    fn algorithms(&mut self) -> Option<Vec<Algorithm>> {
        const KEY: &str = "auth.jwt.algorithms";
        let names = self.texts(KEY)?;
        if names.is_empty() {
            return self.wrong(KEY, "is empty: name at least one of RS256, ES256 and EdDSA");
        }
        let mut algorithms = Vec::new();
        for name in names {
            algorithms.push(match name.as_str() {
                "RS256" => Algorithm::Rs256,
                "ES256" => Algorithm::Es256,
                "EdDSA" => Algorithm::EdDsa,
                _ => return self.wrong(KEY, format_args!("{name:?} is not one of RS256, ES256 and EdDSA")),
            });
        }
        Some(algorithms)
    }

    fn telemetry(&mut self) -> Option<Telemetry> {
        let otlp_endpoint = self.set("telemetry.otlp_endpoint");
        let service_name = self.text("telemetry.service_name");
        let sample_ratio = match self.value("telemetry.sample_ratio") {
            Value::Float(ratio) if (0.0..=1.0).contains(&ratio) => Some(ratio),
            Value::Integer(ratio @ (0 | 1)) => Some(ratio as f64),
            other => self.wrong("telemetry.sample_ratio", format_args!("{other} is not a number from 0 to 1")),
        };
        let otlp_endpoint = match otlp_endpoint?.map(|url| WebAddress::parse(&url)) {
            None => None,
            Some(Some(address)) if !address.has_credentials() => Some(address),
            Some(Some(_)) => {
                let text = "has a user or a password, which would not be sent: set OTEL_EXPORTER_OTLP_HEADERS instead";
                return self.wrong("telemetry.otlp_endpoint", text);
            }
            Some(None) => {
                return self.wrong("telemetry.otlp_endpoint", "is not an address such as http://127.0.0.1:4317");
            }
        };
        Some(Telemetry { otlp_endpoint, service_name: service_name?, sample_ratio: sample_ratio? })
    }
}

/// The URL in the first line of a file. An error says what is wrong with the file, without a word of what is in it.
pub(crate) fn read_url(file: &Path) -> Result<DatabaseUrl, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("cannot be read: {error}"))?;
    match text.lines().next().map(str::trim).filter(|line| !line.is_empty()) {
        Some(line) => line.parse().map_err(|error: UrlError| format!("holds a URL that {error}")),
        None => Err("has no URL in its first line".into()),
    }
}
