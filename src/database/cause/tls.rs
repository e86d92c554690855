use super::words::Cause;
use std::error::Error as StdError;

/// What an error of the TLS library means; None: it is not one.
pub fn of_tls(error: &(dyn StdError + 'static)) -> Option<Cause> {
    use rustls::{AlertDescription, CertificateError, Error};
    let error = error.downcast_ref::<Error>()?;
    Some(match error {
        Error::InvalidCertificate(error) => match error {
            // The signature is wrong where an authority has the same name, but another key.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Cause::UntrustedCertificate,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => Cause::ExpiredCertificate,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Cause::OtherName,
            CertificateError::BadEncoding => Cause::UnreadableCertificate,
            // The versions that the library cannot read have no variant of their own.
            CertificateError::Other(error) if format!("{error:?}").contains("UnsupportedCertVersion") => {
                Cause::UnreadableCertificate
            }
            CertificateError::Other(_) => Cause::UntrustedCertificate,
            _ => Cause::Tls,
        },
        Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::DecryptError
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate,
        ) => Cause::ClientCertificate,
        _ => Cause::Tls,
    })
}
