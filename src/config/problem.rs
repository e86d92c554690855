use super::redact::redact;
use std::fmt::{self, Display};
use std::path::PathBuf;

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `config/default.toml`.
    Default,
    /// A file.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
    /// An option of the command line.
    Flag(&'static str),
}

impl Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("the defaults"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Something that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting; empty: it is about its source.
    pub key: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What is wrong, and what to write instead.
    pub text: String,
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, origin, text } = self;
        let shown = match (key.as_str(), origin) {
            ("", _) => format!("{origin}: {text}"),
            (_, Origin::Default) => format!("{key}: {text}"),
            _ => format!("{key} (from {origin}): {text}"),
        };
        // Whatever is quoted may be an address in the wrong place.
        f.write_str(&redact(&shown))
    }
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the configuration is wrong:{}", .0.iter().map(|problem| format!("\n  {problem}")).collect::<String>())]
pub struct ConfigError(pub Vec<Problem>);
