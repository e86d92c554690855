use super::violations::{Violations, quoted};
use crate::names::Language;
use crate::proto;

/// The language of a BCP 47 tag: English where nothing is written in it.
pub fn language(code: &str, field: impl Into<String>, violations: &mut Violations) -> Option<Language> {
    let language = code.parse();
    if let Err(error) = &language {
        violations.invalid(field, format!("{} {error}", quoted(code)));
    }
    language.ok()
}

/// The language that the answer to a query names things in. `path` is the query's field.
pub fn query_language(query: Option<&proto::KpiQuery>, path: &str, violations: &mut Violations) -> Option<Language> {
    let code = query.map_or("", |query| &query.language_code);
    language(code, format!("{path}.language_code"), violations)
}
