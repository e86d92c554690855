use crate::database::url::error::UrlError;
use crate::database::url::parts::UrlParts;
use sea_orm::sqlx::postgres::PgConnectOptions;
use std::net::IpAddr;
use url::{Host, Url};

pub const SSL_MODE: &str = "disable, prefer, require, verify-ca or verify-full";

pub const POSTGRES_PARAMETERS: &str = "sslmode, sslrootcert, sslcert, sslkey, host, hostaddr, port, dbname, user, password, \
    application_name, options and statement-cache-capacity";

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

/// Reads a URL; `rest` is what stands behind its `//`.
pub fn read(text: &str, rest: &str) -> Result<UrlParts, UrlError> {
    is_escaped(rest)?;
    let mut url = Url::parse(text).map_err(|_| cause_of(rest))?;
    if url.host_str().is_some_and(|host| host.contains(',') || host.contains("%2C")) {
        return Err(UrlError::Hosts);
    }
    let mut shown = url.clone();
    shown.set_query(None);
    // An error means that the URL names no host, and hence no password.
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
    let parts = UrlParts { secret: url.into(), shown: shown.into(), ignored, files };
    options(&parts.secret).map(|_| parts)
}

/// What the driver connects with. Its password, where the URL has none, is that of the environment (`PGPASSWORD`) or of the
/// file of passwords as it is now.
pub fn options(secret: &str) -> Result<PgConnectOptions, UrlError> {
    secret.parse().map_err(|_| UrlError::NotUnderstood)
}

/// Whether two URLs lead to the same data, if perhaps with another role or password.
pub fn is_same_place(one: &str, other: &str) -> bool {
    let place = |url: &str| {
        let url = Url::parse(url).ok()?;
        let named = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let names = ["host", "hostaddr", "port", "dbname", "options"].map(named);
        Some((url.host_str().map(str::to_owned), url.port().unwrap_or(5432), url.path().to_owned(), names))
    };
    place(one) == place(other)
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
