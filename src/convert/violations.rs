use crate::error::{Error, Result, Violation};

/// Characters and bytes of a caller's text that are repeated to the caller: beyond ASCII each byte takes three in a message.
const QUOTED_CHARS: usize = 60;
const QUOTED_BYTES: usize = 90;

/// Collects everything that is wrong with a request.
#[derive(Debug, Default)]
pub struct Violations {
    invalid: Vec<Violation>,
}

impl Violations {
    /// A field breaks a rule.
    pub fn invalid(&mut self, field: impl Into<String>, description: impl Into<String>) {
        self.invalid.push(Violation { field: field.into(), description: description.into() });
    }

    /// How many there are so far.
    pub fn count(&self) -> usize {
        self.invalid.len()
    }

    /// What was parsed, if nothing is wrong with it.
    pub fn finish<T>(self, parsed: Option<T>) -> Result<T> {
        match parsed {
            _ if !self.invalid.is_empty() => Err(Error::Invalid(self.invalid)),
            Some(parsed) => Ok(parsed),
            None => Err(Error::Internal("a request was rejected without a reason".into())),
        }
    }
}

/// A caller's text in quotes, cut to a sensible length, without control characters.
pub(super) fn quoted(text: &str) -> String {
    let short = text.char_indices().take_while(|(at, c)| at + c.len_utf8() <= QUOTED_BYTES).take(QUOTED_CHARS);
    let mut start: String = short.map(|(_, c)| c).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("\"{}\"", start.escape_debug())
}

/// A size between 1 and `max`, where 0 stands for `default`.
pub fn bounded(size: i32, default: usize, max: usize, field: &str, violations: &mut Violations) -> Option<usize> {
    match usize::try_from(size) {
        Ok(0) => Some(default),
        Ok(size) if size <= max => Some(size),
        _ => {
            violations.invalid(field, format!("{size} is out of range: expected 1 to {max}, or 0 for {default}"));
            None
        }
    }
}

/// A text without U+0000, which no database can store.
pub fn without_nul(text: String, field: &str, violations: &mut Violations) -> Option<String> {
    if text.contains('\0') {
        violations.invalid(field, "must not contain the character U+0000");
        return None;
    }
    Some(text)
}
