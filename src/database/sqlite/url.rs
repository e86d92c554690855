use crate::database::url::error::UrlError;
use crate::database::url::parts::UrlParts;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;

pub const SQLITE_PARAMETERS: &str = "mode, cache, immutable and vfs";

/// Reads a URL: what stands behind its `sqlite:`.
pub fn read(rest: &str) -> Result<UrlParts, UrlError> {
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
    let rest = if rest.starts_with("//") { &rest[rest.len() - rest.trim_start_matches('/').len() - 1..] } else { rest };
    let parts = UrlParts {
        secret: format!("sqlite:{rest}"),
        shown: format!("sqlite://{file}"),
        ignored: Vec::new(),
        files: Vec::new(),
    };
    options(&parts.secret).map(|_| parts)
}

/// What the driver connects with.
pub fn options(secret: &str) -> Result<SqliteConnectOptions, UrlError> {
    secret.parse().map_err(|_| UrlError::NotUnderstood)
}

/// Whether the URL says that the file is only read.
pub fn is_only_read(secret: &str) -> bool {
    let parameters = secret.split_once('?').map_or("", |(_, parameters)| parameters);
    url::form_urlencoded::parse(parameters.as_bytes())
        .any(|(key, value)| matches!((&*key, &*value), ("mode", "ro") | ("immutable", "1" | "true")))
}
