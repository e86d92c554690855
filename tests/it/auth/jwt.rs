//! JSON Web Tokens, by keys of a file.

use super::key_set::{AUDIENCE, Key, claims, encode, jwt, now, set, unsigned};
use super::{call, gate, refused, until};
use crate::support::TestServer;
use crm_kpi::config::{Algorithm, Jwks};
use crm_kpi::server::auth::hash;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};
use std::fs;
use std::path::Path;
use tonic::Code;

async fn server(path: &Path) -> TestServer {
    gate(|settings| settings.auth.jwt = Some(jwt(Jwks::File(path.to_owned())))).await
}

/// A token signed with a secret.
fn with_secret(header: &Value, claims: &Value, secret: &[u8]) -> String {
    fn code<M: Mac + KeyInit>(secret: &[u8], message: &str) -> Vec<u8> {
        let mut mac = <M as KeyInit>::new_from_slice(secret).unwrap();
        mac.update(message.as_bytes());
        mac.finalize().into_bytes().to_vec()
    }
    let message = unsigned(header, claims);
    let code = match header["alg"].as_str() {
        Some("HS256") => code::<Hmac<Sha256>>(secret, &message),
        Some("HS384") => code::<Hmac<Sha384>>(secret, &message),
        Some("HS512") => code::<Hmac<Sha512>>(secret, &message),
        other => panic!("{other:?}"),
    };
    format!("{message}.{}", encode(&code))
}

#[tokio::test]
async fn claims_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let (ec, ed, rsa) = (Key::ec("ec"), Key::ed("ed"), Key::rsa("rsa"));
    fs::write(&path, set(&[&ec, &ed, &rsa])).unwrap();
    let server = server(&path).await;
    for key in [&ec, &ed, &rsa] {
        call(&server, &key.sign(&claims(json!({})))).await.unwrap();
        // The only key for its algorithm need not be named.
        let unnamed = key.sign_with(&key.header(json!({"kid": null})), &claims(json!({})));
        call(&server, &unnamed).await.unwrap();
    }
    let good = [
        json!({"aud": ["other", AUDIENCE]}),
        json!({"exp": now() - 29}),
        json!({"exp": now() as f64 + 0.5}),
        json!({"nbf": now() + 29}),
        json!({"nbf": now() - 1_000_000, "iat": now()}),
        json!({"crm_kpi_everything": null, "crm_kpi_teams": ["east"]}),
        json!({"crm_kpi_everything": false, "crm_kpi_reps": ["rep-1"], "crm_kpi_teams": []}),
    ];
    for changes in good {
        let refusal = call(&server, &ec.sign(&claims(changes.clone()))).await.err();
        assert!(refusal.is_none(), "{changes} {refusal:?}");
    }
    let bad = [
        (json!({"exp": now() - 30}), "has expired"),
        (json!({"exp": null}), "does not say when it expires"),
        (json!({"exp": "tomorrow"}), "does not say when it expires"),
        (json!({"exp": 0}), "has expired"),
        (json!({"exp": -1}), "has expired"),
        (json!({"nbf": now() + 31}), "is not valid yet"),
        (json!({"nbf": "now"}), "(nbf)"),
        (json!({"aud": "other"}), "not for this audience"),
        (json!({"aud": ["other"]}), "not for this audience"),
        (json!({"aud": [[AUDIENCE]]}), "not for this audience"),
        (json!({"aud": null}), "not for this audience"),
        (json!({"iss": "https://issuer.example/"}), "not of the issuer"),
        (json!({"iss": ["https://issuer.example"]}), "not of the issuer"),
        (json!({"iss": null}), "not of the issuer"),
    ];
    for (changes, part) in bad {
        refused(&server, &ec.sign(&claims(changes)), part).await;
    }
    let denied = [
        (json!({"crm_kpi_everything": null}), "grants no scope"),
        (json!({"crm_kpi_everything": false}), "grants no scope"),
        (json!({"crm_kpi_everything": null, "crm_kpi_teams": []}), "grants no scope"),
        (json!({"crm_kpi_teams": ["east"]}), "more than one scope"),
        (json!({"crm_kpi_everything": null, "crm_kpi_teams": ["a"], "crm_kpi_reps": ["b"]}), "more than one scope"),
        (json!({"crm_kpi_everything": "true"}), "neither true nor false"),
        (json!({"crm_kpi_everything": null, "crm_kpi_teams": "east"}), "is not a list"),
        (json!({"crm_kpi_everything": null, "crm_kpi_reps": [1]}), "is not a list"),
        (json!({"crm_kpi_everything": null, "crm_kpi_reps": ["a\u{0}"]}), "NUL"),
        (json!({"crm_kpi_roles": "boards"}), "is not a list"),
    ];
    for (changes, part) in denied {
        let refusal = call(&server, &ec.sign(&claims(changes))).await.expect_err(part);
        refusal.must_be(Code::PermissionDenied, "PERMISSION_DENIED", &[]);
        assert!(refusal.message.contains(part), "{part:?} is not in {refusal:?}");
    }
}

/// What an issuer signs beside access tokens lets nobody in.
#[tokio::test]
async fn tokens_of_other_kinds_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let key = Key::ec("ec");
    fs::write(&path, set(&[&key])).unwrap();
    let server = server(&path).await;
    let of_kind = |kind: Option<&str>| key.sign_with(&key.header(json!({"typ": kind})), &claims(json!({})));
    for kind in [None, Some("JWT"), Some("jwt"), Some("at+jwt"), Some("AT+JWT"), Some("application/at+jwt")] {
        let refusal = call(&server, &of_kind(kind)).await.err();
        assert!(refusal.is_none(), "{kind:?} {refusal:?}");
    }
    for kind in ["dpop+jwt", "logout+jwt", "application/logout+jwt", "secevent+jwt", "JOSE", "at+jwt ", ""] {
        refused(&server, &of_kind(Some(kind)), "of another kind").await;
    }
}

#[tokio::test]
async fn only_the_known_keys_sign() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let (ec, ed, rsa) = (Key::ec("ec"), Key::ed("ed"), Key::rsa("rsa"));
    fs::write(&path, set(&[&ec, &ed, &rsa])).unwrap();
    let server = server(&path).await;
    let claims = claims(json!({}));
    let good = ec.sign(&claims);
    call(&server, &good).await.unwrap();

    const UNSIGNED: &str = "not signed with an accepted algorithm";
    for none in ["none", "None", "NONE", ""] {
        let token = unsigned(&json!({"alg": none, "kid": "ec"}), &claims);
        refused(&server, &format!("{token}."), UNSIGNED).await;
    }
    refused(&server, &format!("{}.", unsigned(&json!({"kid": "ec"}), &claims)), UNSIGNED).await;
    let (header, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    refused(&server, &format!("{header}.{payload}."), "signature is wrong").await;
    refused(&server, &format!("{header}.{payload}"), UNSIGNED).await;
    let other = encode(super::key_set::claims(json!({"sub": "another"})).to_string().as_bytes());
    refused(&server, &format!("{header}.{other}.{signature}"), "signature is wrong").await;
    refused(&server, &format!("{header}.{payload}.{signature}.{signature}"), UNSIGNED).await;

    // The public half of a key is no secret, and nothing is signed by it.
    let public = rsa.public();
    let pem = include_bytes!("rsa_public.pem");
    for secret in [pem.as_slice(), public["n"].as_str().unwrap().as_bytes(), public.to_string().as_bytes()] {
        for id in [Some("rsa"), None] {
            for algorithm in ["HS256", "HS384", "HS512"] {
                let header = rsa.header(json!({"kid": id, "alg": algorithm}));
                refused(&server, &with_secret(&header, &claims, secret), UNSIGNED).await;
            }
        }
    }
    // An algorithm of the same kind of key that is not accepted.
    refused(&server, &rsa.sign_with(&rsa.header(json!({"alg": "PS256"})), &claims), UNSIGNED).await;

    let stranger = Key::ec("ec");
    refused(&server, &stranger.sign(&claims), "signature is wrong").await;
    refused(&server, &Key::ec("stranger").sign(&claims), "unknown key").await;
    // A key of another kind has the id.
    refused(&server, &Key { id: "ed", ..stranger }.sign(&claims), "unknown key").await;
    // A token cannot bring its key along, nor ask for more than is understood.
    let stranger = Key::ec("own");
    let header = stranger.header(json!({"jwk": stranger.public()}));
    refused(&server, &stranger.sign_with(&header, &claims), "unknown key").await;
    refused(&server, &ec.sign_with(&ec.header(json!({"crit": ["exp"]})), &claims), "crit").await;

    for garbage in ["x", "..", "a.b.c", "eyJhbGciOiJFUzI1NiJ9..", "eyJhbGciOiJFUzI1NiJ9.e30", &"a.".repeat(5000)] {
        refused(&server, garbage, "").await;
    }
}

#[tokio::test]
async fn keys_are_exchanged_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let (one, two) = (Key::ec("one"), Key::ec("two"));
    let token = |key: &Key| key.sign(&claims(json!({})));
    fs::write(&path, set(&[&one])).unwrap();
    let server = server(&path).await;
    call(&server, &token(&one)).await.unwrap();
    refused(&server, &token(&two), "unknown key").await;

    fs::write(&path, set(&[&one, &two])).unwrap();
    until("the new key is known", async || call(&server, &token(&two)).await.is_ok()).await;
    call(&server, &token(&one)).await.unwrap();
    let unnamed = one.sign_with(&one.header(json!({"kid": null})), &claims(json!({})));
    refused(&server, &unnamed, "does not name the key").await;

    fs::write(&path, "{").unwrap();
    call(&server, &token(&two)).await.unwrap();
    fs::write(&path, set(&[&two])).unwrap();
    until("the former key is gone", async || call(&server, &token(&one)).await.is_err()).await;
    call(&server, &token(&two)).await.unwrap();
}

#[tokio::test]
async fn algorithms_that_are_not_set_are_refused_and_static_tokens_hold_beside() {
    let folder = tempfile::tempdir().unwrap();
    let (path, tokens) = (folder.path().join("keys.json"), folder.path().join("tokens.toml"));
    let (ec, ed) = (Key::ec("ec"), Key::ed("ed"));
    fs::write(&path, set(&[&ec, &ed])).unwrap();
    fs::write(&tokens, format!("[[token]]\nname = 'n'\nsha256 = '{}'\nreps = ['r']\n", hash("static"))).unwrap();
    let server = gate(|settings| {
        let jwt = jwt(Jwks::File(path.clone()));
        settings.auth.jwt = Some(crm_kpi::config::Jwt { algorithms: vec![Algorithm::EdDsa], ..jwt });
        settings.auth.tokens = Some(tokens.clone());
        settings.auth.roles = [("boards".to_owned(), vec!["ListKpis".to_owned()])].into();
    })
    .await;
    let boards = claims(json!({"crm_kpi_roles": ["other", "boards"]}));
    call(&server, &ed.sign(&boards)).await.unwrap();
    refused(&server, &ec.sign(&boards), "not signed with an accepted algorithm").await;
    let denied = call(&server, &ed.sign(&claims(json!({})))).await.unwrap_err();
    denied.must_be(Code::PermissionDenied, "PERMISSION_DENIED", &[]);
    let denied = call(&server, "static").await.unwrap_err();
    denied.must_be(Code::PermissionDenied, "PERMISSION_DENIED", &[]);
    refused(&server, "other", "unknown token").await;
}
