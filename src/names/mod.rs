//! Names and definitions of KPIs, dimensions and families, in every language.
//!
//! The texts are the Fluent resources in `locales`, a folder per language and a file per section of the catalogue. A
//! message is named as the KPI; its value is the name, its attribute `definition` one sentence, and its attribute `terms`
//! other words that people search by, with commas between them. What a language lacks is told in English. `terminal.ftl` has the
//! phrases of the command line instead, with values in them.

mod language;
mod messages;
mod phrases;
mod search;

pub use language::{Language, MalformedTag};
pub use messages::{Message, Messages, messages};
pub use phrases::{Part, phrase};
pub use search::Search;

/// A KPI's name: its id where it has none.
pub fn kpi(id: &str, language: Language) -> &str {
    name(id, language).unwrap_or(id)
}

/// What a KPI means, in one sentence: empty where nobody wrote it.
pub fn definition(id: &str, language: Language) -> &'static str {
    with_english(language, id, |message| message.definition.as_deref()).unwrap_or_default()
}

/// A dimension's name: its id where it has none.
pub fn dimension(id: &str, language: Language) -> &str {
    name(&format!("dimension-{id}"), language).unwrap_or(id)
}

/// The name of a KPI family: its id where it has none.
pub fn family(id: &str, language: Language) -> &str {
    name(&format!("family-{id}"), language).unwrap_or(id)
}

fn name(key: &str, language: Language) -> Option<&'static str> {
    with_english(language, key, |message| Some(&message.name))
}

fn with_english(language: Language, key: &str, part: fn(&Message) -> Option<&str>) -> Option<&'static str> {
    first([messages(language), messages(Language::English)], key, part)
}

/// A part of a message in the first of these languages that has it.
fn first<'a>(languages: [&'a Messages; 2], key: &str, part: fn(&Message) -> Option<&str>) -> Option<&'a str> {
    languages.into_iter().find_map(|messages| part(messages.get(key)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_language_lacks_is_told_in_english() {
        let message = |name: &str, definition: Option<&str>| Message {
            name: name.into(),
            definition: definition.map(Into::into),
            terms: None,
        };
        let english = [("a", message("A", Some("A."))), ("b", message("B", Some("B.")))];
        let english = Messages::from(english.map(|(id, message)| (id.to_owned(), message)));
        let russian = Messages::from([("a".to_owned(), message("А", None))]);
        let name = |key| first([&russian, &english], key, |message| Some(&message.name));
        let definition = |key| first([&russian, &english], key, |message| message.definition.as_deref());
        assert_eq!((name("a"), definition("a")), (Some("А"), Some("A.")));
        assert_eq!((name("b"), definition("b")), (Some("B"), Some("B.")));
        assert_eq!((name("c"), definition("c")), (None, None));
    }

    #[test]
    fn what_has_no_name_is_told_by_its_id() {
        assert_eq!(kpi("no_such", Language::Persian), "no_such");
        assert_eq!(definition("no_such", Language::Persian), "");
    }
}
