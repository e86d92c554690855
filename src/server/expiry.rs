//! When the service's certificate expires.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use rustls::pki_types::CertificateDer;
use std::fmt;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The end of the last second that a chain is valid in: its first certificate to expire, in seconds since 1970. None where
/// that cannot be read.
pub(super) fn expiry(chain: &[CertificateDer<'_>]) -> Option<i64> {
    let not_after = |certificate: &CertificateDer<'_>| {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        Some(certificate.validity().not_after.timestamp())
    };
    chain.iter().filter_map(not_after).min()
}

/// Shows when the certificate expires that is shown to callers at that moment.
pub(super) struct Expiry(pub Box<dyn Fn() -> Option<i64> + Send + Sync>);

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Expiry")
    }
}

impl Collector for Expiry {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let Some(at) = (self.0)() else { return Ok(()) };
        let name = "crm_kpi_tls_certificate_expiry_timestamp_seconds";
        let help = "When the first certificate of tls.certificate expires, in seconds since 1970";
        ConstGauge::new(at).encode(encoder.encode_descriptor(name, help, None, MetricType::Gauge)?)
    }
}
