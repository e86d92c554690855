use super::fingerprint::Fingerprint;
use crate::engine::{Position, Question};
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where the next page of an answer begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageToken {
    #[serde(rename = "q")]
    question: String,
    /// The version of the data that the pages are of.
    #[serde(rename = "v")]
    pub data_version: String,
    /// Rows on the pages before.
    #[serde(rename = "r")]
    pub rows: usize,
    /// See [`Fingerprint::seen`].
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<i64>,
}

/// Where a stream goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResumeToken {
    #[serde(rename = "q")]
    question: String,
    /// The version of the data that the stream is of.
    #[serde(rename = "v")]
    pub data_version: String,
    #[serde(rename = "k")]
    keys: Vec<String>,
    #[serde(rename = "b")]
    bucket: usize,
    #[serde(rename = "n")]
    rows: u64,
    /// See [`Fingerprint::seen`].
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<i64>,
}

/// Where the next page of a dimension's values begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueToken {
    #[serde(rename = "q")]
    question: String,
    /// The id of the last value of the page before.
    #[serde(rename = "a")]
    pub after: String,
}

impl PageToken {
    /// A token for what comes behind so many rows.
    pub fn new(question: &Fingerprint, data_version: &str, rows: usize) -> Self {
        Self { question: question.as_str().into(), data_version: data_version.into(), rows, seen: question.seen() }
    }

    /// As callers get it.
    pub fn encode(&self) -> String {
        encode(self)
    }

    /// Reads a token that must be of this question.
    pub fn decode(text: &str, question: &Fingerprint, field: &str) -> Result<Self> {
        let token: Self = decode(text, field)?;
        same_question(&token.question, question, field)?;
        Ok(token)
    }
}

impl ResumeToken {
    /// A token for what comes behind a row.
    pub fn new(question: &Fingerprint, data_version: &str, place: Position) -> Self {
        let Position { keys, bucket, rows } = place;
        let (seen, question) = (question.seen(), question.as_str().into());
        Self { question, data_version: data_version.into(), keys, bucket, rows, seen }
    }

    /// As callers get it.
    pub fn encode(&self) -> String {
        encode(self)
    }

    /// Reads a token that must be of this question.
    pub fn decode(text: &str, question: &Question, fingerprint: &Fingerprint, field: &str) -> Result<Self> {
        let token: Self = decode(text, field)?;
        same_question(&token.question, fingerprint, field)?;
        let fits = token.keys.len() == question.group_by.len() && token.bucket < question.timeline.buckets.len();
        if !fits || token.keys.iter().any(|key| key.contains('\0')) {
            return Err(malformed(field));
        }
        Ok(token)
    }

    /// The row that the stream goes on behind.
    pub fn into_position(self) -> Position {
        Position { keys: self.keys, bucket: self.bucket, rows: self.rows }
    }
}

impl ValueToken {
    /// A token for what comes behind a value.
    pub fn new(question: &Fingerprint, after: &str) -> Self {
        Self { question: question.as_str().into(), after: after.into() }
    }

    /// As callers get it.
    pub fn encode(&self) -> String {
        encode(self)
    }

    /// Reads a token that must be of this list.
    pub fn decode(text: &str, question: &Fingerprint, field: &str) -> Result<Self> {
        let token: Self = decode(text, field)?;
        same_question(&token.question, question, field)?;
        if token.after.contains('\0') { Err(malformed(field)) } else { Ok(token) }
    }
}

fn encode(token: &impl Serialize) -> String {
    // Structs of texts and numbers always serialise.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(token).unwrap_or_default())
}

fn decode<T: DeserializeOwned>(text: &str, field: &str) -> Result<T> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| malformed(field))?;
    serde_json::from_slice(&bytes).map_err(|_| malformed(field))
}

fn malformed(field: &str) -> Error {
    Error::InvalidToken { field: field.into(), reason: "it is not a token that this call returned".into() }
}

fn same_question(made_for: &str, question: &Fingerprint, field: &str) -> Result<()> {
    if made_for == question.as_str() {
        return Ok(());
    }
    Err(Error::InvalidToken {
        field: field.into(),
        reason:
            "it was made for another request, or for other dates of a relative period: repeat the request unchanged, \
                 or start over without a token"
                .into(),
    })
}
