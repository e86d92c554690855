use super::rule::{Ground, column};
use super::settings::Settings;
use super::{Plan, Problems, Section, Test};
use crate::import::error::MappingProblem;
use crate::import::mapping::file::{File, Line};
use crate::import::mapping::language::{Mapping, Names, Options, Rule, Section as Written};
use crate::import::mapping::table::{Kind, Table};
use crate::import::progress::Progress;
use crate::import::suggest::suggestion;
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Checks a mapping against the tables and the files of a folder, which are read. An error lists all that is wrong.
pub fn plan(mapping: &Mapping, folder: &Path, progress: Progress) -> Result<Plan, Vec<MappingProblem>> {
    let mut builder = Builder::new(mapping, folder, progress);
    for table in Table::ALL {
        for (index, section) in mapping.sections(table).iter().enumerate() {
            builder.section(table, &format!("{}[{}]", table.name(), index + 1), section);
        }
    }
    builder.check_whole(mapping);
    match builder.problems.0.is_empty() {
        true => Ok(Plan { files: builder.files, sections: builder.sections, derive: mapping.derive }),
        false => Err(builder.problems.0),
    }
}

struct Builder<'a> {
    folder: &'a Path,
    progress: Progress,
    defaults: Settings,
    /// By the names of files.
    settings: BTreeMap<&'a str, Settings>,
    files: Vec<File>,
    /// Where files stand; nothing where one cannot be read.
    places: HashMap<String, Option<usize>>,
    sections: Vec<Section>,
    problems: Problems,
}

impl<'a> Builder<'a> {
    fn new(mapping: &'a Mapping, folder: &'a Path, progress: Progress) -> Self {
        let mut problems = Problems::default();
        let defaults = Settings::default().with(&mapping.defaults, "defaults", &mut problems);
        let settings = mapping
            .files
            .iter()
            .map(|(name, format)| (name.as_str(), defaults.with(format, &format!("files.{name:?}"), &mut problems)));
        let settings = settings.collect();
        Self {
            folder,
            progress,
            defaults,
            settings,
            files: Vec::new(),
            places: HashMap::new(),
            sections: Vec::new(),
            problems,
        }
    }

    fn section(&mut self, table: Table, key: &str, section: &Written) {
        let (file, settings, columns) = match (&section.file, &section.rows) {
            (Some(name), None) => {
                let settings = self.settings.get(name.as_str()).unwrap_or(&self.defaults).clone();
                let Some(file) = self.file(name, &settings, key) else { return };
                (file, settings, None)
            }
            (None, Some(rows)) if section.columns.is_empty() => {
                let file = self.rows(key, rows);
                let columns = file.header.iter().map(|name| {
                    let rule = Rule(Options { column: Names(vec![name.clone()]), ..Options::default() });
                    (name.clone(), rule)
                });
                let columns: BTreeMap<_, _> = columns.collect();
                self.files.push(file);
                let settings =
                    Settings { currency: self.defaults.currency, zone: self.defaults.zone, ..Settings::default() };
                (self.files.len() - 1, settings, Some(columns))
            }
            _ => {
                self.problems.add(key, "must have either `file` and `columns`, or `rows`");
                return;
            }
        };
        let inline = columns.is_some();
        let columns = columns.as_ref().unwrap_or(&section.columns);
        let at = |name: &str| if inline { format!("{key}.rows.{name}") } else { format!("{key}.columns.{name}") };
        self.check_fields(table, key, columns, &at, settings.currency.is_some());
        let (file_place, file) = (file, &self.files[file]);
        let rules = table.fields().iter().map(|field| {
            let Rule(options) = columns.get(field.name)?;
            let ground = Ground { table, field, file, settings: &settings, key: at(field.name) };
            Some(ground.rule(options, &mut self.problems))
        });
        let rules = rules.collect();
        let mut tests = Vec::new();
        for test in &section.when {
            let key = format!("{key}.when");
            let Some(column) = column(file, &test.column, &key, &mut self.problems) else { continue };
            let (texts, wanted) = match (&test.any_of, &test.none_of) {
                (Some(texts), None) => (texts, true),
                (None, Some(texts)) => (texts, false),
                _ => {
                    self.problems.add(key, "a test must have either `any_of` or `none_of`");
                    continue;
                }
            };
            tests.push(Test { column, texts: texts.iter().map(|text| text.trim().to_owned()).collect(), wanted });
        }
        self.sections.push(Section {
            table,
            file: file_place,
            tests,
            rules,
            distinct: section.distinct,
            missing: section.missing,
            currency: settings.currency,
            empty: settings.empty,
        });
    }

    /// Where a file stands, which is read when it is first named.
    fn file(&mut self, name: &str, settings: &Settings, key: &str) -> Option<usize> {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = if self.folder.join(name).is_file() {
            match File::read(self.folder, name, settings.delimiter) {
                Ok(file) => {
                    self.progress.step(&format!("read {name}"), file.lines.len());
                    self.files.push(file);
                    Some(self.files.len() - 1)
                }
                Err(reason) => {
                    self.problems.add(format!("{key}.file"), reason);
                    None
                }
            }
        } else {
            let there = names_in(self.folder);
            let near = match there.is_empty() {
                true => "the folder has no files".into(),
                false => suggestion(name, there.iter().map(String::as_str)),
            };
            self.problems
                .add(format!("{key}.file"), format!("there is no {name:?} in {}: {near}", self.folder.display()));
            None
        };
        self.places.insert(name.to_owned(), place);
        place
    }

    /// A file made of the rows in a mapping.
    fn rows(&mut self, key: &str, rows: &[BTreeMap<String, toml::Value>]) -> File {
        let names: BTreeSet<&String> = rows.iter().flat_map(BTreeMap::keys).collect();
        let mut lines = Vec::with_capacity(rows.len());
        for (number, row) in (1..).zip(rows) {
            let mut cells = StringRecord::new();
            for name in &names {
                cells.push_field(&match row.get(*name) {
                    None => String::new(),
                    Some(toml::Value::String(text)) => text.clone(),
                    Some(value @ (toml::Value::Integer(_) | toml::Value::Boolean(_) | toml::Value::Datetime(_))) => {
                        value.to_string()
                    }
                    Some(_) => {
                        self.problems.add(format!("{key}.rows[{number}].{name}"), "write it as a text, in quotes");
                        String::new()
                    }
                });
            }
            lines.push(Line { number, cells });
        }
        File { name: format!("{key}.rows"), header: names.into_iter().cloned().collect(), lines, bad: Vec::new() }
    }

    fn check_fields(
        &mut self,
        table: Table,
        key: &str,
        columns: &BTreeMap<String, Rule>,
        at: &dyn Fn(&str) -> String,
        has_currency: bool,
    ) {
        let fields = table.fields();
        for name in columns.keys().filter(|name| table.field(name).is_none()) {
            let near = suggestion(name, fields.iter().map(|field| field.name));
            self.problems.add(at(name), format!("{} have no field {name:?}: {near}", table.name()));
        }
        for field in fields.iter().filter(|field| field.required && !columns.contains_key(field.name)) {
            let name = field.name;
            self.problems.add(key, format!("{} need {name}: say which column holds it, {name} = \"…\"", table.name()));
        }
        let money = fields.iter().find(|field| field.kind == Kind::Money && columns.contains_key(field.name));
        if let Some(field) = money
            && !has_currency
            && !columns.contains_key("currency")
        {
            let description = format!(
                "the currency of {} is not known: write currency = \"USD\" in [defaults], or say which column holds it",
                field.name
            );
            self.problems.add(key, description);
        }
    }

    /// What concerns more than one section.
    fn check_whole(&mut self, mapping: &Mapping) {
        if self.sections.is_empty() && self.problems.0.is_empty() {
            self.problems.add("mapping", "fills no table: write a section such as [[opportunities]]");
        }
        let used: BTreeSet<&str> = Table::ALL
            .into_iter()
            .flat_map(|table| mapping.sections(table))
            .filter_map(|section| section.file.as_deref())
            .collect();
        for name in self.settings.keys().filter(|name| !used.contains(*name)) {
            let description = format!("no section reads this file: {}", suggestion(name, used.iter().copied()));
            self.problems.add(format!("files.{name:?}"), description);
        }
        let maps_kind = mapping.sections(Table::Orders).iter().position(|section| section.columns.contains_key("kind"));
        if let Some(index) = maps_kind.filter(|_| mapping.derive.order_kinds) {
            let key = format!("orders[{}].columns.kind", index + 1);
            self.problems.add(key, "kinds are derived as well: leave this out, or set derive.order_kinds = false");
        }
        if mapping.derive.customer_tenures && !mapping.sections(Table::CustomerTenures).is_empty() {
            let description = "tenures are derived as well: leave this out, or set derive.customer_tenures = false";
            self.problems.add("customer_tenures[1]", description);
        }
    }
}

/// The names of the files in a folder, in order.
fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.path().is_file());
    let mut names: Vec<_> = files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
