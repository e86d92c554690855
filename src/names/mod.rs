//! Names and definitions of KPIs, dimensions and families, in every language.
//!
//! The texts are the Fluent resources in `locales`, a folder per language and a file per section of the catalogue. A
//! message is named as the KPI; its value is the name, its attribute `definition` one sentence, and its attribute `terms`
//! other words that people search by, with commas between them. What a language lacks is told in English.

mod language;
mod messages;
mod search;

pub use language::{Language, MalformedTag};
pub use messages::{Message, messages};
pub use search::Search;

/// A KPI's name: its id where it has none.
pub fn kpi(id: &str, language: Language) -> &str {
    name(id, language).unwrap_or(id)
}

/// What a KPI means, in one sentence: empty where nobody wrote it.
pub fn definition(id: &str, language: Language) -> &'static str {
    let in_language = |language| messages(language).get(id)?.definition.as_deref();
    in_language(language).or_else(|| in_language(Language::English)).unwrap_or_default()
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
    let message = messages(language).get(key).or_else(|| messages(Language::English).get(key))?;
    Some(&message.name)
}
