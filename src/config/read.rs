use super::problem::{Origin, Problem};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;
use toml::Value;

/// Reads values, and gathers what is wrong with them.
pub(super) struct Reader {
    pub(super) values: BTreeMap<String, (Value, Origin)>,
    pub(super) problems: Vec<Problem>,
}

impl Reader {
    pub fn new(values: BTreeMap<String, (Value, Origin)>, problems: Vec<Problem>) -> Self {
        Self { values, problems }
    }

    pub(super) fn problem(&mut self, key: &str, text: impl Display) {
        let origin = self.values.get(key).map_or(Origin::Default, |(_, origin)| origin.clone());
        self.problems.push(Problem { key: key.into(), origin, text: text.to_string() });
    }

    /// Records a problem; there is no value then.
    pub(super) fn wrong<T>(&mut self, key: &str, text: impl Display) -> Option<T> {
        self.problem(key, text);
        None
    }

    pub(super) fn value(&self, key: &str) -> Value {
        self.values.get(key).map_or(Value::String(String::new()), |(value, _)| value.clone())
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        match self.value(key) {
            Value::String(text) => Some(text),
            // It may be a secret whose quotes were forgotten.
            other => self.wrong(key, format_args!("is a TOML {}, not a string: quote it", other.type_str())),
        }
    }

    /// A text that may be unset: empty.
    pub(super) fn set(&mut self, key: &str) -> Option<Option<String>> {
        self.text(key).map(|text| Some(text).filter(|text| !text.is_empty()))
    }

    pub(super) fn path(&mut self, key: &str) -> Option<Option<PathBuf>> {
        self.set(key).map(|path| path.map(PathBuf::from))
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        match self.value(key) {
            Value::Boolean(flag) => Some(flag),
            other => self.wrong(key, format_args!("{other} is neither true nor false")),
        }
    }

    pub(super) fn number(&mut self, key: &str, range: RangeInclusive<i64>) -> Option<i64> {
        match self.value(key) {
            Value::Integer(number) if range.contains(&number) => Some(number),
            other => self.wrong(key, format_args!("{other} is not a number from {} to {}", range.start(), range.end())),
        }
    }

    pub(super) fn count(&mut self, key: &str, range: RangeInclusive<u32>) -> Option<usize> {
        self.number(key, (*range.start()).into()..=(*range.end()).into())
            .and_then(|number| usize::try_from(number).ok())
    }

    pub(super) fn duration(&mut self, key: &str, range: RangeInclusive<Duration>) -> Option<Duration> {
        let text = self.text(key)?;
        let (least, most) = (humantime::format_duration(*range.start()), humantime::format_duration(*range.end()));
        match humantime::parse_duration(&text) {
            Ok(duration) if range.contains(&duration) => Some(duration),
            Ok(_) => self.wrong(key, format_args!("{text} is not within {least} and {most}")),
            Err(_) => self.wrong(key, format_args!("{text:?} is not a duration: use one such as 500ms, 30s or 10m")),
        }
    }

    pub(super) fn address(&mut self, key: &str) -> Option<Option<SocketAddr>> {
        match self.set(key)? {
            None => Some(None),
            Some(text) => match text.parse() {
                Ok(address) => Some(Some(address)),
                Err(_) => self.wrong(
                    key,
                    format_args!("{text:?} is not an address and a port, such as 127.0.0.1:50051 or [::]:50051"),
                ),
            },
        }
    }

    pub(super) fn choice<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
            return Some(*choice);
        }
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("{name:?}")).collect();
        self.wrong(key, format_args!("{text:?} is not one of {}", names.join(", ")))
    }

    pub(super) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.value(key);
        let texts =
            value.as_array().map(|values| values.iter().map(|value| value.as_str().map(str::to_owned)).collect());
        match texts {
            Some(Some(texts)) => Some(texts),
            _ => self.wrong(key, format_args!("{value} is not a list of texts, such as [\"one\", \"two\"]")),
        }
    }
}
