use super::grant::{Grant, Scopes};
use crate::error::Error;
use crate::service::Caller;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// The most characters of a name, which logs show.
const MAX_NAME: usize = 100;

/// The SHA-256 of a token, in hexadecimal digits, as a file of tokens holds it.
pub fn hash(token: &str) -> String {
    let mut text = String::new();
    for byte in digest(token) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Static tokens, by their hashes: how long it takes to find one tells nothing about another.
#[derive(Debug)]
pub struct Tokens(HashMap<[u8; 32], Token>);

#[derive(Debug)]
struct Token {
    grant: Grant,
    expires: Option<DateTime<Utc>>,
    revoked: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOfTokens {
    #[serde(default)]
    token: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    sha256: String,
    #[serde(default)]
    everything: bool,
    #[serde(default)]
    teams: Vec<String>,
    #[serde(default)]
    reps: Vec<String>,
    #[serde(default)]
    roles: Vec<String>,
    expires: Option<toml::Value>,
    #[serde(default)]
    revoked: bool,
}

impl Tokens {
    /// Reads a file of tokens (TOML). An error tells everything that is wrong with it, and no hash.
    pub fn parse(content: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(content).map_err(|_| "is not UTF-8".to_owned())?;
        let file: FileOfTokens = toml::from_str(text).map_err(|error| match error.span() {
            Some(span) => {
                let line = text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count() + 1;
                format!("line {line}: {}", error.message())
            }
            None => error.message().to_owned(),
        })?;
        let mut tokens = HashMap::new();
        let mut names = HashSet::new();
        let mut problems = Vec::new();
        for (place, entry) in file.token.into_iter().enumerate() {
            let name = entry.name.clone();
            let mut problem = |text: &str| problems.push(format!("token {} ({name:?}) {text}", place + 1));
            if !names.insert(name.clone()) {
                problem("has the same name as another one");
            }
            if name.is_empty() || name.chars().count() > MAX_NAME || name.chars().any(char::is_control) {
                problem("has no printable name");
            }
            let hash = from_hex(&entry.sha256);
            if hash.is_none() {
                problem("has no SHA-256 hash of 64 hexadecimal digits: `crm-kpi token` creates one");
            }
            let expires = match entry.expires.as_ref().map(instant) {
                Some(None) => {
                    problem("expires at no instant such as \"2027-01-31T00:00:00Z\"");
                    None
                }
                Some(instant) => instant,
                None => None,
            };
            let scopes = Scopes { everything: entry.everything, teams: entry.teams, reps: entry.reps };
            let scope = scopes.one().map_err(|none| {
                problem(&format!("has {}: add one of everything = true, teams = […], reps = […]", none.text()));
            });
            let (Some(hash), Ok(scope)) = (hash, scope) else { continue };
            let grant = Grant { caller: Caller::named(&name, scope), roles: entry.roles };
            if tokens.insert(hash, Token { grant, expires, revoked: entry.revoked }).is_some() {
                problem("has the same hash as another one");
            }
        }
        if problems.is_empty() { Ok(Self(tokens)) } else { Err(problems.join("; ")) }
    }

    /// What a token grants at an instant. None: it is not one of these.
    pub(super) fn grant(&self, token: &str, now: DateTime<Utc>) -> Option<Result<Grant, Error>> {
        let token = self.0.get(&digest(token))?;
        Some(if token.revoked {
            Err(Error::Unauthenticated("the token has been revoked".into()))
        } else if token.expires.is_some_and(|expires| expires <= now) {
            Err(Error::Unauthenticated("the token has expired".into()))
        } else {
            Ok(token.grant.clone())
        })
    }

    /// The roles of all tokens.
    pub(super) fn roles(&self) -> impl Iterator<Item = &String> {
        self.0.values().flat_map(|token| &token.grant.roles)
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// RFC 3339, as a text or as TOML writes it.
fn instant(value: &toml::Value) -> Option<DateTime<Utc>> {
    let text = match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Datetime(instant) => instant.to_string(),
        _ => return None,
    };
    DateTime::parse_from_rfc3339(&text).ok().map(|instant| instant.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Scope;

    fn now() -> DateTime<Utc> {
        "2026-06-30T12:00:00Z".parse().unwrap()
    }

    fn refused(tokens: &Tokens, token: &str) -> String {
        tokens.grant(token, now()).expect("a known token").unwrap_err().to_string()
    }

    #[test]
    fn a_token_grants_what_its_entry_says() {
        let file = format!(
            "[[token]]\nname = 'all'\nsha256 = '{}'\neverything = true\n\
             [[token]]\nname = 'east'\nsha256 = '{}'\nteams = ['e', 'a', 'e']\nroles = ['boards']\n\
             expires = 2026-06-30T12:00:01Z\n\
             [[token]]\nname = 'over'\nsha256 = '{}'\nreps = ['r']\nexpires = '2026-06-30T14:00:00+02:00'\n\
             [[token]]\nname = 'gone'\nsha256 = '{}'\nreps = ['r']\nrevoked = true\n",
            hash("a"),
            hash("e").to_uppercase(),
            hash("o"),
            hash("g")
        );
        let tokens = Tokens::parse(file.as_bytes()).unwrap();
        let all = tokens.grant("a", now()).unwrap().unwrap();
        assert_eq!((&*all.caller.name, all.caller.scope, all.roles.len()), ("all", Scope::All, 0));
        let east = tokens.grant("e", now()).unwrap().unwrap();
        assert_eq!(east.caller.scope, Scope::Teams(vec!["a".into(), "e".into()]));
        assert_eq!(east.roles, ["boards"]);
        assert_eq!(refused(&tokens, "o"), "the token has expired");
        assert_eq!(refused(&tokens, "g"), "the token has been revoked");
        for unknown in ["", "x", &hash("a")] {
            assert!(tokens.grant(unknown, now()).is_none());
        }
        assert!(Tokens::parse(b"").unwrap().grant("a", now()).is_none());
    }

    #[test]
    fn everything_wrong_with_a_file_is_told() {
        let h = hash("x");
        let cases = [
            (format!("[[token]]\nname = 'n'\nsha256 = '{h}'\nteam = ['t']"), "line 4: unknown field `team`"),
            (format!("[[token]]\nname = 'n'\nsha256 = '{h}'"), "token 1 (\"n\") has no scope: add one of"),
            (format!("[[token]]\nname = 'n'\nsha256 = '{h}'\nteams = []"), "has no scope"),
            (format!("[[token]]\nname = 'n'\nsha256 = '{h}'\neverything = false"), "has no scope"),
            (format!("[[token]]\nname = 'n'\nsha256 = '{h}'\neverything = true\nreps = ['r']"), "more than one scope"),
            (format!("[[token]]\nname = ''\nsha256 = '{h}'\neverything = true"), "no printable name"),
            ("[[token]]\nname = 'n'\nsha256 = 'é'\neverything = true".into(), "no SHA-256 hash of 64"),
            (format!("[[token]]\nname = 'n'\nsha256 = '{h}'\neverything = true\nexpires = 2026-01-01"), "no instant"),
            ("tokens = 1".into(), "unknown field `tokens`"),
            ("[[token]".into(), "line 1: "),
        ];
        for (file, part) in cases {
            let error = Tokens::parse(file.as_bytes()).unwrap_err();
            assert!(error.contains(part), "{part:?} is not in {error:?}");
            assert!(!error.contains(&h), "{error}");
        }
        let twice = format!("[[token]]\nname = 'n'\nsha256 = '{h}'\neverything = true\n").repeat(2);
        let error = Tokens::parse(twice.as_bytes()).unwrap_err();
        assert!(
            error.contains("the same name as another one; ") && error.contains("the same hash as another one"),
            "{error}"
        );
        assert!(Tokens::parse(b"\xff").is_err());
    }
}
