use crate::error::Error;
use chrono::NaiveDate;
use iso_currency::Currency;
use std::fmt;

/// Bytes that are kept of a currency's code: more than any has.
const CODE: usize = 15;

/// That a currency has no exchange rate on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MissingRate {
    /// The day, in the question's time zone.
    pub day: NaiveDate,
    /// The currency's code as it is stored, even where no currency has it.
    pub currency: Code,
}

impl MissingRate {
    /// As an error of a question that is answered in some currency.
    pub(crate) fn into_error(self, into: Currency) -> Error {
        Error::MissingRate { currency: self.currency.as_str().into(), into: into.code().into(), day: self.day }
    }
}

/// The beginning of a stored text, short enough to be copied.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Code {
    bytes: [u8; CODE],
    len: u8,
}

impl Code {
    /// Of a text, the end of which is left out where it is long.
    pub fn new(text: &str) -> Self {
        let end = (0..=CODE.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
        let mut bytes = [0; CODE];
        bytes[..end].copy_from_slice(&text.as_bytes()[..end]);
        Self { bytes, len: end as u8 }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len.into()]).unwrap_or_default()
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn long_codes_are_cut_between_letters() {
        assert_eq!(Code::new("USD").as_str(), "USD");
        assert_eq!(Code::new("").as_str(), "");
        assert_eq!(Code::new("1234567890123456").as_str(), "123456789012345");
        assert_eq!(Code::new("1234567890123ддд").as_str(), "1234567890123д");
    }
}
