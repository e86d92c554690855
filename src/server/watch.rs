use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a setting names cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {text}")]
pub struct Unusable {
    /// The setting.
    pub setting: &'static str,
    /// What is wrong; never a secret.
    pub text: String,
}

/// A file that a setting names.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub setting: &'static str,
    pub path: PathBuf,
}

impl File {
    /// Says what is wrong with the file.
    pub fn unusable(&self, text: impl Display) -> Unusable {
        Unusable { setting: self.setting, text: format!("{}: {text}", self.path.display()) }
    }
}

/// What could not be taken over.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Label {
    file: &'static str,
}

/// How often files are looked at, until when, and where failures are counted.
#[derive(Clone, Debug)]
pub struct Reload {
    every: Duration,
    stopping: CancellationToken,
    failures: Family<Label, Counter>,
}

impl Reload {
    /// Looks every so often until the service stops.
    pub fn new(every: Duration, stopping: CancellationToken) -> Self {
        Self { every, stopping, failures: Family::default() }
    }

    /// Shows the counts in a registry.
    pub fn register(&self, registry: &mut Registry) {
        let help = "Files (tls, tokens, jwks) that could not be taken over";
        registry.register("crm_kpi_reload_failures", help, self.failures.clone());
    }

    pub(super) fn every(&self) -> Duration {
        self.every
    }

    pub(super) fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// The count of failures with some files.
    pub(super) fn failures(&self, file: &'static str) -> Counter {
        self.failures.get_or_create(&Label { file }).clone()
    }
}

/// What files come to. They are looked at every now and then until the service stops, by their contents, so that it does not
/// matter how they are replaced. What has changed and can be parsed is taken over; what cannot is logged, once, and what was
/// there before stays. An error now is an error of the settings.
pub(super) async fn follow<T: Send + Sync + 'static>(
    files: Vec<File>,
    parse: impl Fn(&[Vec<u8>]) -> Result<T, Unusable> + Send + 'static,
    label: &'static str,
    reload: &Reload,
) -> Result<watch::Receiver<Arc<T>>, Unusable> {
    let contents = read(&files).await?;
    let mut seen = Ok(digest(&contents));
    let (sender, receiver) = watch::channel(Arc::new(parse(&contents)?));
    let Reload { every, stopping, .. } = reload.clone();
    let failures = reload.failures(label);
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                () = sender.closed() => return,
                () = tokio::time::sleep(every) => {}
            }
            let contents = read(&files).await;
            let now = contents.as_ref().map(|contents| digest(contents)).map_err(Clone::clone);
            if now == seen {
                continue;
            }
            seen = now;
            match contents.and_then(|contents| parse(&contents)) {
                Ok(parsed) => {
                    sender.send_replace(Arc::new(parsed));
                    let settings: Vec<_> = files.iter().map(|file| file.setting).collect();
                    tracing::info!(settings = settings.join(", "), "taken over: a file has changed");
                }
                Err(error) => {
                    failures.inc();
                    tracing::warn!(%error, "a file has changed and cannot be used: its former contents stay");
                }
            }
        }
    });
    Ok(receiver)
}

async fn read(files: &[File]) -> Result<Vec<Vec<u8>>, Unusable> {
    let mut contents = Vec::with_capacity(files.len());
    for file in files {
        let read = tokio::fs::read(&file.path).await;
        contents.push(read.map_err(|error| file.unusable(format_args!("cannot be read: {error}")))?);
    }
    Ok(contents)
}

/// Secrets are not kept only to be compared.
fn digest(contents: &[Vec<u8>]) -> Vec<blake3::Hash> {
    contents.iter().map(|content| blake3::hash(content)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const SOON: Duration = Duration::from_millis(2);

    fn number(file: &File) -> impl Fn(&[Vec<u8>]) -> Result<u32, Unusable> + Send + 'static {
        let file = file.clone();
        move |contents| {
            let text = String::from_utf8_lossy(&contents[0]).into_owned();
            text.trim().parse().map_err(|_| file.unusable("is not a number"))
        }
    }

    async fn until(receiver: &mut watch::Receiver<Arc<u32>>, number: u32) {
        let seen = receiver.wait_for(|now| **now == number);
        tokio::time::timeout(Duration::from_secs(20), seen).await.expect("in time").expect("a sender");
    }

    #[tokio::test]
    async fn a_changed_file_is_taken_over_and_a_bad_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = File { setting: "some.file", path: folder.path().join("number") };
        let reload = Reload::new(SOON, CancellationToken::new());
        let start = || follow(vec![file.clone()], number(&file), "numbers", &reload);
        let missing = start().await.unwrap_err().to_string();
        assert!(missing.starts_with("some.file: ") && missing.contains("number: cannot be read"), "{missing}");
        fs::write(&file.path, "x").unwrap();
        assert!(start().await.unwrap_err().to_string().ends_with("number: is not a number"));

        fs::write(&file.path, "1").unwrap();
        let mut receiver = start().await.unwrap();
        until(&mut receiver, 1).await;
        fs::write(&file.path, "2").unwrap();
        until(&mut receiver, 2).await;
        assert_eq!(reload.failures("numbers").get(), 0);
        for (change, failures) in [("bad", 1), ("still bad", 2)] {
            fs::write(&file.path, change).unwrap();
            let counted = async {
                while reload.failures("numbers").get() < failures {
                    tokio::time::sleep(SOON).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(20), counted).await.expect("in time");
            assert_eq!(**receiver.borrow(), 2);
        }
        fs::write(&file.path, "3").unwrap();
        until(&mut receiver, 3).await;
    }

    /// As Kubernetes mounts a secret: the file is a link into a folder that is a link.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_that_leads_elsewhere_is_a_change() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (version, text) in [("one", "1"), ("two", "2")] {
            fs::create_dir(at(version)).unwrap();
            fs::write(at(version).join("number"), text).unwrap();
        }
        symlink("one", at("..data")).unwrap();
        symlink("..data/number", at("number")).unwrap();
        let file = File { setting: "some.file", path: at("number") };
        let reload = Reload::new(SOON, CancellationToken::new());
        let mut receiver = follow(vec![file.clone()], number(&file), "numbers", &reload).await.unwrap();
        symlink("two", at("..new")).unwrap();
        fs::rename(at("..new"), at("..data")).unwrap();
        until(&mut receiver, 2).await;
    }

    #[tokio::test]
    async fn it_ends_when_the_service_stops_or_nobody_listens() {
        let folder = tempfile::tempdir().unwrap();
        let file = File { setting: "some.file", path: folder.path().join("number") };
        fs::write(&file.path, "1").unwrap();
        let stopping = CancellationToken::new();
        let mut receiver =
            follow(vec![file.clone()], number(&file), "numbers", &Reload::new(SOON, stopping.clone())).await.unwrap();
        stopping.cancel();
        assert!(receiver.changed().await.is_err(), "the sender is gone");
    }
}
