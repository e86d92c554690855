use super::problem::{ConfigError, Origin, Problem};
use super::read::Reader;
use super::settings::{LogSettings, Settings};
use crate::database::DatabaseUrl;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::{self, Display};
use std::path::Path;
use toml::{Table, Value};

/// The settings' documentation and their defaults.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// What names of environment variables begin with.
const PREFIX: &str = "CRM_KPI_";

/// A table whose keys are free.
const FREE: &str = "auth.roles";

/// Settings by their dotted keys, the later sources over the earlier ones.
#[derive(Clone)]
pub struct Layers {
    values: BTreeMap<String, (Value, Origin)>,
    problems: Vec<Problem>,
}

/// Without values, which may be secrets.
impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.iter().map(|(key, (_, origin))| (key, origin))).finish()
    }
}

impl Default for Layers {
    fn default() -> Self {
        Self::new()
    }
}

impl Layers {
    /// The defaults alone.
    pub fn new() -> Self {
        let mut layers = Self { values: BTreeMap::new(), problems: Vec::new() };
        match DEFAULTS.parse::<Table>() {
            Ok(table) => each_leaf(&table, "", &mut |key, value| {
                layers.values.insert(key, (value, Origin::Default));
            }),
            Err(error) => layers.problem("", &Origin::Default, error.message()),
        }
        layers
    }

    /// The defaults, with the database elsewhere where one is given.
    pub fn starting_with(database: Option<&str>) -> Self {
        let mut layers = Self::new();
        if let Some(url) = database {
            layers.set(Origin::Default, "database", url.into());
        }
        layers
    }

    /// Puts a file over what is there.
    pub fn file(&mut self, path: &Path) {
        let origin = Origin::File(path.to_owned());
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return self.problem("", &origin, format_args!("cannot be read: {error}")),
        };
        match text.parse::<Table>() {
            Ok(table) => each_leaf(&table, "", &mut |key, value| self.set(origin.clone(), &key, value)),
            // In full it quotes the line, which may hold a secret.
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
                self.problem("", &origin, format_args!("line {line} is not TOML: {}", error.message()));
            }
        }
    }

    /// Puts the variables of an environment over what is there: `CRM_KPI_LIMITS_QUERIES` is `limits.queries`.
    pub fn environment(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        let keys: BTreeMap<String, String> = self.values.keys().map(|key| (variable_of(key), key.clone())).collect();
        let sections: Vec<String> = self
            .values
            .keys()
            .filter_map(|key| key.rsplit_once('.'))
            .map(|(section, _)| variable_of(section))
            .collect();
        let mut given: Vec<_> = variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        given.sort();
        for (name, value) in given {
            let origin = Origin::Variable(name.clone());
            let key = keys.get(&name);
            match (key, value.into_string()) {
                (Some(key), Ok(text)) => self.text(origin, key, &text),
                (Some(key), Err(_)) => self.problem(key, &origin, "is not UTF-8"),
                // Kubernetes sets variables of this form for a service that is named crm-kpi-…
                (None, _) if name.contains("_SERVICE_") || name.contains("_PORT") => {}
                (None, _) if sections.iter().any(|section| name.starts_with(&format!("{section}_"))) => {
                    self.problem("", &origin, "unknown setting: `crm-kpi config default` lists them all");
                }
                (None, _) => {}
            }
        }
    }

    /// Puts `KEY=VALUE` over what is there.
    pub fn option(&mut self, text: &str) {
        let origin = Origin::Flag("--set");
        match text.split_once('=') {
            Some((key, value)) if is_key(key.trim()) => self.text(origin, key.trim(), value.trim()),
            // It is not quoted: whoever forgets the key may have written a secret.
            _ => self.problem("", &origin, "is not KEY=VALUE, such as limits.queries=64"),
        }
    }

    /// Puts an option of the command line over what is there, if it is given.
    pub fn flag(&mut self, name: &'static str, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(Origin::Flag(name), key, value);
        }
    }

    /// A value as text: texts as they are, anything else as TOML writes it.
    fn text(&mut self, origin: Origin, key: &str, text: &str) {
        let is_text = self.values.get(key).is_none_or(|(value, _)| value.is_str());
        let value = match format!("value = {text}").parse::<Table>() {
            _ if is_text => Value::String(text.into()),
            Ok(mut table) => table.remove("value").unwrap_or_else(|| Value::String(text.into())),
            Err(_) => Value::String(text.into()),
        };
        self.set(origin, key, value);
    }

    /// Puts a value over what is there.
    pub fn set(&mut self, origin: Origin, key: &str, value: Value) {
        // Whoever names the URL means it, also where a source below names a file.
        let other = match key {
            "database" => Some("database_file"),
            "database_file" => Some("database"),
            _ => None,
        };
        if let Some((value, by)) = other.and_then(|other| self.values.get_mut(other))
            && *by != origin
            && origin != Origin::Default
        {
            (*value, *by) = (Value::String(String::new()), origin.clone());
        }
        match self.values.get_mut(key) {
            Some(place) => *place = (value, origin),
            None => {
                let nearest = self.values.keys().map(|known| (strsim::damerau_levenshtein(known, key), known)).min();
                let nearest = nearest.filter(|(distance, _)| *distance <= 4).map(|(_, known)| known.clone());
                let text = match nearest {
                    Some(known) => format!("unknown setting: did you mean {known}?"),
                    None => "unknown setting: `crm-kpi config default` lists them all".into(),
                };
                self.problem(key, &origin, text);
            }
        }
    }

    fn problem(&mut self, key: &str, origin: &Origin, text: impl Display) {
        self.problems.push(Problem { key: key.into(), origin: origin.clone(), text: text.to_string() });
    }

    /// Every setting with its value and where that comes from, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Value, &Origin)> {
        self.values.iter().map(|(key, (value, origin))| (key.as_str(), value, origin))
    }

    /// The database's URL and what is logged, for commands that need no more.
    pub fn database(self) -> Result<(DatabaseUrl, LogSettings), ConfigError> {
        Reader::new(self.values, self.problems).database_and_log()
    }

    /// The settings, or everything that is wrong with them.
    pub fn settings(self) -> Result<Settings, ConfigError> {
        Reader::new(self.values, self.problems).settings()
    }
}

/// Whether a text looks like a setting's name.
fn is_key(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn variable_of(key: &str) -> String {
    format!("{PREFIX}{}", key.to_ascii_uppercase().replace('.', "_"))
}

fn each_leaf(table: &Table, path: &str, then: &mut impl FnMut(String, Value)) {
    for (name, value) in table {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        match value {
            Value::Table(inner) if key != FREE => each_leaf(inner, &key, then),
            value => then(key, value.clone()),
        }
    }
}
