//! The parts of a JSON Web Token (RFC 7515, compact serialization).

use super::signature::PublicKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What a token says. None of it may be believed before its signature has been checked.
pub(super) type Claims = Map<String, Value>;

/// A token as it travels: nothing about it has been checked.
pub(super) struct Token<'a> {
    pub header: Header,
    /// Header and claims, encoded: what the signature is of.
    signed: &'a str,
    claims: &'a str,
    signature: &'a str,
}

/// What a token says of its signature. All else that a header may hold is ignored: a token cannot bring its key along.
#[derive(Deserialize)]
pub(super) struct Header {
    pub alg: String,
    pub typ: Option<String>,
    pub kid: Option<String>,
    pub crit: Option<Vec<String>>,
}

impl<'a> Token<'a> {
    /// None: the text is not a token.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.'))?;
        let header = serde_json::from_slice(&decode(header)?).ok()?;
        Some(Self { header, signed, claims, signature })
    }

    /// The claims, if the key has signed them.
    pub fn signed_by(&self, key: &PublicKey) -> Option<Claims> {
        let signature = decode(self.signature)?;
        if !key.has_signed(self.signed.as_bytes(), &signature) {
            return None;
        }
        serde_json::from_slice(&decode(self.claims)?).ok()
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}
