use super::dialect::Dialect;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use std::fmt::{self, Debug, Display};
use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr;
use url::{Host, Url};

/// Where a database is: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Shown without its password and its
/// parameters, also by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    dialect: Dialect,
    /// What the driver reads. Secret.
    secret: String,
    shown: String,
    ignored: Vec<&'static str>,
    files: Vec<String>,
    /// The schema whose tables are meant, where it is not that of the role's search path.
    schema: Option<String>,
}

/// Why a text is not a database URL. Quotes nothing of it but a scheme: it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// There is no scheme.
    #[error("is not a database URL: use sqlite://FILE or postgres://USER@HOST/DATABASE")]
    NoUrl,
    /// The scheme is of another database.
    #[error("names an unsupported database ({0}): use sqlite://FILE or postgres://USER@HOST/DATABASE")]
    Scheme(String),
    /// A character that means something else in a URL.
    #[error(
        "has a character that must be percent-encoded, most likely in its password: use %23 for #, %2F for /, %3F for ?, \
         %40 for @, %25 for % and %20 for a space"
    )]
    Unescaped,
    /// Host and port cannot be read.
    #[error(
        "has no valid host and port: use HOST or HOST:PORT, [::1] for an IPv6 address, and percent-encode special characters \
         in the password (%23 for #, %2F for /, %3F for ?, %40 for @)"
    )]
    Host,
    /// Several hosts.
    #[error(
        "names several hosts, which is not supported: name one that always leads to the primary, such as a DNS name or virtual \
         address that follows it, HAProxy or PgBouncer in front of the servers, or a managed service's endpoint"
    )]
    Hosts,
    /// A parameter that asks for one of several servers.
    #[error(
        "has target_session_attrs, which is not supported: leave it out, and name a host that leads to the server you want"
    )]
    TargetSession,
    /// A parameter with a value that it cannot have.
    #[error("has an invalid value for the parameter {0}: expected {1}")]
    Value(&'static str, &'static str),
    /// A parameter that means nothing.
    #[error("has an unknown parameter: supported ones are {0}")]
    Parameter(&'static str),
    /// Anything else that the driver does not take.
    #[error("cannot be parsed: use sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
    NotUnderstood,
}

const SSL_MODE: &str = "disable, prefer, require, verify-ca or verify-full";

const POSTGRES_PARAMETERS: &str = "sslmode, sslrootcert, sslcert, sslkey, host, hostaddr, port, dbname, user, password, \
    application_name, options and statement-cache-capacity";

const SQLITE_PARAMETERS: &str = "mode, cache, immutable and vfs";

/// What PostgreSQL's own client knows and our driver does not: left out, and told.
const IGNORED: [&str; 24] = [
    "channel_binding",
    "client_encoding",
    "connect_timeout",
    "fallback_application_name",
    "gssdelegation",
    "gssencmode",
    "gsslib",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbsrvname",
    "load_balance_hosts",
    "passfile",
    "require_auth",
    "requirepeer",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslnegotiation",
    "sslsni",
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "tcp_user_timeout",
];

impl DatabaseUrl {
    /// Whose SQL the database speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Parameters that have no effect here.
    pub fn ignored(&self) -> &[&'static str] {
        &self.ignored
    }

    /// The first file among its certificates and keys that cannot be read or holds nothing in PEM.
    pub fn unusable_file(&self) -> Option<&Path> {
        let is_pem = |path: &String| {
            std::fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.starts_with("-----BEGIN ")))
        };
        self.files.iter().find(|path| !is_pem(path)).map(Path::new)
    }

    /// Whether another URL leads to the same data, if perhaps with another role or password.
    pub fn is_same_place(&self, other: &Self) -> bool {
        let place = |url: &Self| {
            let url = Url::parse(&url.secret).ok()?;
            let named =
                |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            let names = ["host", "hostaddr", "port", "dbname", "options"].map(named);
            Some((url.host_str().map(str::to_owned), url.port().unwrap_or(5432), url.path().to_owned(), names))
        };
        self.dialect == other.dialect
            && match self.dialect {
                Dialect::Sqlite => self.secret == other.secret,
                Dialect::Postgres => place(self) == place(other),
            }
    }

    /// What PostgreSQL's driver connects with. Its password, where the URL has none, is that of the environment
    /// (`PGPASSWORD`) or of the file of passwords as it is now.
    pub(super) fn postgres(&self) -> Result<PgConnectOptions, UrlError> {
        let options: PgConnectOptions = self.secret.parse().map_err(|_| UrlError::NotUnderstood)?;
        Ok(match &self.schema {
            Some(schema) => options.options([("search_path", format!("\"{schema}\""))]),
            None => options,
        })
    }

    /// The tables of one schema of PostgreSQL, such as `crm_kpi`. None: its name is not made of letters, digits, `_` and `-`.
    #[must_use]
    pub fn with_schema(self, schema: &str) -> Option<Self> {
        let is_name = !schema.is_empty()
            && schema.len() < 64
            && schema.chars().all(|character| character.is_alphanumeric() || "_-".contains(character));
        (is_name && self.dialect == Dialect::Postgres).then(|| Self { schema: Some(schema.to_owned()), ..self })
    }

    /// With the schema that another one has.
    #[must_use]
    pub fn with_schema_of(self, other: &Self) -> Self {
        Self { schema: other.schema.clone(), ..self }
    }

    /// The schema that is set.
    pub fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// What SQLite's driver connects with.
    pub(super) fn sqlite(&self) -> Result<SqliteConnectOptions, UrlError> {
        self.secret.parse().map_err(|_| UrlError::NotUnderstood)
    }

    /// Whether it is a file of SQLite that the URL says is only read.
    pub(super) fn is_only_read(&self) -> bool {
        let parameters = self.secret.split_once('?').map_or("", |(_, parameters)| parameters);
        self.dialect == Dialect::Sqlite
            && url::form_urlencoded::parse(parameters.as_bytes())
                .any(|(key, value)| matches!((&*key, &*value), ("mode", "ro") | ("immutable", "1" | "true")))
    }

    fn of_sqlite(rest: &str) -> Result<Self, UrlError> {
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (file, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        for (key, value) in url::form_urlencoded::parse(parameters.as_bytes()) {
            match (&*key, &*value) {
                ("mode", "ro" | "rw" | "rwc" | "memory") | ("cache", "private" | "shared") | ("vfs", _) => {}
                ("immutable", "0" | "1" | "true" | "false") => {}
                ("mode", _) => return Err(UrlError::Value("mode", "ro, rw, rwc or memory")),
                ("cache", _) => return Err(UrlError::Value("cache", "private or shared")),
                ("immutable", _) => return Err(UrlError::Value("immutable", "0 or 1")),
                _ => return Err(UrlError::Parameter(SQLITE_PARAMETERS)),
            }
        }
        // What begins with several slashes would be taken for a host.
        let rest =
            if rest.starts_with("//") { &rest[rest.len() - rest.trim_start_matches('/').len() - 1..] } else { rest };
        let url = Self {
            dialect: Dialect::Sqlite,
            secret: format!("sqlite:{rest}"),
            shown: format!("sqlite://{file}"),
            ignored: Vec::new(),
            files: Vec::new(),
            schema: None,
        };
        url.sqlite().map(|_| url)
    }

    fn of_postgres(text: &str, rest: &str) -> Result<Self, UrlError> {
        is_escaped(rest)?;
        let mut url = Url::parse(text).map_err(|_| cause_of(rest))?;
        if url.host_str().is_some_and(|host| host.contains(',') || host.contains("%2C")) {
            return Err(UrlError::Hosts);
        }
        let mut shown = url.clone();
        shown.set_query(None);
        // An error means that there is no host, and so no password.
        let _ = shown.set_password(None);
        let mut ignored = Vec::new();
        let mut files = Vec::new();
        let mut kept: Vec<(String, String)> = Vec::new();
        for (key, value) in url.query_pairs() {
            match &*key {
                "sslmode" | "ssl-mode" => match &*value {
                    "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full" => {}
                    _ => return Err(UrlError::Value("sslmode", SSL_MODE)),
                },
                "host" | "hostaddr" | "port" if value.contains(',') => return Err(UrlError::Hosts),
                "hostaddr" if value.parse::<IpAddr>().is_err() => {
                    return Err(UrlError::Value("hostaddr", "an IP address"));
                }
                "port" if value.parse::<u16>().is_err() => {
                    return Err(UrlError::Value("port", "a number from 1 to 65535"));
                }
                "statement-cache-capacity" if value.parse::<usize>().is_err() => {
                    return Err(UrlError::Value("statement-cache-capacity", "a number"));
                }
                "sslrootcert" | "ssl-root-cert" | "ssl-ca" | "sslcert" | "ssl-cert" | "sslkey" | "ssl-key" => {
                    files.push(value.to_string());
                }
                "host"
                | "hostaddr"
                | "port"
                | "dbname"
                | "user"
                | "password"
                | "application_name"
                | "options"
                | "statement-cache-capacity" => {}
                "target_session_attrs" if value == "any" => continue,
                "target_session_attrs" => return Err(UrlError::TargetSession),
                key if key.starts_with("options[") && key.ends_with(']') => {}
                key => match IGNORED.iter().find(|known| **known == key) {
                    Some(known) => {
                        ignored.push(*known);
                        continue;
                    }
                    None => return Err(UrlError::Parameter(POSTGRES_PARAMETERS)),
                },
            }
            kept.push((key.into_owned(), value.into_owned()));
        }
        // The driver takes the brackets for a part of the host's name.
        if let Some(Host::Ipv6(address)) = url.host() {
            url.set_host(Some("localhost")).map_err(|_| UrlError::Host)?;
            kept.insert(0, ("hostaddr".into(), address.to_string()));
        }
        url.set_query(None);
        if !kept.is_empty() {
            url.query_pairs_mut().extend_pairs(kept);
        }
        let url =
            Self { dialect: Dialect::Postgres, secret: url.into(), shown: shown.into(), ignored, files, schema: None };
        url.postgres().map(|_| url)
    }
}

/// Whether each character can only mean what it was meant to: what stands behind a password's `/`, `?` or `#` would be read
/// as a path, parameters or a fragment, and a part of the password as host and port.
fn is_escaped(rest: &str) -> Result<(), UrlError> {
    let (authority, behind) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let mut percents = rest.match_indices('%').map(|(at, _)| rest.as_bytes().get(at + 1..at + 3));
    let is_escaped = !rest.contains('#')
        && !rest.contains(|character: char| character.is_whitespace() || character.is_control())
        && percents.all(|digits| digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
        && authority.matches('@').count() <= 1
        && !behind.contains('@');
    is_escaped.then_some(()).ok_or(UrlError::Unescaped)
}

/// What is wrong with the host of a URL that cannot be parsed.
fn cause_of(rest: &str) -> UrlError {
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let hosts = authority.rsplit('@').next().unwrap_or_default();
    if hosts.contains(',') { UrlError::Hosts } else { UrlError::Host }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        match text.split_once(':') {
            Some(("sqlite", rest)) => Self::of_sqlite(rest),
            Some(("postgres" | "postgresql", rest)) => match rest.strip_prefix("//") {
                Some(rest) => Self::of_postgres(text, rest),
                None => Err(UrlError::NoUrl),
            },
            Some((scheme, rest))
                if rest.starts_with("//")
                    && scheme.len() <= 20
                    && scheme.bytes().all(|byte| byte.is_ascii_lowercase()) =>
            {
                Err(UrlError::Scheme(scheme.to_owned()))
            }
            _ => Err(UrlError::NoUrl),
        }
    }
}

impl Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> DatabaseUrl {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        let cases = [
            ("postgres://kpi:s3cret@db:5432/crm?sslmode=require", "postgres://kpi@db:5432/crm"),
            ("postgresql://kpi:s3%23cret%40@db/crm?password=s3cret", "postgresql://kpi@db/crm"),
            ("postgres://kpi:s3cret@[::1]:5433/crm", "postgres://kpi@[::1]:5433/crm"),
            ("postgres:///crm?host=/run/postgresql&user=kpi&password=s3cret", "postgres:///crm"),
            ("sqlite://crm.db?mode=ro", "sqlite://crm.db"),
            ("sqlite:/data/my crm#1.db", "sqlite:///data/my crm#1.db"),
        ];
        for (text, shown) in cases {
            assert_eq!(url(text).to_string(), shown);
            assert_eq!(format!("{:?}", url(text)), format!("{shown:?}"));
        }
    }

    #[test]
    fn what_is_not_escaped_is_refused_without_being_quoted() {
        for password in [
            "Sup3r#secret",
            "Sup3r/secret",
            "Sup3r?secret",
            "Sup3r@secret",
            "12#secret",
            "12/secret",
            "12?secret",
            "Sup3r%secret",
            "Sup3r secret",
            "Sup3r\tsecret",
            "a#b/c?d@secret",
        ] {
            for rest in ["@db/crm", "@db:5432/crm?sslmode=require", "@127.0.0.1", "@/crm?host=/run"] {
                let text = format!("postgres://kpi:{password}{rest}");
                let error = text.parse::<DatabaseUrl>().expect_err(&text);
                assert_eq!(error, UrlError::Unescaped, "{text}");
                assert!(!error.to_string().contains("secret"));
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told_without_quoting() {
        use UrlError::*;
        let cases = [
            ("", NoUrl),
            ("secret", NoUrl),
            ("host=db password=secret", NoUrl),
            ("postgres:kpi:secret", NoUrl),
            ("mysql://kpi:secret@db/crm", Scheme("mysql".into())),
            ("postgres://kpi:secret@db:secret/crm", Host),
            ("postgres://kpi:secret", Host),
            ("postgres://kpi@db:70000/crm", Host),
            ("postgres://kpi:secret@[::1/crm", Host),
            ("postgres://kpi:secret@one:5432,two:5433/crm", Hosts),
            ("postgres://kpi:secret@one,two/crm", Hosts),
            ("postgres:///crm?password=secret&host=one,two", Hosts),
            ("postgres://kpi:secret@db/crm?target_session_attrs=read-write", TargetSession),
            ("postgres://kpi:secret@db/crm?secret=1", Parameter(POSTGRES_PARAMETERS)),
            ("postgres://kpi:secret@db/crm?sslmode=secret", Value("sslmode", SSL_MODE)),
            ("sqlite://crm.db?mode=secret", Value("mode", "ro, rw, rwc or memory")),
            ("sqlite://crm.db?secret=1", Parameter(SQLITE_PARAMETERS)),
        ];
        for (text, expected) in cases {
            let error = text.parse::<DatabaseUrl>().expect_err(text);
            assert!(!error.to_string().contains("secret"), "{error}");
            assert_eq!(error, expected, "{text}");
        }
    }

    #[test]
    fn the_driver_is_given_what_it_understands() {
        let options =
            url("postgres://kpi:a%23b@[::1]:5433/crm?connect_timeout=3&application_name=x").postgres().unwrap();
        assert_eq!((options.get_host(), options.get_port(), options.get_username()), ("::1", 5433, "kpi"));
        assert_eq!(options.get_database(), Some("crm"));
        assert_eq!(url("postgres://db/crm?connect_timeout=3&target_session_attrs=any").ignored(), ["connect_timeout"]);
        for (text, file, only_read) in [
            ("sqlite://crm.db", "crm.db", false),
            ("sqlite:///data/my%20crm.db?mode=ro", "/data/my crm.db", true),
            ("sqlite:////data/a b.db?immutable=1", "/data/a b.db", true),
            ("sqlite:crm.db?mode=rwc", "crm.db", false),
        ] {
            let url = url(text);
            assert_eq!(url.sqlite().unwrap().get_filename(), Path::new(file), "{text}");
            assert_eq!(url.is_only_read(), only_read, "{text}");
        }
    }

    #[test]
    fn a_rotated_password_is_the_same_place() {
        let place = url("postgres://kpi:one@db/crm");
        for same in ["postgres://kpi:two@db:5432/crm", "postgres://other@db/crm?sslmode=require"] {
            assert!(place.is_same_place(&url(same)), "{same}");
        }
        for other in ["postgres://kpi:one@db/other", "postgres://kpi:one@db2/crm", "postgres://db:1/crm", "sqlite://db"]
        {
            assert!(!place.is_same_place(&url(other)), "{other}");
        }
    }
}
