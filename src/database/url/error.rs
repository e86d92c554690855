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
