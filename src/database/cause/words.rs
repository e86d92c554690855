use std::fmt::{self, Display};

/// Why a database cannot be reached or asked. Holds nothing secret, and nothing of what a driver says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Nothing listens at the address.
    Refused,
    /// The name of the host means nothing.
    UnknownHost,
    /// There is no way to the host.
    Unreachable,
    /// No answer came in time.
    TimedOut,
    /// A connection ended too early.
    Closed,
    /// There is no Unix socket, or it may not be used.
    Socket,
    /// PostgreSQL: the password is wrong.
    WrongPassword,
    /// PostgreSQL: `pg_hba.conf` does not let this role in, or there is no such role.
    NotLetIn,
    /// PostgreSQL: there is no such database.
    NoDatabase,
    /// PostgreSQL: the role may not do this.
    NoPermission,
    /// PostgreSQL: no connection is left, for the server, the database or the role.
    TooManyConnections,
    /// PostgreSQL: it is starting or stopping.
    StartingOrStopping,
    /// PostgreSQL, or a pooler in front of it, does not take the settings of our connections.
    StartupParameters,
    /// The server does not speak TLS, but `sslmode` wants it.
    NoTls,
    /// The server's certificate is of an authority that is not trusted.
    UntrustedCertificate,
    /// The server's certificate has expired, or is not valid yet.
    ExpiredCertificate,
    /// The server's certificate is of another name.
    OtherName,
    /// The server's certificate cannot be read, such as one of X.509 version 1.
    UnreadableCertificate,
    /// The server does not accept our certificate, or wants one.
    ClientCertificate,
    /// A file of `sslrootcert`, `sslcert` or `sslkey` cannot be used.
    CertificateFile,
    /// TLS failed otherwise.
    Tls,
    /// SQLite: the file is not there or cannot be opened.
    NoFile,
    /// SQLite: the file may only be read.
    ReadOnlyFile,
    /// SQLite: the file is not a database.
    NotADatabase,
    /// SQLite: the file is damaged.
    Damaged,
    /// SQLite: somebody else keeps the file locked.
    Locked,
    /// The disk is full, or has a fault.
    Disk,
    /// A table or a column is missing.
    NoTable,
    /// No connection of the pool became free in time.
    PoolBusy,
    /// The database reported this code.
    Code(String),
    /// Anything else.
    Other,
}

impl Cause {
    /// One word for logs and metrics.
    pub fn name(&self) -> &'static str {
        self.parts().0
    }

    fn parts(&self) -> (&'static str, &'static str) {
        match self {
            Self::Refused => (
                "connection_refused",
                "connection refused: nothing listens there; check host and port, and that the server runs",
            ),
            Self::UnknownHost => ("unknown_host", "the host name cannot be resolved: check its spelling and the DNS"),
            Self::Unreachable => ("unreachable", "the host cannot be reached: check routes and firewalls"),
            Self::TimedOut => ("timed_out", "no answer in time: check firewalls, and whether the server is overloaded"),
            Self::Closed => {
                ("closed", "the connection was closed before it was ready: check that PostgreSQL listens there")
            }
            Self::Socket => ("socket", "the Unix socket is missing or may not be used: check the folder in the URL"),
            Self::WrongPassword => ("wrong_password", "the password was not accepted: check role and password"),
            Self::NotLetIn => (
                "not_let_in",
                "the server does not let this role in from here: check that the role exists and may log in, and pg_hba.conf",
            ),
            Self::NoDatabase => {
                ("no_database", "there is no such database on the server: check the name, or create it")
            }
            Self::NoPermission => (
                "no_permission",
                "the role lacks a permission: GRANT CONNECT on the database, USAGE on the schema and SELECT on its tables",
            ),
            Self::TooManyConnections => (
                "too_many_connections",
                "no connection is left: raise max_connections or the CONNECTION LIMIT of the role or database, or lower \
                 pool.connections",
            ),
            Self::StartingOrStopping => ("starting_or_stopping", "the server is starting or shutting down"),
            Self::StartupParameters => (
                "startup_parameters",
                "the server does not take our startup parameters: PgBouncer needs ignore_startup_parameters = \
                 extra_float_digits, options",
            ),
            Self::NoTls => ("no_tls", "the server does not speak TLS, but sslmode requires it"),
            Self::UntrustedCertificate => (
                "untrusted_certificate",
                "the server's certificate is signed by an authority that is not trusted: name its CA with sslrootcert",
            ),
            Self::ExpiredCertificate => (
                "expired_certificate",
                "the server's certificate has expired or is not valid yet: renew it, or check the clock",
            ),
            Self::OtherName => (
                "other_name",
                "the server's certificate is for another host name: connect by a name in it, or use sslmode=verify-ca",
            ),
            Self::UnreadableCertificate => (
                "unreadable_certificate",
                "the server's certificate cannot be read, as happens with X.509 version 1: give the server a version 3 \
                 certificate, or set sslmode=disable to connect without TLS",
            ),
            Self::ClientCertificate => (
                "client_certificate",
                "the server wants a client certificate or refused ours: check sslcert and sslkey",
            ),
            Self::CertificateFile => (
                "certificate_file",
                "a file named by sslrootcert, sslcert or sslkey is missing or holds no certificate or key (PEM)",
            ),
            Self::Tls => ("tls", "the TLS handshake failed: check sslmode and the server's TLS versions"),
            Self::NoFile => ("no_file", "the file is missing or cannot be opened"),
            Self::ReadOnlyFile => {
                ("read_only_file", "the file cannot be written: for serving, add ?mode=ro to the URL")
            }
            Self::NotADatabase => ("not_a_database", "the file is not an SQLite database"),
            Self::Damaged => ("damaged", "the file is damaged: restore it from a backup"),
            Self::Locked => ("locked", "another process keeps the file locked"),
            Self::Disk => ("disk", "the disk is full or faulty"),
            Self::NoTable => ("no_table", "tables or columns are missing: run `crm-kpi migrate up`"),
            Self::PoolBusy => ("pool_busy", "no connection of the pool became free in time: see pool.connections"),
            Self::Code(_) => ("other_code", "the database reported an error"),
            Self::Other => ("other", "the database reported an unexpected error"),
        }
    }
}

impl Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "the database reported error {code}"),
            _ => f.write_str(self.parts().1),
        }
    }
}
