use crate::config::CallerNames;
use crate::server::watch::{File, Unusable};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Bytes of a hash that stand for a name.
const BYTES: usize = 8;

/// How callers are named in logs, metrics and traces.
#[derive(Clone)]
pub(super) enum Names {
    /// As their tokens do.
    Plain,
    /// By a hash.
    Hash,
    /// By a hash with a key.
    Keyed(Hmac<Sha256>),
}

impl Names {
    /// Reads the key, if there is one.
    pub async fn read(settings: &CallerNames) -> Result<Self, Unusable> {
        let path = match settings {
            CallerNames::Plain => return Ok(Self::Plain),
            CallerNames::Hash(None) => return Ok(Self::Hash),
            CallerNames::Hash(Some(path)) => path.clone(),
        };
        let file = File { setting: "auth.jwt.caller_names_key_file", path };
        let text = tokio::fs::read_to_string(&file.path).await;
        let text = text.map_err(|error| file.unusable(format_args!("cannot be read: {error}")))?;
        let key = text.lines().next().map(str::trim).filter(|line| !line.is_empty());
        let key = key.ok_or_else(|| file.unusable("has no key in its first line"))?;
        // A key may have any length.
        Hmac::new_from_slice(key.as_bytes()).map(Self::Keyed).map_err(|error| file.unusable(error))
    }

    /// The name of a caller.
    pub fn of(&self, name: &str) -> String {
        match self {
            Self::Plain => name.to_owned(),
            Self::Hash => digits(&Sha256::digest(name.as_bytes())),
            Self::Keyed(keyed) => digits(&keyed.clone().chain_update(name.as_bytes()).finalize().into_bytes()),
        }
    }
}

fn digits(hash: &[u8]) -> String {
    hash.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_shown_as_the_settings_say() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "Jefe\nnot this\n").unwrap();
        let of = async |settings, name| Names::read(&settings).await.unwrap().of(name);
        assert_eq!(of(CallerNames::Plain, "ann@example.com").await, "ann@example.com");
        // As FIPS 180 has it, and RFC 4231, test case 2.
        assert_eq!(of(CallerNames::Hash(None), "abc").await, "ba7816bf8f01cfea");
        let keyed = CallerNames::Hash(Some(path.clone()));
        assert_eq!(of(keyed.clone(), "what do ya want for nothing?").await, "5bdcc146bf60754e");
        for unusable in ["", "\n"] {
            std::fs::write(&path, unusable).unwrap();
            let error = Names::read(&keyed).await.err().unwrap();
            assert!(error.to_string().starts_with("auth.jwt.caller_names_key_file: "), "{error}");
        }
    }
}
