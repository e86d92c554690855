use crate::database::cause::Cause;
use crate::database::url::{DatabaseUrl, UrlError};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{self, ConnectOptions, Connection, PgConnection};
use std::time::Duration;
use tokio::time::timeout;

/// How long a connection that nobody used may take to show that it is there; otherwise another one is opened.
const ANSWER: Duration = Duration::from_millis(500);

/// What pools connect with that questions are asked through: PostgreSQL itself ends what takes longer.
pub fn serving_options(url: &DatabaseUrl, longest: Duration) -> Result<PgConnectOptions, UrlError> {
    let longest = longest.as_millis().to_string();
    let timeouts = [("statement_timeout", &longest), ("idle_in_transaction_session_timeout", &longest)];
    url.postgres().map(|postgres| server_options(postgres).options(timeouts))
}

/// What every connection is opened with.
pub fn server_options(postgres: PgConnectOptions) -> PgConnectOptions {
    // A statement is planned for its values every time: from the sixth time on PostgreSQL would take a plan for any values,
    // which expects a two-hundredth of a table in a period of years.
    // Nothing is compiled: that takes longer than it gains, and PostgreSQL cannot be interrupted while it does.
    let settings = [("timezone", "UTC"), ("plan_cache_mode", "force_custom_plan"), ("jit", "off")];
    postgres.application_name("crm-kpi").disable_statement_logging().options(settings)
}

/// Connects to PostgreSQL once, and says why that does not work.
pub async fn reach(options: &PgConnectOptions, within: Duration) -> Result<(), Cause> {
    match timeout(within, options.connect()).await {
        Err(_) => Err(Cause::TimedOut),
        Ok(Err(error)) => Err(Cause::of(&error)),
        Ok(Ok(connection)) => {
            // It worked. How the connection ends does not matter.
            let _ = timeout(within, connection.close()).await;
            Ok(())
        }
    }
}

/// Whether a connection from before answers. A closed one says so; one that died unnoticed says nothing.
pub async fn still_there(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match timeout(ANSWER, connection.ping()).await {
        Ok(answered) => answered.map(|()| true),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}
