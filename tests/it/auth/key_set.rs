//! Keys of the tests, the sets that tell them, and tokens that they sign.

use crate::support::NOW;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use crm_kpi::config;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair, RsaPublicKeyComponents,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use std::time::Duration;

pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "crm-kpi";

/// A key that is used in these tests and nowhere else.
const RSA: &[u8] = include_bytes!("rsa.pem");

/// A key that signs tokens.
pub struct Key {
    pub id: &'static str,
    pub pair: Pair,
}

pub enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

impl Key {
    pub fn ec(id: &'static str) -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).expect("a key");
        Self { id, pair: Pair::Ec(pair) }
    }

    pub fn ed(id: &'static str) -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a key");
        Self { id, pair: Pair::Ed(Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key")) }
    }

    pub fn rsa(id: &'static str) -> Self {
        let document = PrivatePkcs8KeyDer::from_pem_slice(RSA).expect("a key");
        let pair = RsaKeyPair::from_pkcs8(document.secret_pkcs8_der()).expect("a key");
        Self { id, pair: Pair::Rsa(pair) }
    }

    /// As tokens name it (RFC 7518, 3.1; RFC 8037, 3.1).
    pub fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Ec(_) => "ES256",
            Pair::Ed(_) => "EdDSA",
            Pair::Rsa(_) => "RS256",
        }
    }

    /// The header of its tokens, with changes; null takes a field out.
    pub fn header(&self, changes: Value) -> Value {
        changed(json!({"typ": "JWT", "alg": self.algorithm(), "kid": self.id}), changes)
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_with(&self.header(json!({})), claims)
    }

    /// A token under a header of any kind. An RSA key signs as the header says.
    pub fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let message = unsigned(header, claims);
        let random = SystemRandom::new();
        let signature = match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, message.as_bytes()).expect("a signature").as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(message.as_bytes()).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                let padding: &'static dyn ring::signature::RsaEncoding = match header["alg"] == "PS256" {
                    true => &RSA_PSS_SHA256,
                    false => &RSA_PKCS1_SHA256,
                };
                pair.sign(padding, &random, message.as_bytes(), &mut signature).expect("a signature");
                signature
            }
        };
        format!("{message}.{}", encode(&signature))
    }

    /// Its public half.
    pub fn public(&self) -> Value {
        let (id, algorithm) = (self.id, self.algorithm());
        match &self.pair {
            Pair::Ec(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (encode(&point[1..33]), encode(&point[33..]));
                json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": id, "alg": algorithm})
            }
            Pair::Ed(pair) => {
                let x = encode(pair.public_key().as_ref());
                json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": id, "alg": algorithm})
            }
            Pair::Rsa(pair) => {
                let RsaPublicKeyComponents::<Vec<u8>> { n, e } = pair.public().into();
                let (n, e) = (encode(&n), encode(&e));
                json!({"kty": "RSA", "n": n, "e": e, "kid": id, "alg": algorithm})
            }
        }
    }
}

/// Header and claims as RFC 7515 (7.1) joins them: what is signed.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    [header, claims].map(|part| encode(part.to_string().as_bytes())).join(".")
}

pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
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
    let claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "caller", "exp": now() + 60, "crm_kpi_everything": true,
    });
    changed(claims, changes)
}

fn changed(mut object: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            object.as_object_mut().expect("an object").remove(name);
        } else {
            object[name] = value.clone();
        }
    }
    object
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
