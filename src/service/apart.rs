use crate::error::{Error, Result};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// Works on a thread of its own, which may keep a processor busy for as long as it takes: those that answer callers see
/// deadlines and take calls meanwhile. The work ends at its next pause where nobody waits for it any more.
pub(super) async fn apart<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    let unwanted = CancellationToken::new();
    let _ends = unwanted.clone().drop_guard();
    let (runtime, work) = (Handle::current(), work.in_current_span());
    match spawn_blocking(move || runtime.block_on(unwanted.run_until_cancelled_owned(work))).await {
        Ok(Some(outcome)) => outcome,
        Ok(None) => Err(Error::Internal("work that nobody waits for".into())),
        Err(failure) => Err(Error::Internal(failure.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::time::Duration;
    use tokio::time::timeout;

    /// On a runtime with one thread, which would see nothing while it works itself.
    #[tokio::test]
    async fn a_deadline_is_seen_while_work_keeps_its_thread_busy() {
        let (end, ended) = channel::<()>();
        let work = async move {
            // Until the test is over, however long that takes.
            let _ = ended.recv();
            Ok(())
        };
        assert!(timeout(Duration::from_millis(10), apart(work)).await.is_err(), "it goes on");
        drop(end);
    }

    #[tokio::test]
    async fn work_ends_when_nobody_waits_for_it() {
        let held = Arc::new(());
        let holds = held.clone();
        let work = async move {
            let _holds = holds;
            pending::<Result<()>>().await
        };
        assert!(timeout(Duration::from_millis(10), apart(work)).await.is_err());
        while Arc::strong_count(&held) > 1 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_panic_is_an_error() {
        let work = async { if std::hint::black_box(true) { panic!("a fault") } else { Ok(()) } };
        assert!(matches!(apart(work).await, Err(Error::Internal(_))));
        assert_eq!(apart(async { Ok(7) }).await.unwrap(), 7);
    }
}
