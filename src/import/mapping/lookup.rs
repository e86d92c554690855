use super::language::LookupBy;
use crate::import::suggest::nearest;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The keys of a table by the names of its rows.
#[derive(Debug, Default)]
pub struct Lookup {
    names: BTreeMap<String, Vec<String>>,
    ids: HashSet<String>,
    /// Names and keys of rows that are bad.
    bad: HashSet<String>,
}

/// What a looked up text stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// The key of a row.
    Id(&'a str),
    /// A row that is bad itself.
    Bad,
    /// Nothing; the reason says so.
    Nothing(String),
}

impl Lookup {
    /// Of the rows that are being loaded (id, name), those that are bad, and those in the database. A name is that of
    /// a row being loaded if there is one.
    pub fn new<'a>(
        loading: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
        bad: HashSet<String>,
        stored: HashMap<String, Option<String>>,
    ) -> Self {
        let mut lookup = Self { bad, ..Self::default() };
        for (id, name) in loading {
            lookup.add(id, name);
        }
        let loaded = lookup.ids.clone();
        let taken: HashSet<String> = lookup.names.keys().cloned().collect();
        for (id, name) in stored.iter().filter(|(id, _)| !loaded.contains(*id)) {
            lookup.add(id, name.as_deref().filter(|name| !taken.contains(*name)));
        }
        lookup
    }

    fn add(&mut self, id: &str, name: Option<&str>) {
        if self.ids.insert(id.to_owned())
            && let Some(name) = name
        {
            self.names.entry(name.to_owned()).or_default().push(id.to_owned());
        }
    }

    /// Looks a text up.
    pub fn find<'a>(&'a self, text: &'a str, by: LookupBy, table: &str) -> Found<'a> {
        let ids = match by {
            LookupBy::Id if self.ids.contains(text) => return Found::Id(text),
            LookupBy::Id => None,
            LookupBy::Name => self.names.get(text),
        };
        match ids.map(Vec::as_slice) {
            Some([id]) => Found::Id(id),
            Some(ids) => Found::Nothing(format!(
                "{} rows of {table} have this name ({}): look them up by id",
                ids.len(),
                ids.join(", ")
            )),
            None if self.bad.contains(text) => Found::Bad,
            None => Found::Nothing(self.nearest(text, by, table)),
        }
    }

    fn nearest(&self, text: &str, by: LookupBy, table: &str) -> String {
        let (what, near) = match by {
            LookupBy::Id => ("id", nearest(text, self.ids.iter().map(String::as_str))),
            LookupBy::Name => ("name", nearest(text, self.names.keys().map(String::as_str))),
        };
        match near {
            Some(near) => format!("no row of {table} has this {what}; the nearest is {near:?}"),
            None => format!("no row of {table} has this {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup() -> Lookup {
        let stored = [("1", "Ann"), ("2", "Bob"), ("3", "Cid"), ("4", "Cid")];
        let stored = stored.map(|(id, name)| (id.to_owned(), Some(name.to_owned()))).into();
        Lookup::new([("2", Some("Robert")), ("9", Some("Ann"))], ["Dan".to_owned()].into(), stored)
    }

    #[test]
    fn rows_being_loaded_come_before_stored_ones() {
        let lookup = lookup();
        assert_eq!(lookup.find("Ann", LookupBy::Name, "reps"), Found::Id("9"));
        assert_eq!(lookup.find("Robert", LookupBy::Name, "reps"), Found::Id("2"));
        assert_eq!(lookup.find("1", LookupBy::Id, "reps"), Found::Id("1"));
        assert!(matches!(lookup.find("Bob", LookupBy::Name, "reps"), Found::Nothing(_)), "renamed");
    }

    #[test]
    fn what_is_not_found_is_told() {
        let lookup = lookup();
        let reason = |text: &str| match lookup.find(text, LookupBy::Name, "reps") {
            Found::Nothing(reason) => reason,
            found => panic!("{found:?}"),
        };
        assert_eq!(reason("Robbert"), "no row of reps has this name; the nearest is \"Robert\"");
        assert_eq!(reason("Zacharias"), "no row of reps has this name");
        assert!(reason("Cid").starts_with("2 rows of reps have this name ("));
        assert_eq!(lookup.find("Dan", LookupBy::Name, "reps"), Found::Bad);
    }
}
