use super::fetch::{Fetcher, KnownKeys};
use super::grant::{Grant, Scopes};
use super::keys::Keys;
use super::names::Names;
use super::token::{Claims, Token};
use crate::config::{self, Algorithm, Jwks};
use crate::error::{Error, Result};
use crate::server::watch::{File, Reload, Unusable, follow};
use crate::service::Caller;
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::DropGuard;

/// The most characters of a name, which logs show.
const MAX_NAME: usize = 100;

/// Checks JSON Web Tokens and reads their claims.
pub(super) struct Jwt {
    settings: config::Jwt,
    names: Names,
    source: Source,
}

enum Source {
    File(watch::Receiver<Arc<Keys>>),
    Url {
        fetcher: Arc<Fetcher>,
        /// Ends the asking.
        _asking: DropGuard,
    },
}

impl Jwt {
    pub async fn start(settings: &config::Jwt, reload: &Reload) -> Result<Self, Unusable> {
        let algorithms = settings.algorithms.clone();
        let names = Names::read(&settings.names).await?;
        let source = match &settings.keys {
            Jwks::File(path) => {
                let file = File { setting: "auth.jwt.jwks_file", path: path.clone() };
                let files = vec![file.clone()];
                let parse = move |contents: &[Vec<u8>]| {
                    let content = contents.first().map(Vec::as_slice).unwrap_or_default();
                    Keys::parse(content, &algorithms).map_err(|error| file.unusable(error))
                };
                Source::File(follow(files, parse, "jwks", reload).await?)
            }
            Jwks::Url(url, refresh) => {
                let ending = reload.stopping().child_token();
                let fetcher = Fetcher::start(url, settings, *refresh, reload, ending.clone()).await?;
                Source::Url { fetcher, _asking: ending.drop_guard() }
            }
        };
        Ok(Self { settings: settings.clone(), names, source })
    }

    /// What a token grants at an instant.
    pub async fn grant(&self, token: &str, now: DateTime<Utc>) -> Result<Grant> {
        let (token, algorithm) = self.token(token)?;
        let mut keys = self.keys();
        let mut signed = verified(keys.as_deref(), &token, algorithm);
        if let (None, Source::Url { fetcher, .. }) = (&signed, &self.source) {
            fetcher.ask(keys).await;
            keys = self.keys();
            signed = verified(keys.as_deref(), &token, algorithm);
        }
        match signed {
            Some(claims) => self.read(&claims?, now),
            None if keys.is_none() => Err(Error::KeysUnavailable),
            None if token.header.kid.is_some() => refused("the token is signed by an unknown key"),
            None => refused("the token does not name the key that it is signed by (kid)"),
        }
    }

    /// Whether keys have been had at all: those of a file have.
    pub fn known_keys(&self) -> KnownKeys {
        match &self.source {
            Source::File(_) => KnownKeys::default(),
            Source::Url { fetcher, .. } => KnownKeys::of(fetcher.clone()),
        }
    }

    fn keys(&self) -> Option<Arc<Keys>> {
        match &self.source {
            Source::File(keys) => Some(keys.borrow().clone()),
            Source::Url { fetcher, .. } => fetcher.keys(),
        }
    }

    /// The parts of a token, and the algorithm that it says it is signed in.
    fn token<'a>(&self, text: &'a str) -> Result<(Token<'a>, Algorithm)> {
        const UNKNOWN: &str = "unknown token, or not signed with an accepted algorithm";
        let Some(token) = Token::parse(text) else { return refused(UNKNOWN) };
        // A token may say what has to be understood for it to be accepted. Nothing of that is.
        if token.header.crit.is_some() {
            return refused("the token's header has \"crit\"");
        }
        if !is_access_token(token.header.typ.as_deref()) {
            return refused("the token is of another kind than \"JWT\" and \"at+jwt\" (typ)");
        }
        let accepted = self.settings.algorithms.iter().find(|algorithm| algorithm.name() == token.header.alg);
        accepted.map_or_else(|| refused(UNKNOWN), |algorithm| Ok((token, *algorithm)))
    }

    fn read(&self, claims: &Claims, now: DateTime<Utc>) -> Result<Grant> {
        let settings = &self.settings;
        if claims.get("iss").and_then(Value::as_str) != Some(&settings.issuer) {
            return refused("the token is not of the issuer that is accepted (iss)");
        }
        let is_for_us = |value: &Value| value.as_str() == Some(&settings.audience);
        let meant = match claims.get("aud") {
            Some(Value::Array(all)) => all.iter().any(is_for_us),
            Some(one) => is_for_us(one),
            None => false,
        };
        if !meant {
            return refused("the token is not for this audience (aud)");
        }
        let now = now.timestamp_millis() as f64 / 1000.0;
        let leeway = settings.leeway.as_secs_f64();
        match claims.get("exp").map(Value::as_f64) {
            Some(Some(exp)) if now < exp + leeway => {}
            Some(Some(_)) => return refused("the token has expired (exp)"),
            _ => return refused("the token does not say when it expires (exp)"),
        }
        match claims.get("nbf").map(Value::as_f64) {
            None => {}
            Some(Some(nbf)) if nbf <= now + leeway => {}
            Some(Some(_)) => return refused("the token is not valid yet (nbf)"),
            Some(None) => return refused("the token says no instant from which on it is valid (nbf)"),
        }
        self.granted(claims)
    }

    fn granted(&self, claims: &Claims) -> Result<Grant> {
        let config::Jwt { everything_claim, teams_claim, reps_claim, roles_claim, .. } = &self.settings;
        let everything = match claims.get(everything_claim) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::Bool(true)) => true,
            Some(_) => return denied(format!("the token's claim {everything_claim:?} is neither true nor false")),
        };
        let scopes = Scopes { everything, teams: texts(claims, teams_claim)?, reps: texts(claims, reps_claim)? };
        let scope = scopes.one().map_err(|none| {
            let names = format!("{everything_claim:?} (true), {teams_claim:?}, {reps_claim:?} (lists of ids)");
            Error::PermissionDenied(format!("the token grants {}: it needs one of the claims {names}", none.text()))
        })?;
        let name = ["sub", "client_id", "azp"].into_iter().find_map(|claim| claims.get(claim)?.as_str());
        let name: String = name.unwrap_or("jwt").chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
        Ok(Grant { caller: Caller::named(&self.names.of(&name), scope), roles: texts(claims, roles_claim)? })
    }
}

/// Whether a token may be one for us by its type: an issuer signs others too, to log out or to prove who has a key (RFC 8725,
/// 3.11; RFC 9068, 4). Many issuers name none.
fn is_access_token(kind: Option<&str>) -> bool {
    let Some(kind) = kind else { return true };
    let kind = kind.to_ascii_lowercase();
    matches!(kind.strip_prefix("application/").unwrap_or(&kind), "jwt" | "at+jwt")
}

/// The claims of a token whose signature is right; None: its key is not known.
fn verified(keys: Option<&Keys>, token: &Token, algorithm: Algorithm) -> Option<Result<Claims>> {
    let keys = keys?.of(token.header.kid.as_deref(), algorithm);
    if keys.is_empty() {
        return None;
    }
    let claims = keys.into_iter().find_map(|key| token.signed_by(&key.public));
    Some(claims.map_or_else(|| refused("the token's signature is wrong"), Ok))
}

/// A claim that is a list of texts; empty where it is not there.
fn texts(claims: &Claims, name: &str) -> Result<Vec<String>> {
    let value = match claims.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(value) => value.as_array(),
    };
    let texts = value.and_then(|all| all.iter().map(|one| one.as_str().map(str::to_owned)).collect());
    texts.map_or_else(|| denied(format!("the token's claim {name:?} is not a list of texts")), Ok)
}

fn refused<T>(why: &str) -> Result<T> {
    Err(Error::Unauthenticated(why.into()))
}

fn denied<T>(why: String) -> Result<T> {
    Err(Error::PermissionDenied(why))
}
