use crate::database::changes::count::Count;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use sea_orm::sqlx::{self, ConnectOptions, SqliteConnection};
use std::time::Instant;
use tokio::sync::Mutex;

/// Asks SQLite whether anybody has committed, on a connection of its own, which sees the commits of all others.
#[derive(Debug)]
pub struct Pragma {
    options: Box<SqliteConnectOptions>,
    asked: Mutex<Asked>,
}

#[derive(Debug, Default)]
struct Asked {
    connection: Option<SqliteConnection>,
    /// What the connection said last. Only values of one connection can be compared.
    seen: Option<i64>,
    /// There was a connection before.
    reconnected: bool,
    /// When it was last asked with success.
    began: Option<Instant>,
}

impl Pragma {
    pub fn new(options: SqliteConnectOptions) -> Self {
        Self { options: Box::new(options), asked: Mutex::default() }
    }

    /// Counts what was committed before this call. Those who come while the connection answers share the next answer.
    pub async fn read(&self, count: &Count) -> Result<(), sqlx::Error> {
        let came = Instant::now();
        let mut asked = self.asked.lock().await;
        if asked.began.is_some_and(|began| began >= came) {
            return Ok(());
        }
        let began = Instant::now();
        asked.read(&self.options, count).await?;
        asked.began = Some(began);
        Ok(())
    }
}

impl Asked {
    /// Asks the connection. A caller who gives up while it answers leaves it fit for the next one: otherwise callers could
    /// have the version move on without any change.
    async fn read(&mut self, options: &SqliteConnectOptions, count: &Count) -> Result<(), sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            place => {
                let connection = options.connect().await?;
                self.seen = None;
                if std::mem::replace(&mut self.reconnected, true) {
                    count.changed(None);
                }
                place.insert(connection)
            }
        };
        let answer = sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await;
        if answer.is_err() {
            self.connection = None;
        }
        let now: i64 = answer?;
        if self.seen.replace(now).is_some_and(|before| before != now) {
            count.changed(None);
        }
        Ok(())
    }
}
