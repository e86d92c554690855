use super::count::Count;
use crm_kpi_migrations::DATA_CHANGED_CHANNEL;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sea_orm::sqlx::{self, Executor};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

/// How long the database may take for an answer before its connection counts as lost.
const PATIENCE: Duration = Duration::from_secs(3);

/// What PostgreSQL shows for the connection.
const APPLICATION_NAME: &str = "crm-kpi listener";

/// The pause between attempts to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens for changes of the data on a connection of its own, and connects again when that is lost.
#[derive(Debug)]
pub(super) struct Listener {
    questions: mpsc::Sender<Question>,
}

/// Answered with whether all changes that were committed before it was asked have been counted.
type Question = oneshot::Sender<bool>;

impl Listener {
    /// Tries to connect once before it returns.
    pub(super) async fn start(options: PgConnectOptions, count: Arc<Count>) -> Self {
        let (questions, asked) = mpsc::channel(64);
        let options = options.application_name(APPLICATION_NAME);
        let first = connect(&options).await.ok();
        tokio::spawn(run(options, first, asked, count));
        Self { questions }
    }

    /// Whether all changes that were committed before this call have been counted. False while there is no connection.
    pub(super) async fn is_up_to_date(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        self.questions.send(answer).await.is_ok() && answered.await.unwrap_or(false)
    }
}

/// Runs until nobody can ask any more.
async fn run(
    options: PgConnectOptions,
    mut listener: Option<PgListener>,
    mut asked: mpsc::Receiver<Question>,
    count: Arc<Count>,
) {
    loop {
        match listener.take() {
            Some(connected) => {
                if listen(connected, &mut asked, &count).await.is_ok() {
                    return;
                }
                // What was committed since is not known.
                count.move_on();
                tracing::warn!("lost the connection that listens for changes of the data");
            }
            None => {
                tokio::select! {
                    connected = connect(&options) => match connected {
                        Ok(connected) => {
                            count.move_on();
                            listener = Some(connected);
                            tracing::info!("listening for changes of the data");
                        }
                        Err(_) => tokio::select! {
                            () = refuse_all(&mut asked) => return,
                            () = sleep(PAUSE) => {}
                        },
                    },
                    () = refuse_all(&mut asked) => return,
                }
            }
        }
    }
}

/// Begins to listen, or fails in time.
async fn connect(options: &PgConnectOptions) -> Result<PgListener, sqlx::Error> {
    timeout(PATIENCE, try_connect(options)).await.map_err(|_| sqlx::Error::PoolTimedOut)?
}

/// Connects through a pool of its own: a listener gives its connection back only after a last statement, which takes
/// its time on a connection that is dead.
async fn try_connect(options: &PgConnectOptions) -> Result<PgListener, sqlx::Error> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .max_lifetime(None)
        .idle_timeout(None)
        .connect_lazy_with(options.clone());
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.eager_reconnect(false);
    listener.listen(DATA_CHANGED_CHANNEL).await?;
    Ok(listener)
}

/// Answers "no" for as long as anybody can ask.
async fn refuse_all(asked: &mut mpsc::Receiver<Question>) {
    while let Some(question) = asked.recv().await {
        let _ = question.send(false);
    }
}

/// Counts changes until the connection is lost (an error), or nobody can ask any more.
async fn listen(
    mut listener: PgListener,
    asked: &mut mpsc::Receiver<Question>,
    count: &Count,
) -> Result<(), sqlx::Error> {
    loop {
        tokio::select! {
            notification = listener.try_recv() => match notification? {
                Some(_) => count.move_on(),
                None => return Err(sqlx::Error::WorkerCrashed),
            },
            question = asked.recv() => {
                let Some(question) = question else { return Ok(()) };
                let mut questions = vec![question];
                while let Ok(another) = asked.try_recv() {
                    questions.push(another);
                }
                // The server sends what it has to notify of before it answers.
                let answered = timeout(PATIENCE, listener.execute("SELECT 1")).await;
                let up_to_date = matches!(answered, Ok(Ok(_)));
                while listener.next_buffered().is_some() {
                    count.move_on();
                }
                for question in questions {
                    // Whoever does not wait any more needs no answer.
                    let _ = question.send(up_to_date);
                }
                if !up_to_date {
                    return Err(sqlx::Error::WorkerCrashed);
                }
            }
        }
    }
}
