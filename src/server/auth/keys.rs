use super::signature::PublicKey;
use crate::config::Algorithm;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

/// The public keys of a JSON Web Key Set that may sign tokens.
#[derive(Debug)]
pub(super) struct Keys(Vec<Key>);

/// A public key, and the one algorithm that it is for: what a token says of its algorithm is never believed.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    pub public: PublicKey,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl Keys {
    /// Reads a set. Keys that cannot sign tokens in one of the algorithms are left out, as the standard wants it; an error where
    /// that leaves none. A set without any key is one: it lets nobody in.
    pub fn parse(content: &[u8], algorithms: &[Algorithm]) -> Result<Self, String> {
        let set: Set = serde_json::from_slice(content).map_err(|_| "is not a JSON Web Key Set".to_owned())?;
        let is_empty = set.keys.is_empty();
        let jwks = set.keys.into_iter().filter_map(|value| serde_json::from_value::<Jwk>(value).ok());
        let keys: Vec<Key> = jwks.filter_map(|jwk| jwk.key(algorithms)).collect();
        if keys.is_empty() && !is_empty {
            return Err("has no key for any of auth.jwt.algorithms".into());
        }
        Ok(Self(keys))
    }

    /// The keys that a token can be signed by: those of its key id, or, where it names none, the only one of its algorithm.
    pub fn of(&self, id: Option<&str>, algorithm: Algorithm) -> Vec<&Key> {
        let fitting = self.0.iter().filter(|key| key.public.algorithm() == algorithm);
        match id {
            Some(_) => fitting.filter(|key| key.id.as_deref() == id).collect(),
            None => {
                let all: Vec<_> = fitting.collect();
                if all.len() == 1 { all } else { Vec::new() }
            }
        }
    }
}

impl Jwk {
    fn key(self, algorithms: &[Algorithm]) -> Option<Key> {
        let public = self.public()?;
        let algorithm = public.algorithm();
        let named = match self.alg.as_deref() {
            None => true,
            Some("Ed25519") => algorithm == Algorithm::EdDsa,
            Some(alg) => alg == algorithm.name(),
        };
        let verifies = self.usage.as_deref().is_none_or(|usage| usage == "sig")
            && self.key_ops.is_none_or(|all| all.iter().any(|one| one == "verify"));
        let usable = algorithms.contains(&algorithm) && named && verifies;
        usable.then_some(Key { id: self.kid, public })
    }

    fn public(&self) -> Option<PublicKey> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => PublicKey::rsa(&bytes(&self.n)?, &bytes(&self.e)?),
            ("EC", Some("P-256")) => PublicKey::p256(&coordinate(&self.x)?, &coordinate(&self.y)?),
            // One that is no point on the curve is not noticed: no signature is right by it.
            ("OKP", Some("Ed25519")) => Some(PublicKey::Ed25519(coordinate(&self.x)?)),
            _ => None,
        }
    }
}

fn bytes(text: &Option<String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.as_deref()?.trim_end_matches('=')).ok()
}

/// 32 bytes: both curves have no others.
fn coordinate(text: &Option<String>) -> Option<[u8; 32]> {
    bytes(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ALL: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

    // From RFC 7515 (A.3) and RFC 8037 (A.2).
    fn ec() -> Value {
        json!({"kty": "EC", "crv": "P-256", "kid": "e", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
               "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
    }

    fn ed() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "kid": "o", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    fn rsa(bytes: usize) -> Value {
        let modulus = [vec![0, 0xff], vec![0xff; bytes - 1]].concat();
        json!({"kty": "RSA", "kid": "r", "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB"})
    }

    fn with(mut key: Value, name: &str, value: Value) -> Value {
        key[name] = value;
        key
    }

    fn ids(keys: Vec<Value>, algorithms: &[Algorithm]) -> Result<Vec<String>, String> {
        let set = json!({ "keys": keys }).to_string();
        Keys::parse(set.as_bytes(), algorithms)
            .map(|keys| keys.0.into_iter().map(|key| key.id.unwrap_or_default()).collect())
    }

    #[test]
    fn only_keys_that_fit_are_kept() {
        assert_eq!(ids(vec![ec(), ed(), rsa(256), rsa(512)], &ALL).unwrap(), ["e", "o", "r", "r"]);
        assert_eq!(ids(vec![ec(), ed()], &ALL[1..2]).unwrap(), ["e"]);
        assert_eq!(ids(vec![], &ALL).unwrap(), [""; 0]);
        assert_eq!(
            ids(vec![with(ed(), "alg", "Ed25519".into()), with(ec(), "alg", "ES256".into())], &ALL).unwrap().len(),
            2
        );
        let unusable = [
            json!(7),
            json!({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "h"}),
            rsa(255),
            rsa(513),
            with(rsa(256), "alg", "PS256".into()),
            with(rsa(256), "alg", "HS256".into()),
            with(rsa(256), "use", "enc".into()),
            with(rsa(256), "key_ops", json!(["encrypt"])),
            with(rsa(256), "e", "".into()),
            with(rsa(256), "e", "AAE".into()),
            with(rsa(256), "e", "AQAA".into()),
            with(rsa(256), "e", "AAAAAAE".into()),
            with(rsa(256), "n", "*".into()),
            with(ec(), "x", "AAAA".into()),
            with(ec(), "y", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU".into()),
            with(ec(), "crv", "P-384".into()),
            with(ec(), "alg", "EdDSA".into()),
            with(ed(), "x", "AAAA".into()),
            with(ed(), "crv", "X25519".into()),
        ];
        for key in unusable {
            assert!(ids(vec![key.clone()], &ALL).is_err(), "{key}");
            assert_eq!(ids(vec![key, ec()], &ALL).unwrap(), ["e"]);
        }
        for bad in ["", "[]", "{}", r#"{"keys": 1}"#, "\u{0}"] {
            assert!(Keys::parse(bad.as_bytes(), &ALL).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_token_without_a_key_id_needs_the_only_key() {
        let parse = |keys: Vec<Value>| Keys::parse(json!({ "keys": keys }).to_string().as_bytes(), &ALL).unwrap();
        let keys = parse(vec![ec(), ed(), rsa(256), rsa(256)]);
        assert_eq!(keys.of(None, Algorithm::Es256).len(), 1);
        assert_eq!(keys.of(None, Algorithm::Rs256).len(), 0);
        assert_eq!(keys.of(Some("e"), Algorithm::Es256).len(), 1);
        assert_eq!(keys.of(Some("e"), Algorithm::Rs256).len(), 0, "the key is for something else");
        assert_eq!(keys.of(Some("x"), Algorithm::Es256).len(), 0);
    }
}
