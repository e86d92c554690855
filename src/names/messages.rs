use super::language::Language;
use fluent_bundle::{FluentBundle, FluentResource};
use fluent_syntax::ast::{Entry, Pattern};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// What a resource says of a KPI, a dimension or a family.
#[derive(Debug)]
pub struct Message {
    /// What to show.
    pub name: String,
    /// One sentence.
    pub definition: Option<String>,
    /// Other words that people search by, with commas between them.
    pub terms: Option<String>,
}

/// The messages of a language, by their ids: those of KPIs are the KPIs' own, those of dimensions and families begin with
/// `dimension-` and `family-`.
pub type Messages = BTreeMap<String, Message>;

macro_rules! resources {
    ($language:literal) => {
        resources!(
            $language, "sales" "pipeline" "leads" "subscriptions" "activity" "social" "service" "surveys" "usage" "catalog"
        )
    };
    ($language:literal, $($section:literal)*) => {
        &[$(include_str!(concat!("../../locales/", $language, "/", $section, ".ftl"))),*]
    };
}

const ENGLISH: &[&str] = resources!("en");
const PERSIAN: &[&str] = resources!("fa");
const RUSSIAN: &[&str] = resources!("ru");

/// The messages of a language alone, without English for those that it lacks.
pub fn messages(language: Language) -> &'static Messages {
    static ALL: LazyLock<[Messages; 3]> =
        LazyLock::new(|| [Language::English, Language::Persian, Language::Russian].map(|language| read(language).0));
    let [english, persian, russian] = &*ALL;
    match language {
        Language::English => english,
        Language::Persian => persian,
        Language::Russian => russian,
    }
}

/// What the resources of a language say, and what is wrong with them.
fn read(language: Language) -> (Messages, Vec<String>) {
    let sources = match language {
        Language::English => ENGLISH,
        Language::Persian => PERSIAN,
        Language::Russian => RUSSIAN,
    };
    let mut problems = Vec::new();
    let locale: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new(vec![locale]);
    bundle.set_use_isolating(false);
    let mut ids = Vec::new();
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
            problems.extend(errors.iter().map(ToString::to_string));
            resource
        });
        ids.extend(resource.entries().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message.id.name.to_owned()),
            _ => None,
        }));
        if let Err(errors) = bundle.add_resource(resource) {
            problems.extend(errors.iter().map(ToString::to_string));
        }
    }
    let mut messages = Messages::new();
    for id in ids {
        let Some(message) = bundle.get_message(&id) else { continue };
        let mut errors = Vec::new();
        let mut text = |pattern: &Pattern<&str>| bundle.format_pattern(pattern, None, &mut errors).into_owned();
        let name = message.value().map(&mut text);
        let definition = message.get_attribute("definition").map(|attribute| text(attribute.value()));
        let terms = message.get_attribute("terms").map(|attribute| text(attribute.value()));
        problems.extend(errors.iter().map(|error| format!("{id}: {error}")));
        match name {
            Some(name) => drop(messages.insert(id, Message { name, definition, terms })),
            None => problems.push(format!("{id}: has no name")),
        }
    }
    (messages, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resources_are_sound() {
        for language in Language::ALL {
            assert_eq!(read(language).1, [""; 0], "{language:?}");
        }
    }
}
