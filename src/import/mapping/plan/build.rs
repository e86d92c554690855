use super::columns::Columns;
use super::join::Join;
use super::rule::Ground;
use super::settings::Settings;
use super::{Plan, Problems, Rule as Checked, Section, Shape, Test};
use crate::import::error::MappingProblem;
use crate::import::mapping::file::{File, Line};
use crate::import::mapping::language::{
    Join as Joined, Mapping, Names, Options, Rule, Section as Written, Test as Condition,
};
use crate::import::mapping::lookup::LookupBy;
use crate::import::mapping::table::{FieldKind, Table};
use crate::import::progress::Progress;
use crate::import::suggest::suggestion;
use csv::StringRecord;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Checks a mapping against the tables and the files of a folder, which are read. An error lists all that is wrong.
pub fn plan(mapping: &Mapping, folder: &Path, progress: Progress) -> Result<Plan, Vec<MappingProblem>> {
    let mut builder = Builder::new(mapping, folder, progress);
    for table in Table::all() {
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
        let (name, names) = (self.files[file].name.clone(), self.files[file].header.clone());
        let mut read = Columns { file: name, names };
        let joins = self.joins(&section.join, &mut read, key);
        let several_lines = section.merge || section.distinct;
        let rules = table.fields().iter().map(|field| {
            let Rule(options) = columns.get(field.name)?;
            let ground =
                Ground { table, field, columns: &read, settings: &settings, several_lines, key: at(field.name) };
            Some(ground.rule(options, &mut self.problems))
        });
        let rules: Vec<Option<Checked>> = rules.collect();
        let mut tests = |tests: &[Condition], name: &str| -> Vec<Test> {
            let key = format!("{key}.{name}");
            tests.iter().filter_map(|test| Test::new(test, &read, &settings, &key, &mut self.problems)).collect()
        };
        let (when, skip_when) = (tests(&section.when, "when"), tests(&section.skip_when, "skip_when"));
        let delete_when = tests(&section.delete_when, "delete_when");
        let merged_into = section.merged_into.as_ref();
        let merged_into =
            merged_into.and_then(|column| read.place(column, &format!("{key}.merged_into"), &mut self.problems));
        if table.key() != ["id"] && (!section.delete_when.is_empty() || section.merged_into.is_some()) {
            self.problems.add(key, "only rows with a key of their own, an id, can be deleted or merged");
        }
        if section.merge && section.distinct {
            self.problems.add(key, "`merge` and `distinct` cannot be used together");
        }
        if section.merge && !table.key().iter().all(|name| columns.contains_key(*name)) {
            let names = table.key().join(" and ");
            self.problems
                .add(key, format!("lines that make one row have the same {names}: fill it, or leave out `merge`"));
        }
        self.sections.push(Section {
            key: at("").trim_end_matches('.').to_owned(),
            table,
            file,
            columns: read,
            joins,
            when,
            skip_when,
            delete_when,
            merged_into,
            rules,
            distinct: section.distinct,
            merge: section.merge,
            missing: section.missing,
            currency: settings.currency,
            empty: settings.empty,
        });
    }

    /// The files that are joined to a section's, whose columns are added to those that can be read.
    fn joins(&mut self, joins: &[Joined], columns: &mut Columns, key: &str) -> Vec<Join> {
        let mut found = Vec::with_capacity(joins.len());
        for (number, join) in (1..).zip(joins) {
            let key = format!("{key}.join[{number}]");
            let settings = self.settings.get(join.file.as_str()).unwrap_or(&self.defaults).clone();
            let Some(place) = self.file(&join.file, &settings, &key) else { continue };
            found.extend(Join::new(join, (place, &self.files[place], &settings), columns, &key, &mut self.problems));
        }
        found
    }

    /// Where a file stands, which is read when it is first named.
    fn file(&mut self, name: &str, settings: &Settings, key: &str) -> Option<usize> {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = if self.folder.join(name).is_file() {
            match File::read(self.folder, name, &settings.layout) {
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
                .add(format!("{key}.file"), format!("{name:?} not found in {}: {near}", self.folder.display()));
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
                        self.problems.add(format!("{key}.rows[{number}].{name}"), "quote it");
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
            self.problems.add(at(name), table.no_field(name));
        }
        for field in fields.iter().filter(|field| field.required && !columns.contains_key(field.name)) {
            let name = field.name;
            self.problems.add(key, format!("{} need {name}: say which column holds it, {name} = \"…\"", table.name()));
        }
        let money = fields.iter().find(|field| field.kind == FieldKind::Money && columns.contains_key(field.name));
        let of = money.map(|field| field.name).or(table.needed_currency().map(|_| table.name()));
        if let Some(of) = of
            && !has_currency
            && !columns.contains_key("currency")
        {
            let description = format!(
                "the currency of {of} is unknown: set currency = \"USD\" in [defaults], or say which column holds it"
            );
            self.problems.add(key, description);
        }
    }

    /// What concerns more than one section.
    fn check_whole(&mut self, mapping: &Mapping) {
        if self.sections.is_empty() && self.problems.0.is_empty() {
            self.problems.add("mapping", "fills no table: add a section such as [[opportunities]]");
        }
        let used: BTreeSet<&str> = Table::all()
            .flat_map(|table| mapping.sections(table))
            .flat_map(|section| {
                section.file.as_deref().into_iter().chain(section.join.iter().map(|join| join.file.as_str()))
            })
            .collect();
        for name in self.settings.keys().filter(|name| !used.contains(*name)) {
            let description = format!("no section reads this file: {}", suggestion(name, used.iter().copied()));
            self.problems.add(format!("files.{name:?}"), description);
        }
        self.check_lookups();
        let sections = |name| Table::named(name).map(|table| mapping.sections(table)).unwrap_or_default();
        let maps_kind = sections("orders").iter().position(|section| section.columns.contains_key("kind"));
        if let Some(index) = maps_kind.filter(|_| mapping.derive.order_kinds) {
            let key = format!("orders[{}].columns.kind", index + 1);
            self.problems.add(key, "kinds are derived as well: leave this out, or set derive.order_kinds = false");
        }
        if mapping.derive.customer_tenures && !sections("customer_tenures").is_empty() {
            let description = "tenures are derived as well: leave this out, or set derive.customer_tenures = false";
            self.problems.add("customer_tenures[1]", description);
        }
    }
}

impl Builder<'_> {
    /// What is looked up by must be a field of the table, or a column of a file that fills it.
    fn check_lookups(&mut self) {
        for section in &self.sections {
            for (field, rule) in section.table.fields().iter().zip(&section.rules) {
                let Some(Shape::Lookup { table, by: LookupBy::Column(column), .. }) =
                    rule.as_ref().map(|rule| &rule.shape)
                else {
                    continue;
                };
                let filling = self.sections.iter().filter(|section| section.table == *table);
                let columns = filling.flat_map(|section| section.columns.names.iter().map(String::as_str));
                let fields =
                    table.fields().iter().filter(|field| field.kind == FieldKind::Text).map(|field| field.name);
                let known: Vec<&str> = fields.chain(columns).collect();
                if !known.contains(&column.as_str()) {
                    let near = suggestion(column, known.iter().copied());
                    let key = format!("{}.{}.lookup_by", section.key, field.name);
                    self.problems.add(key, format!("{} have no field or column {column:?}: {near}", table.name()));
                }
            }
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
