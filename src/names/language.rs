use oxilangtag::LanguageTag;
use std::str::FromStr;

/// A language that names and definitions are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Language {
    #[default]
    English,
    Persian,
    Russian,
}

/// A text that is not of the form of a BCP 47 language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a BCP 47 language tag: use one such as \"fa\", \"fa-IR\" or \"ru\", or nothing for English")]
pub struct MalformedTag;

impl Language {
    /// All languages.
    pub const ALL: [Self; 3] = [Self::English, Self::Persian, Self::Russian];

    /// Its BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Persian => "fa",
            Self::Russian => "ru",
        }
    }
}

impl FromStr for Language {
    type Err = MalformedTag;

    /// The language of a BCP 47 tag, whatever its region, script and extensions: English for the empty text and for
    /// languages that nothing is written in.
    fn from_str(text: &str) -> Result<Self, MalformedTag> {
        if text.is_empty() {
            return Ok(Self::English);
        }
        let tag = LanguageTag::parse(text).map_err(|_| MalformedTag)?;
        let primary = tag.primary_language();
        Ok(Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary)).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_language() {
        for (tags, language) in [
            (["fa", "fa-IR", "FA-Arab-IR", "fa-IR-u-nu-latn"], Language::Persian),
            (["ru", "ru-RU", "RU", "ru-Cyrl-KZ"], Language::Russian),
            (["", "en-GB", "de", "x-fa"], Language::English),
        ] {
            for tag in tags {
                assert_eq!(tag.parse(), Ok(language), "{tag:?}");
            }
        }
    }

    #[test]
    fn other_texts_are_none() {
        for text in [" ", "fa_IR", "f", "fa-", "-fa", "fa--IR", "فارسی", "fa\0", "en us"] {
            assert_eq!(text.parse::<Language>(), Err(MalformedTag), "{text:?}");
        }
    }
}
