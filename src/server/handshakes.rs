//! TLS handshakes that fail: counted by their reason, and told with who is at the other end.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use rustls::{AlertDescription, CertificateError, Error};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Entries of the log in each such stretch of time: a caller that tries again and again shall not fill it.
const LOGGED: u32 = 10;
const STRETCH: Duration = Duration::from_secs(60);

/// Why a handshake failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The caller showed no certificate, but needs one.
    NoCertificate,
    /// The caller's certificate is of an authority that is not trusted.
    UntrustedCertificate,
    /// The caller's certificate has expired, or is not valid yet.
    ExpiredCertificate,
    /// The caller's certificate is not accepted for another reason.
    BadCertificate,
    /// The caller does not accept our certificate.
    OursRefused,
    /// No common version, cipher or protocol.
    NothingInCommon,
    /// What came is not TLS.
    NoTls,
    /// The caller went away.
    Gone,
    /// It took too long.
    TimedOut,
    /// Anything else.
    Other,
}

impl Failure {
    const ALL: [Self; 10] = [
        Self::NoCertificate,
        Self::UntrustedCertificate,
        Self::ExpiredCertificate,
        Self::BadCertificate,
        Self::OursRefused,
        Self::NothingInCommon,
        Self::NoTls,
        Self::Gone,
        Self::TimedOut,
        Self::Other,
    ];

    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::NoCertificate => {
                ("no_certificate", "the caller showed no certificate, and tls.client_ca requires one")
            }
            Self::UntrustedCertificate => {
                ("untrusted_certificate", "the caller's certificate is not signed by an authority of tls.client_ca")
            }
            Self::ExpiredCertificate => {
                ("expired_certificate", "the caller's certificate has expired or is not valid yet")
            }
            Self::BadCertificate => ("bad_certificate", "the caller's certificate is not acceptable"),
            Self::OursRefused => (
                "ours_refused",
                "the caller does not accept tls.certificate: does it trust its authority, and is the name right?",
            ),
            Self::NothingInCommon => (
                "nothing_in_common",
                "the caller offers no TLS version, cipher or application protocol (h2) that is spoken here",
            ),
            Self::NoTls => ("no_tls", "what the caller sent is not TLS"),
            Self::Gone => ("gone", "the caller closed the connection"),
            Self::TimedOut => ("timed_out", "the caller took longer than limits.handshake"),
            Self::Other => ("other", "the handshake failed"),
        }
    }

    /// What an error means that ended a handshake.
    pub fn of(error: &io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
        match (inner, error.kind()) {
            (Some(error), _) => Self::of_tls(error),
            (None, io::ErrorKind::TimedOut) => Self::TimedOut,
            (
                None,
                io::ErrorKind::UnexpectedEof
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe,
            ) => Self::Gone,
            (None, _) => Self::Other,
        }
    }

    fn of_tls(error: &Error) -> Self {
        match error {
            Error::NoCertificatesPresented => Self::NoCertificate,
            Error::InvalidCertificate(error) => match error {
                // The signature is wrong where an authority has the same name, but another key.
                CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::UntrustedCertificate,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::ExpiredCertificate,
                _ => Self::BadCertificate,
            },
            Error::AlertReceived(
                AlertDescription::BadCertificate
                | AlertDescription::DecryptError
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::AccessDenied,
            ) => Self::OursRefused,
            Error::PeerIncompatible(_) | Error::NoApplicationProtocol => Self::NothingInCommon,
            Error::InvalidMessage(_) => Self::NoTls,
            _ => Self::Other,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Label {
    reason: &'static str,
}

/// Counts and tells of failed handshakes. A clone counts in the same place.
#[derive(Clone, Debug, Default)]
pub(super) struct Handshakes {
    failures: Family<Label, Counter>,
    told: Arc<Mutex<Told>>,
}

#[derive(Debug, Default)]
struct Told {
    began: Option<Instant>,
    entries: u32,
    left_out: u32,
}

impl Handshakes {
    /// Counts that a registry shows, from 0: an alert sees the first failure too.
    pub fn new(registry: &mut Registry) -> Self {
        let handshakes = Self::default();
        for failure in Failure::ALL {
            drop(handshakes.failures.get_or_create(&Label { reason: failure.parts().0 }));
        }
        registry.register(
            "crm_kpi_tls_handshake_failures",
            "TLS handshakes with callers that failed, by reason",
            handshakes.failures.clone(),
        );
        handshakes
    }

    /// A handshake has failed. Whose certificate is refused, and who refuses ours, is told; at most ten entries a minute.
    pub fn failed(&self, peer: SocketAddr, failure: Failure) {
        let (reason, text) = failure.parts();
        self.failures.get_or_create(&Label { reason }).inc();
        if matches!(failure, Failure::Gone | Failure::NoTls | Failure::TimedOut) {
            tracing::debug!(%peer, reason, "a TLS handshake failed: {text}");
            return;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.began.is_none_or(|began| began.elapsed() >= STRETCH) {
            if told.left_out > 0 {
                tracing::warn!(count = told.left_out, "more TLS handshakes failed than were logged");
            }
            *told = Told { began: Some(Instant::now()), ..Told::default() };
        }
        if told.entries < LOGGED {
            told.entries += 1;
            tracing::warn!(%peer, reason, "a TLS handshake failed: {text}");
        } else {
            told.left_out += 1;
        }
    }
}
