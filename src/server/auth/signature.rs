//! Public keys and what they sign. The checks themselves are ring's, as are those of TLS.

use crate::config::Algorithm;
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey as Peer, agree_ephemeral};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256};
use ring::signature::{RsaPublicKeyComponents, UnparsedPublicKey};
use std::ops::RangeInclusive;

/// Bytes of an RSA modulus: RFC 7518 allows no fewer than 2048 bits, and a check takes long with more than 4096.
const MODULUS: RangeInclusive<usize> = 256..=512;

/// A public key that signs in one algorithm.
#[derive(Debug)]
pub(super) enum PublicKey {
    /// For RS256. Both without leading zeros.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// For ES256: the point, uncompressed.
    P256([u8; 65]),
    /// For EdDSA.
    Ed25519([u8; 32]),
}

impl PublicKey {
    /// None where the key is too small or too large, or is none.
    pub fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        let [modulus, public] = [modulus, exponent].map(without_leading_zeros);
        let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
        let is_key = MODULUS.contains(&modulus.len())
            && (1..=4).contains(&exponent.len())
            && is_odd(&modulus)
            && is_odd(&public)
            && public != [1];
        is_key.then_some(Self::Rsa { modulus, exponent: public })
    }

    /// None where the point is not on the curve.
    pub fn p256(x: &[u8; 32], y: &[u8; 32]) -> Option<Self> {
        let mut point = [4; 65];
        point[1..33].copy_from_slice(x);
        point[33..].copy_from_slice(y);
        // An agreement with a point is what ring refuses at once if the point is none.
        let own = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).ok()?;
        agree_ephemeral(own, &Peer::new(&ECDH_P256, point), |_| ()).ok()?;
        Some(Self::P256(point))
    }

    /// The algorithm that the key is for.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Rsa { .. } => Algorithm::Rs256,
            Self::P256(_) => Algorithm::Es256,
            Self::Ed25519(_) => Algorithm::EdDsa,
        }
    }

    /// Whether the signature of the message is this key's.
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        let checked = match self {
            Self::Rsa { modulus: n, exponent: e } => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            Self::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature),
            Self::Ed25519(point) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature),
        };
        checked.is_ok()
    }
}

fn without_leading_zeros(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    fn point(text: &str) -> [u8; 32] {
        bytes(text).try_into().unwrap()
    }

    /// The signatures that the standards print are right, and no longer are when a bit of message or signature changes.
    #[test]
    fn signatures_of_the_standards_are_right() {
        // The claims of RFC 7515, A.2 and A.3.
        let claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let published = [
            // RFC 7515, A.2.
            (
                PublicKey::rsa(
                    &bytes(
                        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SF\
                         d2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo\
                         7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkM\
                         Ls91kzk2PAcDTW9gb54h4FRWyuXpoQ",
                    ),
                    &bytes("AQAB"),
                ),
                format!("eyJhbGciOiJSUzI1NiJ9.{claims}"),
                "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU\
                 Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d\
                 O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig\
                 cN_IoypGlUPQGe77Rw",
            ),
            // RFC 7515, A.3.
            (
                PublicKey::p256(
                    &point("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                    &point("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"),
                ),
                format!("eyJhbGciOiJFUzI1NiJ9.{claims}"),
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            ),
            // RFC 8037, A.4.
            (
                Some(PublicKey::Ed25519(point("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))),
                "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".to_owned(),
                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            ),
        ];
        for (key, message, signature) in published {
            let (key, signature) = (key.unwrap(), bytes(signature));
            assert!(key.has_signed(message.as_bytes(), &signature), "{key:?}");
            let mut other = signature.clone();
            other[9] ^= 1;
            assert!(!key.has_signed(message.as_bytes(), &other), "{key:?}");
            assert!(!key.has_signed(&message.as_bytes()[1..], &signature), "{key:?}");
        }
    }
}
