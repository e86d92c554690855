use super::watched::unwatched;
use crate::database::changes::Watching;
use crate::database::changes::count::Count;
use crate::database::changes::version::Unwatched;
use crm_kpi_migrations::DATA_CHANGED_CHANNEL;
use sea_orm::sqlx::postgres::{PgListener, PgNotification, PgPoolOptions};
use sea_orm::sqlx::{self, Executor, PgPool};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, sleep_until, timeout};

/// How long the database may take for an answer before its connection counts as lost.
const PATIENCE: Duration = Duration::from_secs(3);

/// What PostgreSQL shows for the connection.
const APPLICATION_NAME: &str = "crm-kpi listener";

/// The pause between attempts to connect.
const PAUSE: Duration = Duration::from_secs(1);

/// How often it is looked at which tables tell of their changes.
const LOOK: Duration = Duration::from_secs(10);

/// Listens for changes of the data on a connection of its own, and connects again when that is lost.
#[derive(Debug)]
pub struct Listener {
    questions: mpsc::Sender<Question>,
    confirmed: Arc<Confirmed>,
    confirm: Duration,
}

/// Answered with whether all changes that were committed before it was asked have been counted.
type Question = oneshot::Sender<bool>;

/// The last moment before which all changes have been counted, unless the connection was lost since.
#[derive(Debug, Default)]
struct Confirmed {
    at: Mutex<Option<Instant>>,
    /// A later one has been asked for ahead.
    ahead: AtomicBool,
}

impl Confirmed {
    fn set(&self, at: Option<Instant>) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = at;
        self.ahead.store(false, Ordering::Relaxed);
    }

    fn get(&self) -> Option<Instant> {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Connects in the background. Questions wait for the first attempt.
    pub fn start(database: PgPool, count: Arc<Count>, watching: Watching) -> Self {
        let (questions, asked) = mpsc::channel(64);
        let confirmed = Arc::new(Confirmed::default());
        let confirm = watching.confirm;
        let to = To { database, count, watching };
        let listening = Listening { asked, confirmed: confirmed.clone(), to };
        tokio::spawn(listening.run());
        Self { questions, confirmed, confirm }
    }

    /// Whether the database has said of late that all changes up to then have been counted. Later ones come by themselves.
    /// Before that is too long ago it is asked again, so that of many who poll none waits.
    pub fn was_up_to_date(&self) -> bool {
        let Some(age) = self.confirmed.get().map(|at| at.elapsed()) else { return false };
        if age >= self.confirm {
            return false;
        }
        if age >= self.confirm / 2 && !self.confirmed.ahead.swap(true, Ordering::Relaxed) {
            // Where there is no room others ask already. Nobody waits for the answer.
            let _ = self.questions.try_send(oneshot::channel().0);
        }
        true
    }

    /// Whether all changes that were committed before this call have been counted. False while there is no connection.
    pub async fn is_up_to_date(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        self.questions.send(answer).await.is_ok() && answered.await.unwrap_or(false)
    }
}

/// What listens.
struct Listening {
    asked: mpsc::Receiver<Question>,
    confirmed: Arc<Confirmed>,
    to: To,
}

/// What is listened to.
struct To {
    /// It knows how to connect.
    database: PgPool,
    count: Arc<Count>,
    watching: Watching,
}

impl Listening {
    /// Runs until nobody can ask any more.
    async fn run(mut self) {
        let mut connected = self.to.connect().await;
        loop {
            match connected {
                Ok(listener) => {
                    tracing::debug!("listening for changes of the data");
                    let ended = self.listen(listener).await;
                    self.lost();
                    if ended.is_ok() {
                        return;
                    }
                    tracing::warn!("lost the connection that listens for changes of the data");
                }
                Err(error) => {
                    tracing::debug!(%error, "cannot listen for changes of the data");
                    tokio::select! {
                        () = refuse_all(&mut self.asked) => return,
                        () = sleep(PAUSE) => {}
                    }
                }
            }
            connected = tokio::select! {
                connected = self.to.connect() => connected,
                () = refuse_all(&mut self.asked) => return,
            };
        }
    }

    /// Nothing tells of changes any more.
    fn lost(&self) {
        self.confirmed.set(None);
        self.to.count.watch(Unwatched::All);
    }

    /// Counts changes until the connection is lost (an error), or nobody can ask any more.
    async fn listen(&mut self, mut listener: PgListener) -> Result<(), sqlx::Error> {
        let mut look = tokio::time::Instant::now() + LOOK;
        loop {
            tokio::select! {
                notification = listener.try_recv() => match notification? {
                    Some(notification) => self.to.notified(&notification),
                    None => return Err(sqlx::Error::WorkerCrashed),
                },
                question = self.asked.recv() => {
                    let Some(question) = question else { return Ok(()) };
                    self.confirm(question, &mut listener).await?;
                }
                () = sleep_until(look) => {
                    let looking = timeout(PATIENCE, self.to.look(&mut listener));
                    looking.await.map_err(|_| sqlx::Error::PoolTimedOut)??;
                    look = tokio::time::Instant::now() + LOOK;
                }
            }
        }
    }

    /// Has the database say that it has notified of everything, for this question and those that wait behind it.
    async fn confirm(&mut self, question: Question, listener: &mut PgListener) -> Result<(), sqlx::Error> {
        let mut questions = vec![question];
        while let Ok(another) = self.asked.try_recv() {
            questions.push(another);
        }
        let began = Instant::now();
        // The server sends what it has to notify of before it answers.
        let answered = timeout(PATIENCE, listener.execute("SELECT 1")).await;
        let up_to_date = matches!(answered, Ok(Ok(_)));
        while let Some(notification) = listener.next_buffered() {
            self.to.notified(&notification);
        }
        if up_to_date {
            self.confirmed.set(Some(began));
        } else {
            self.lost();
        }
        for question in questions {
            // Whoever does not wait any more needs no answer.
            let _ = question.send(up_to_date);
        }
        if up_to_date { Ok(()) } else { Err(sqlx::Error::WorkerCrashed) }
    }
}

impl To {
    /// Begins to listen, or fails in time.
    async fn connect(&self) -> Result<PgListener, sqlx::Error> {
        timeout(PATIENCE, self.try_connect()).await.map_err(|_| sqlx::Error::PoolTimedOut)?
    }

    /// Connects through a pool of its own: a listener gives its connection back only after a last statement, which takes
    /// its time on a connection that is dead.
    async fn try_connect(&self) -> Result<PgListener, sqlx::Error> {
        let options = (*self.database.connect_options()).clone().application_name(APPLICATION_NAME);
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .max_lifetime(None)
            .idle_timeout(None)
            .connect_lazy_with(options);
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(DATA_CHANGED_CHANNEL).await?;
        self.look(&mut listener).await?;
        Ok(listener)
    }

    /// Looks at which tables tell of their changes.
    async fn look(&self, listener: &mut PgListener) -> Result<(), sqlx::Error> {
        let unwatched = match self.watching.notified {
            true => Unwatched::Some(Default::default()),
            false => unwatched(listener, self.watching.tables).await?,
        };
        self.count.watch(unwatched);
        Ok(())
    }

    fn notified(&self, notification: &PgNotification) {
        let table = notification.payload();
        self.count.changed(self.watching.tables.contains(&table).then_some(table));
    }
}

/// Answers "no" for as long as anybody can ask.
async fn refuse_all(asked: &mut mpsc::Receiver<Question>) {
    while let Some(question) = asked.recv().await {
        let _ = question.send(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIRM: Duration = Duration::from_secs(20);

    /// A listener that the database last confirmed so long ago, and what it asks.
    fn confirmed(age: Duration, confirm: Duration) -> (Listener, mpsc::Receiver<Question>) {
        let (questions, asked) = mpsc::channel(4);
        let confirmed = Arc::new(Confirmed::default());
        confirmed.set(Instant::now().checked_sub(age));
        (Listener { questions, confirmed, confirm }, asked)
    }

    #[test]
    fn the_database_is_asked_once_before_anybody_must_wait() {
        let (listener, mut asked) = confirmed(Duration::ZERO, CONFIRM);
        assert!(listener.was_up_to_date());
        assert!(asked.try_recv().is_err());

        let (listener, mut asked) = confirmed(CONFIRM / 2, CONFIRM);
        assert!(listener.was_up_to_date() && listener.was_up_to_date());
        assert!(asked.try_recv().is_ok() && asked.try_recv().is_err());
        // Once it is answered, or the connection is lost, it can be asked again.
        listener.confirmed.set(Instant::now().checked_sub(CONFIRM / 2));
        assert!(listener.was_up_to_date());
        assert!(asked.try_recv().is_ok());
    }

    #[test]
    fn what_was_confirmed_too_long_ago_does_not_count() {
        for (listener, mut asked) in [confirmed(CONFIRM, CONFIRM), confirmed(Duration::ZERO, Duration::ZERO)] {
            assert!(!listener.was_up_to_date());
            assert!(asked.try_recv().is_err());
        }
        let (listener, _asked) = confirmed(Duration::ZERO, CONFIRM);
        listener.confirmed.set(None);
        assert!(!listener.was_up_to_date());
    }
}
