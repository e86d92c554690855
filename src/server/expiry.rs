//! When the service's certificate expires.

use chrono::NaiveDateTime;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use rustls::pki_types::CertificateDer;
use std::fmt;

/// The tags of DER (X.690) that are met on the way to the end of a certificate's validity.
mod tag {
    pub const SEQUENCE: u8 = 0x30;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    /// The version's, which certificates of version 1 do not have.
    pub const VERSION: u8 = 0xa0;
}

/// The end of the last second that a chain is valid in: its first certificate to expire, in seconds since 1970. None where
/// that cannot be read.
pub(super) fn expiry(chain: &[CertificateDer<'_>]) -> Option<i64> {
    chain.iter().filter_map(|certificate| not_after(certificate)).min()
}

/// The end of a certificate's validity (RFC 5280, 4.1), in seconds since 1970.
fn not_after(certificate: &[u8]) -> Option<i64> {
    let sequence = |(tag, content)| (tag == tag::SEQUENCE).then_some(content);
    let mut certificate = sequence(element(&mut { certificate })?)?;
    let mut to_be_signed = sequence(element(&mut certificate)?)?;
    if to_be_signed.first() == Some(&tag::VERSION) {
        element(&mut to_be_signed)?;
    }
    for _before in ["serial number", "signature", "issuer"] {
        element(&mut to_be_signed)?;
    }
    let mut validity = sequence(element(&mut to_be_signed)?)?;
    let _not_before = element(&mut validity)?;
    let (tag, text) = element(&mut validity)?;
    let text = str::from_utf8(text).ok()?;
    let century = match (tag, text.as_bytes().first()?) {
        (tag::UTC_TIME, b'0'..=b'4') => "20",
        (tag::UTC_TIME, _) => "19",
        (tag::GENERALIZED_TIME, _) => "",
        _ => return None,
    };
    let instant = NaiveDateTime::parse_from_str(&format!("{century}{text}"), "%Y%m%d%H%M%SZ").ok()?;
    Some(instant.and_utc().timestamp())
}

/// Takes the first element: its tag and its content.
fn element<'a>(der: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (tag, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match *length {
        short @ ..=0x7f => (usize::from(short), rest),
        // 0x80 would be a length that is not known, which DER does not have.
        long @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    *der = rest;
    Some((*tag, content))
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
    fn what_is_cut_off_or_no_certificate_has_no_expiry() {
        let whole = until(2040);
        // What ends within the validity's end or before.
        let end = whole.windows(13).position(|part| part == b"400203000000Z").unwrap() + 13;
        for length in 0..end {
            assert_eq!(not_after(&whole[..length]), None, "{length}");
        }
        for bad in [&b"\x30\x80"[..], b"\x30\x85\0\0\0\0\0", b"\x30\x84\xff\xff\xff\xff", b"garbage"] {
            assert_eq!(not_after(bad), None, "{bad:?}");
        }
    }
}
