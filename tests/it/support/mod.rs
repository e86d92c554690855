//! What the tests stand on.

pub mod bulk;
mod database;
pub mod http;
mod proxy;
mod refusal;
pub mod sample;
mod server;

#[allow(unused_imports)]
pub use database::pool;
pub use database::{Kind, TestDatabase};
pub use proxy::{Mode, Proxy};
pub use refusal::Refusal;
#[allow(unused_imports)]
pub use server::{NOW, Streamed, TestServer, any_of, connect, dates, none_of, query_of, settings, stop};

/// Runs an async test function, which takes a [`Kind`], on every database.
macro_rules! on_every_database {
    ($($(#[$attribute:meta])* $name:ident),+ $(,)?) => {$(
        mod $name {
            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::Kind::Sqlite).await;
            }

            $(#[$attribute])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name($crate::support::Kind::Postgres).await;
            }
        }
    )+};
}
pub(crate) use on_every_database;
