//! Keys of the tests, the sets that tell them, and tokens that they sign.

use crate::support::NOW;
use crm_kpi::config;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use std::time::Duration;

pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "crm-kpi";

/// A key that is used in these tests and nowhere else.
pub const RSA: &[u8] = include_bytes!("rsa.pem");

/// A key that signs tokens.
pub struct Key {
    pub id: &'static str,
    pub algorithm: Algorithm,
    pub private: EncodingKey,
}

impl Key {
    pub fn ec(id: &'static str) -> Self {
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        let private = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).expect("a key");
        Self { id, algorithm: Algorithm::ES256, private }
    }

    pub fn ed(id: &'static str) -> Self {
        // PKCS #8 as RFC 8410 (7) has it: what comes before the 32 bytes is always the same.
        let before = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        let key = [before.as_slice(), &rand::random::<[u8; 32]>()].concat();
        Self { id, algorithm: Algorithm::EdDSA, private: EncodingKey::from_ed_der(&key) }
    }

    pub fn rsa(id: &'static str) -> Self {
        Self { id, algorithm: Algorithm::RS256, private: EncodingKey::from_rsa_pem(RSA).expect("a key") }
    }

    pub fn header(&self) -> Header {
        Header { kid: Some(self.id.into()), ..Header::new(self.algorithm) }
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        encode(&self.header(), claims, &self.private).expect("a token")
    }

    /// Its public half.
    pub fn public(&self) -> Value {
        let jwk = Jwk::from_encoding_key(&self.private, self.algorithm).expect("a public key");
        let mut jwk = serde_json::to_value(jwk).expect("JSON");
        jwk["kid"] = self.id.into();
        jwk
    }
}

/// A JSON Web Key Set.
pub fn set(keys: &[&Key]) -> String {
    json!({ "keys": keys.iter().map(|key| key.public()).collect::<Vec<_>>() }).to_string()
}

/// The server's time.
pub fn now() -> i64 {
    NOW.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant").timestamp()
}

/// Claims that let in, with changes; null takes a claim out.
pub fn claims(changes: Value) -> Value {
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "caller", "exp": now() + 60, "crm_kpi_everything": true,
    });
    for (name, value) in changes.as_object().expect("claims") {
        if value.is_null() {
            claims.as_object_mut().expect("claims").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

/// The settings of a service that takes such tokens.
pub fn jwt(keys: config::Jwks) -> config::Jwt {
    config::Jwt {
        keys,
        issuer: ISSUER.into(),
        audience: AUDIENCE.into(),
        algorithms: vec![config::Algorithm::Rs256, config::Algorithm::Es256, config::Algorithm::EdDsa],
        leeway: Duration::from_secs(30),
        authorities: None,
        names: config::CallerNames::Plain,
        everything_claim: "crm_kpi_everything".into(),
        teams_claim: "crm_kpi_teams".into(),
        reps_claim: "crm_kpi_reps".into(),
        roles_claim: "crm_kpi_roles".into(),
    }
}
