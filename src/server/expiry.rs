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

#[cfg(test)]
mod tests {
    use super::*;

    fn until(year: i32) -> CertificateDer<'static> {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(1980, 1, 1);
        params.not_after = rcgen::date_time_ymd(year, 2, 3);
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        params.self_signed(&key).unwrap().der().clone()
    }

    #[test]
    fn the_first_certificate_to_expire_counts() {
        let at = |date: &str| Some(date.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp());
        // Until 2049 certificates have two digits of the year, from 2050 on four.
        for year in [1999, 2000, 2027, 2049, 2050, 2123] {
            assert_eq!(expiry(&[until(year)]), at(&format!("{year}-02-03T00:00:00Z")));
        }
        let chain = [until(2051), until(2040), until(2049)];
        assert_eq!(expiry(&chain), at("2040-02-03T00:00:00Z"));
        assert_eq!(expiry(&[]), None);
    }

    #[test]
    fn what_is_no_certificate_has_no_expiry() {
        assert_eq!(expiry(&[CertificateDer::from(b"garbage".to_vec())]), None);
    }
}
