use super::expiry::{Expiry, expiry};
use super::watch::{File, Reload, Unusable, follow};
use crate::config;
use prometheus_client::registry::Registry;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// The certificates of the service, and what it asks of callers' certificates. Changed files are taken over; connections that
/// are there already go on as they began.
pub struct Tls {
    current: watch::Receiver<Arc<Current>>,
}

/// What the files come to.
struct Current {
    config: Arc<ServerConfig>,
    /// When the first certificate of the chain expires, in seconds since 1970.
    expiry: Option<i64>,
}

impl Tls {
    /// Reads the files, and goes on looking at them every so often.
    pub async fn start(settings: &config::Tls, reload: &Reload) -> Result<Self, Unusable> {
        let files = Files {
            certificate: File { setting: "tls.certificate", path: settings.certificate.clone() },
            key: File { setting: "tls.key", path: settings.key.clone() },
            authorities: settings.clients.as_ref().map(|clients| {
                (File { setting: "tls.client_ca", path: clients.authorities.clone() }, clients.required)
            }),
        };
        let authorities = files.authorities.iter().map(|(file, _)| file);
        let all = [&files.certificate, &files.key].into_iter().chain(authorities).cloned().collect();
        let current = follow(all, move |contents| files.parse(contents), "tls", reload).await?;
        Ok(Self { current })
    }

    /// Shakes hands with callers as the files say now.
    pub fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.borrow().config.clone())
    }

    /// Shows in a registry when the certificate expires.
    pub fn register(&self, registry: &mut Registry) {
        let current = self.current.clone();
        registry.register_collector(Box::new(Expiry(Box::new(move || current.borrow().expiry))));
    }
}

struct Files {
    certificate: File,
    key: File,
    /// And whether callers need a certificate.
    authorities: Option<(File, bool)>,
}

impl Files {
    fn parse(&self, contents: &[Vec<u8>]) -> Result<Current, Unusable> {
        let [certificate, key, authorities @ ..] = contents else {
            return Err(self.certificate.unusable("was not read"));
        };
        let provider = Arc::new(ring::default_provider());
        let chain = certificates(&self.certificate, certificate)?;
        let expiry = expiry(&chain);
        // What is wrong in detail could quote the key.
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| self.key.unusable("holds no private key (PEM)"))?;
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| self.certificate.unusable(error))?;
        let builder = match (&self.authorities, authorities.first()) {
            (Some((file, required)), Some(content)) => {
                builder.with_client_cert_verifier(verifier(file, content, *required, provider)?)
            }
            _ => builder.with_no_client_auth(),
        };
        let mut config = builder.with_single_cert(chain, key).map_err(|error| {
            let key = self.key.path.display();
            self.certificate.unusable(format_args!("cannot be used with the key of {key}: {error}"))
        })?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Current { config: Arc::new(config), expiry })
    }
}

fn certificates(file: &File, content: &[u8]) -> Result<Vec<CertificateDer<'static>>, Unusable> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(content).collect();
    match read {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(file.unusable("holds no certificate (PEM)")),
    }
}

fn verifier(
    file: &File,
    content: &[u8],
    required: bool,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, Unusable> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(file, content)? {
        roots.add(certificate).map_err(|error| file.unusable(error))?;
    }
    let builder = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
    let builder = if required { builder } else { builder.allow_unauthenticated() };
    builder.build().map_err(|error| file.unusable(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ClientCertificate;
    use std::fs;
    use std::path::Path;
    use std::time::Duration;
    use tokio_util::sync::CancellationToken;

    async fn start(folder: &Path, clients: bool) -> Result<Tls, Unusable> {
        let at = |name: &str| folder.join(name);
        let clients = clients.then(|| ClientCertificate { authorities: at("ca.pem"), required: true });
        let settings = config::Tls { certificate: at("server.pem"), key: at("server.key"), clients };
        Tls::start(&settings, &Reload::new(Duration::from_millis(5), CancellationToken::new())).await
    }

    #[tokio::test]
    async fn a_bad_file_is_named_with_its_setting() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let one = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        let other = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        let (certificate, key) = (one.cert.pem(), one.signing_key.serialize_pem());
        let cases: [(&str, &str, &str, &str); 5] = [
            ("nothing", &key, "", "tls.certificate"),
            (&certificate, "-----BEGIN PRIVATE KEY-----\nsecret\n", "", "tls.key"),
            (&certificate, &certificate, "", "tls.key"),
            (&certificate, &other.signing_key.serialize_pem(), &certificate, "tls.certificate"),
            (&certificate, &key, "", "tls.client_ca"),
        ];
        for (certificate, key, ca, setting) in cases {
            write("server.pem", certificate);
            write("server.key", key);
            write("ca.pem", ca);
            let clients = setting != "tls.key" && setting != "tls.certificate" || !ca.is_empty();
            let error = start(folder.path(), clients).await.err().expect(setting);
            assert_eq!(error.setting, setting, "{error}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        write("ca.pem", &certificate);
        assert!(start(folder.path(), true).await.is_ok());
        fs::remove_file(folder.path().join("server.key")).unwrap();
        let error = start(folder.path(), false).await.err().unwrap().to_string();
        assert!(error.starts_with("tls.key: ") && error.contains("server.key: cannot be read"), "{error}");
    }
}
