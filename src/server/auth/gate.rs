use super::fetch::KnownKeys;
use super::grant::Grant;
use super::jwt::Jwt;
use super::roles::Roles;
use super::tokens::Tokens;
use crate::clock::SharedClock;
use crate::config;
use crate::error::{Error, Result};
use crate::server::rpc::Rpc;
use crate::server::watch::{File, Reload, Unusable, follow};
use crate::service::Caller;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use std::sync::Arc;
use tokio::sync::watch;

/// The most bytes of a token.
const MAX_TOKEN: usize = 16 * 1024;

/// Lets callers in.
pub struct Gate {
    tokens: Option<watch::Receiver<Arc<Tokens>>>,
    jwt: Option<Jwt>,
    roles: Arc<Roles>,
    clock: SharedClock,
}

impl Gate {
    /// Reads the files that the settings name, and goes on looking at them until the service stops. An error
    /// names the setting.
    pub async fn start(settings: &config::Auth, reload: &Reload, clock: SharedClock) -> Result<Self, Unusable> {
        let roles = Arc::new(Roles::new(&settings.roles)?);
        let tokens = match &settings.tokens {
            Some(path) => {
                let file = File { setting: "auth.tokens_file", path: path.clone() };
                let (files, known) = (vec![file.clone()], roles.clone());
                let parse = move |contents: &[Vec<u8>]| {
                    let content = contents.first().map(Vec::as_slice).unwrap_or_default();
                    let tokens = Tokens::parse(content).map_err(|error| file.unusable(error))?;
                    let unknown = known.unknown(tokens.roles());
                    if !unknown.is_empty() {
                        tracing::warn!(roles = ?unknown, "auth.tokens_file names roles that auth.roles does not have");
                    }
                    Ok(tokens)
                };
                Some(follow(files, parse, "tokens", reload).await?)
            }
            None => None,
        };
        let jwt = match &settings.jwt {
            Some(jwt) => Some(Jwt::start(jwt, reload).await?),
            None => None,
        };
        Ok(Self { tokens, jwt, roles, clock })
    }

    /// Whether the keys that tokens are checked by have been had at all.
    pub fn known_keys(&self) -> KnownKeys {
        self.jwt.as_ref().map(Jwt::known_keys).unwrap_or_default()
    }

    /// Says who makes a call, by its headers and its path ("/crm.kpi.v1.KpiService/QueryKpis"), if the call is open to them.
    /// Calls of other services need a token too, but no role. Where nobody needs one, callers are told from each other by
    /// where they call from.
    pub async fn admit(&self, headers: &HeaderMap, path: &str, peer: Option<Arc<str>>) -> Result<Caller> {
        if self.tokens.is_none() && self.jwt.is_none() {
            return Ok(Caller::anybody(peer));
        }
        let Grant { caller, roles } = self.grant(bearer(headers)?).await?;
        let rpc = Rpc::of(path);
        match rpc.is_own() {
            true if !self.roles.open(&roles, rpc.method) => {
                let what = Rpc::own().find(|own| *own == rpc.method).unwrap_or("this call");
                Err(Error::PermissionDenied(format!("no role of the caller permits {what}")))
            }
            _ => Ok(caller),
        }
    }

    async fn grant(&self, token: &str) -> Result<Grant> {
        let now = self.clock.now();
        let known = self.tokens.as_ref().and_then(|tokens| tokens.borrow().grant(token, now));
        match (known, &self.jwt) {
            (Some(grant), _) => grant,
            (None, Some(jwt)) => jwt.grant(token, now).await,
            (None, None) => Err(Error::Unauthenticated("unknown token".into())),
        }
    }
}

/// The token that a call brings along.
fn bearer(headers: &HeaderMap) -> Result<&str> {
    let refused = |why: &str| Err(Error::Unauthenticated(why.into()));
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return refused("the call has no token: send \"authorization: Bearer TOKEN\" as metadata"),
        (Some(_), Some(_)) => return refused("the call has more than one \"authorization\""),
        (Some(value), None) => value,
    };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        let token = token.trim_matches(' ');
        let is_token = !token.is_empty() && token.len() <= MAX_TOKEN && !token.contains([' ', '\t']);
        (scheme.eq_ignore_ascii_case("bearer") && is_token).then_some(token)
    });
    token.map_or_else(|| refused("\"authorization\" is not \"Bearer TOKEN\""), Ok)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn of(values: &[&[u8]]) -> Result<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn a_token_comes_as_bearer() {
        for value in ["Bearer abc", "bearer abc", "BEARER  abc "] {
            assert_eq!(of(&[value.as_bytes()]).unwrap(), "abc");
        }
        let long = format!("Bearer {}", "a".repeat(MAX_TOKEN + 1));
        let bad: [&[u8]; 9] = [
            b"",
            b"abc",
            b"Bearer",
            b"Bearer ",
            b"Basic abc",
            b"Bearer a b",
            b"Bearer \xff",
            b"Bearer a\tb",
            long.as_bytes(),
        ];
        for value in bad {
            assert!(of(&[value]).is_err(), "{}", String::from_utf8_lossy(value));
        }
        assert!(of(&[]).unwrap_err().to_string().contains("no token"));
        assert!(of(&[b"Bearer a", b"Bearer a"]).unwrap_err().to_string().contains("more than one"));
    }
}
