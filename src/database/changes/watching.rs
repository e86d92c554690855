use std::time::Duration;

/// How changes are noticed.
#[derive(Clone, Copy, Debug)]
pub struct Watching {
    /// How old PostgreSQL's word may be that all notifications have come. Asked for anew when it is older.
    pub confirm: Duration,
    /// How long tables that do not tell of their changes count as unchanged.
    pub unwatched: Duration,
    /// Whoever changes tables without triggers notifies of it.
    pub notified: bool,
    /// The names of all tables.
    pub tables: &'static [&'static str],
}
