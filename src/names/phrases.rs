//! Phrases with values in them, which commands print.

use super::language::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

type Phrases = FluentBundle<FluentResource>;

const ENGLISH: &str = include_str!("../../locales/en/terminal.ftl");
const PERSIAN: &str = include_str!("../../locales/fa/terminal.ftl");
const RUSSIAN: &str = include_str!("../../locales/ru/terminal.ftl");

/// A value in a phrase.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// A text as it is.
    Text(&'a str),
    /// How many there are of something: the phrase goes by it.
    Count(usize),
}

/// The phrase `terminal-…` with values in it, in English where a language lacks it.
pub fn phrase(id: &str, language: Language, parts: &[(&str, Part<'_>)]) -> String {
    let mut values = FluentArgs::new();
    for (name, part) in parts {
        values.set(
            *name,
            match part {
                Part::Text(text) => FluentValue::from(*text),
                Part::Count(count) => FluentValue::from(*count),
            },
        );
    }
    let id = format!("terminal-{id}");
    let found = [language, Language::English].into_iter().find_map(|language| {
        let phrases = phrases(language);
        let pattern = phrases.get_message(&id)?.value()?;
        let mut errors = Vec::new();
        let text = phrases.format_pattern(pattern, Some(&values), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    });
    found.unwrap_or(id)
}

fn phrases(language: Language) -> &'static Phrases {
    static ALL: LazyLock<[Phrases; 3]> = LazyLock::new(|| Language::ALL.map(|language| read(language).0));
    let [english, persian, russian] = &*ALL;
    match language {
        Language::English => english,
        Language::Persian => persian,
        Language::Russian => russian,
    }
}

/// What the resource of a language says, and what is wrong with it.
fn read(language: Language) -> (Phrases, Vec<String>) {
    let source = match language {
        Language::English => ENGLISH,
        Language::Persian => PERSIAN,
        Language::Russian => RUSSIAN,
    };
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut phrases = Phrases::new_concurrent(vec![locale]);
    phrases.set_use_isolating(false);
    let mut problems = Vec::new();
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
        problems.extend(errors.iter().map(ToString::to_string));
        resource
    });
    if let Err(errors) = phrases.add_resource(resource) {
        problems.extend(errors.iter().map(ToString::to_string));
    }
    (phrases, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fluent_syntax::ast::Entry;

    /// Every phrase is there in every language, and takes the same values as in English.
    #[test]
    fn every_language_has_every_phrase() {
        let english = FluentResource::try_new(ENGLISH.to_owned()).unwrap();
        let ids = english.entries().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message.id.name),
            _ => None,
        });
        let ids: Vec<&str> = ids.collect();
        for language in Language::ALL {
            let (phrases, problems) = read(language);
            assert_eq!(problems, [""; 0], "{language:?}");
            for id in &ids {
                let message = phrases.get_message(id).unwrap_or_else(|| panic!("{language:?} lacks {id}"));
                let mut values = FluentArgs::new();
                for name in [
                    "first",
                    "last",
                    "zone",
                    "dates",
                    "value",
                    "dimension",
                    "nearest",
                    "id",
                    "place",
                    "currency",
                    "date",
                ] {
                    values.set(name, "x");
                }
                values.set("count", 2);
                let mut errors = Vec::new();
                phrases.format_pattern(message.value().unwrap(), Some(&values), &mut errors);
                assert!(errors.is_empty(), "{language:?} {id}: {errors:?}");
            }
        }
    }

    #[test]
    fn counts_go_by_the_language() {
        let rows = |language, count| phrase("rows", language, &[("count", Part::Count(count))]);
        assert_eq!([1, 2, 1000].map(|count| rows(Language::English, count)), ["1 row", "2 rows", "1000 rows"]);
        assert_eq!(
            [1, 3, 5, 21].map(|count| rows(Language::Russian, count)),
            ["1 строка", "3 строки", "5 строк", "21 строка"]
        );
        assert_eq!(rows(Language::Persian, 2), "2 ردیف");
        assert_eq!(phrase("no-such", Language::Persian, &[]), "terminal-no-such");
    }
}
