use super::auth::Gate;
use super::tls::Tls;
use super::watch::{Reload, Unusable};
use crate::clock::SystemClock;
use crate::config::Settings;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What of the files and addresses that settings name cannot be used. No address is asked.
pub async fn check(settings: &Settings) -> Vec<Unusable> {
    let stopped = CancellationToken::new();
    stopped.cancel();
    let reload = Reload::new(settings.reload, stopped);
    let tls = match &settings.tls {
        Some(tls) => Tls::start(tls, &reload).await.err(),
        None => None,
    };
    let database = settings.database.unusable_file().map(|path| Unusable {
        setting: "database",
        text: format!("{}: is missing or holds no certificate or key (PEM)", path.display()),
    });
    let gate = Gate::start(&settings.auth, &reload, Arc::new(SystemClock)).await.err();
    database.into_iter().chain(tls).chain(gate).collect()
}
