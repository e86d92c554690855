use tokio_util::sync::CancellationToken;

/// Tells a listener what is to end.
#[derive(Clone, Debug, Default)]
pub(super) struct Ending {
    /// No new connections and calls.
    pub stopping: CancellationToken,
    /// Streams end with a status.
    pub streams: CancellationToken,
    /// Everything ends at once.
    pub cut: CancellationToken,
}
