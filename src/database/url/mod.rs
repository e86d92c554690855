//! Where a database is, in a line.

pub(super) mod error;
pub(super) mod parts;
#[cfg(test)]
mod tests;

pub use error::UrlError;

use super::dialect::Dialect;
use super::{postgres, sqlite};
use parts::UrlParts;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use std::fmt::{self, Debug, Display};
use std::path::Path;
use std::str::FromStr;

/// Where a database is: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. Shown without its password and its
/// parameters, also by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    dialect: Dialect,
    parts: UrlParts,
    /// The schema whose tables are meant, where it is not that of the role's search path.
    schema: Option<String>,
}

impl DatabaseUrl {
    fn new(dialect: Dialect, parts: UrlParts) -> Self {
        Self { dialect, parts, schema: None }
    }

    /// Whose SQL the database speaks.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Parameters that have no effect here.
    pub fn ignored(&self) -> &[&'static str] {
        &self.parts.ignored
    }

    /// The first file among its certificates and keys that cannot be read or holds nothing in PEM.
    pub fn unusable_file(&self) -> Option<&Path> {
        let is_pem = |path: &String| {
            std::fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.starts_with("-----BEGIN ")))
        };
        self.parts.files.iter().find(|path| !is_pem(path)).map(Path::new)
    }

    /// Whether another URL leads to the same data, if perhaps with another role or password.
    pub fn is_same_place(&self, other: &Self) -> bool {
        let (one, two) = (&self.parts.secret, &other.parts.secret);
        match (self.dialect, other.dialect) {
            (Dialect::Sqlite, Dialect::Sqlite) => one == two,
            (Dialect::Postgres, Dialect::Postgres) => postgres::url::is_same_place(one, two),
            _ => false,
        }
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

    /// What PostgreSQL's driver connects with.
    pub(super) fn postgres(&self) -> Result<PgConnectOptions, UrlError> {
        let options = postgres::url::options(&self.parts.secret)?;
        Ok(match &self.schema {
            Some(schema) => options.options([("search_path", format!("\"{schema}\""))]),
            None => options,
        })
    }

    /// What SQLite's driver connects with.
    pub(super) fn sqlite(&self) -> Result<SqliteConnectOptions, UrlError> {
        sqlite::url::options(&self.parts.secret)
    }

    /// Whether it is a file of SQLite that the URL says is only read.
    pub(super) fn is_only_read(&self) -> bool {
        self.dialect == Dialect::Sqlite && sqlite::url::is_only_read(&self.parts.secret)
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        match text.split_once(':') {
            Some(("sqlite", rest)) => Ok(Self::new(Dialect::Sqlite, sqlite::url::read(rest)?)),
            Some(("postgres" | "postgresql", rest)) => match rest.strip_prefix("//") {
                Some(rest) => Ok(Self::new(Dialect::Postgres, postgres::url::read(text, rest)?)),
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
        f.write_str(&self.parts.shown)
    }
}

impl Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.parts.shown)
    }
}
