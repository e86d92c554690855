/// What an error means for whoever asked the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The database cannot be reached, or lets nobody in.
    Unavailable,
    /// The database broke off what it was doing, though nothing is wrong with the question.
    Interrupted(Interruption),
    /// The database has no room for this now: connections, memory, disk.
    Overloaded,
    /// A table or a column does not exist.
    NoTable,
    /// The service's role may not read something.
    NoPermission,
    /// A sum does not fit its type.
    Overflow,
    /// Anything else.
    Other,
}

/// Why the database broke off a question that it may well answer when asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// The connection is lost.
    Lost,
    /// The server ended the connection: it shuts down, has crashed, or somebody told it to.
    Terminated,
    /// Other transactions are in the way: replication on a standby, mostly.
    Conflict,
    /// Two transactions waited for each other.
    Deadlock,
    /// A timeout of the database, or somebody who cancelled the statement.
    Cancelled,
    /// Somebody keeps what is to be read locked.
    Locked,
    /// What the connection remembers is outdated: a statement that was prepared, or a snapshot.
    Stale,
}

impl Interruption {
    pub const ALL: [Self; 7] =
        [Self::Lost, Self::Terminated, Self::Conflict, Self::Deadlock, Self::Cancelled, Self::Locked, Self::Stale];

    /// Its name in metrics and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost => "connection_lost",
            Self::Terminated => "terminated",
            Self::Conflict => "conflict",
            Self::Deadlock => "deadlock",
            Self::Cancelled => "cancelled",
            Self::Locked => "locked",
            Self::Stale => "stale",
        }
    }

    /// Whether the connection is gone, and maybe the whole database with it.
    pub fn is_outage(self) -> bool {
        matches!(self, Self::Lost | Self::Terminated)
    }
}
