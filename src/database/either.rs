/// What one of the databases has, in whichever form it has it.
#[derive(Clone, Debug)]
pub enum Either<P, S> {
    /// PostgreSQL's.
    Postgres(P),
    /// SQLite's.
    Sqlite(S),
}

/// Does with either what can be done with both.
macro_rules! either {
    ($either:expr, $it:ident => $done:expr) => {
        match $either {
            $crate::database::either::Either::Postgres($it) => $done,
            $crate::database::either::Either::Sqlite($it) => $done,
        }
    };
}
pub(super) use either;
