//! What a field's text is made of, and the words that it may be written in.

use super::rule::Ground;
use super::template::parts;
use super::{Problems, Source};
use crate::import::mapping::language::{Names, Options};
use crate::import::mapping::table::FieldKind;
use crate::import::mapping::value::{Expression, flag, folded, word as known_word};
use crate::import::suggest::suggestion;
use std::collections::HashMap;

impl Ground<'_> {
    pub(super) fn source(&self, options: &Options, problems: &mut Problems) -> Source {
        let Names(names) = &options.column;
        match (&options.text, &options.number) {
            (Some(text), None) if names.is_empty() => {
                let key = format!("{}.text", self.key);
                match parts(text, |name| self.columns.place(name, &key, problems)) {
                    Ok(parts) => Source::Text(parts),
                    Err(reason) => {
                        problems.add(key, reason);
                        Source::Text(Vec::new())
                    }
                }
            }
            (None, Some(number)) if names.is_empty() => self.number(number, options, problems),
            (None, None) if !names.is_empty() => {
                let key = format!("{}.column", self.key);
                Source::Columns(names.iter().filter_map(|name| self.columns.place(name, &key, problems)).collect())
            }
            _ => {
                problems.add(&self.key, "must have one of `column`, `text` and `number`");
                Source::Columns(Vec::new())
            }
        }
    }

    fn number(&self, number: &str, options: &Options, problems: &mut Problems) -> Source {
        let key = format!("{}.number", self.key);
        let kind = self.field.kind;
        let is_number = matches!(
            kind,
            FieldKind::Money | FieldKind::Percent | FieldKind::Whole(_) | FieldKind::Decimal | FieldKind::Positive
        );
        if !is_number && options.bands.is_empty() {
            problems.add(&key, format!("produces a number, but {} is not a number field", self.field.name));
        }
        let shown = parts(number, |name| self.columns.names.iter().position(|column| column == name));
        match Expression::new(number, |name| self.columns.place(name, &key, problems)) {
            Ok(expression) => Source::Number {
                expression,
                shown: shown.unwrap_or_default(),
                decimals: self.settings.decimals,
                round: options.round,
            },
            Err(reason) => {
                problems.add(key, reason);
                Source::Columns(Vec::new())
            }
        }
    }

    /// What spellings stand for. No spelling stands for two words.
    pub(super) fn words(&self, options: &Options, problems: &mut Problems) -> HashMap<String, String> {
        let mut words = HashMap::new();
        for (word, Names(spellings)) in &options.words {
            let key = format!("{}.words.{word}", self.key);
            let is_known = match self.field.kind {
                FieldKind::Word(known) => known_word(word, known).map(drop),
                FieldKind::Flag => flag(word).map(drop),
                _ => Ok(()),
            };
            if is_known.is_err() {
                let known = match self.field.kind {
                    FieldKind::Word(known) => known,
                    _ => &["true", "false"],
                };
                let near = suggestion(word, known.iter().copied());
                problems.add(&key, format!("{} is not a word of {}: {near}", word, self.field.name));
            }
            for spelling in spellings {
                let known = words.insert(folded(spelling), word.trim().to_owned());
                if let Some(other) = known.filter(|other| other != word.trim()) {
                    problems.add(&key, format!("{spelling:?} is a spelling of {other:?} as well"));
                }
            }
        }
        words
    }
}
