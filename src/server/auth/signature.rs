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
