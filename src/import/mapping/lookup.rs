use crate::import::suggest::nearest;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a looked up text is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookupBy {
    Id,
    /// A field of the table, or a column of the files that fill it.
    Column(String),
}

/// The keys of a table by what is in some of its columns.
#[derive(Debug, Default)]
pub struct Lookup {
    /// Keys by the texts in each column.
    columns: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    ids: HashSet<String>,
    /// Names and keys of rows that are bad.
    bad: HashSet<String>,
    /// Keys of rows that are gone, with what has become of them.
    gone: HashMap<String, Option<String>>,
}

/// A row that may be looked up: its key, and texts by columns.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub id: String,
    pub texts: Vec<(String, String)>,
}

/// What a looked up text stands for.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// The key of a row.
    Id(&'a str),
    /// A row that is bad itself.
    Bad,
    /// Several rows; the reason says which.
    Several(String),
    /// Nothing; the reason says so.
    Nothing(String),
}

impl Lookup {
    /// Of the rows that are being loaded, those that are bad, those that are gone, and those in the database. A text is that
    /// of a row being loaded if there is one.
    pub fn new(
        loading: Vec<Known>,
        bad: HashSet<String>,
        gone: HashMap<String, Option<String>>,
        stored: Vec<Known>,
    ) -> Self {
        let mut lookup = Self { bad, gone, ..Self::default() };
        for row in loading {
            lookup.add(row, &HashMap::new());
        }
        let loaded = lookup.ids.clone();
        let taken: HashMap<String, HashSet<String>> =
            lookup.columns.iter().map(|(column, texts)| (column.clone(), texts.keys().cloned().collect())).collect();
        for row in stored.into_iter().filter(|row| !loaded.contains(&row.id)) {
            if !lookup.gone.contains_key(&row.id) {
                lookup.add(row, &taken);
            }
        }
        lookup
    }

    fn add(&mut self, row: Known, taken: &HashMap<String, HashSet<String>>) {
        if !self.ids.insert(row.id.clone()) {
            return;
        }
        for (column, text) in row.texts {
            if !taken.get(&column).is_some_and(|taken| taken.contains(&text)) {
                self.columns.entry(column).or_default().entry(text).or_default().push(row.id.clone());
            }
        }
    }

    /// Looks a text up.
    pub fn find<'a>(&'a self, text: &'a str, by: &LookupBy, table: &str) -> Found<'a> {
        let ids = match by {
            LookupBy::Id => return self.find_id(text, table),
            LookupBy::Column(column) => self.columns.get(column).and_then(|texts| texts.get(text)),
        };
        match ids.map(Vec::as_slice) {
            Some([id]) => Found::Id(id),
            Some(ids) => Found::Several(format!(
                "{} rows of {table} have this {} ({}): look them up by id",
                ids.len(),
                by.name(),
                ids.join(", ")
            )),
            None if self.bad.contains(text) => Found::Bad,
            None => Found::Nothing(self.nearest(text, by, table)),
        }
    }

    fn find_id<'a>(&'a self, text: &'a str, table: &str) -> Found<'a> {
        let (mut id, mut steps) = (text, 0);
        while let Some(master) = self.gone.get(id) {
            match master {
                Some(master) if steps <= self.gone.len() => id = master,
                _ => return Found::Nothing(format!("the row of {table} with this id is deleted")),
            }
            steps += 1;
        }
        match self.ids.contains(id) {
            true => Found::Id(id),
            false if self.bad.contains(id) => Found::Bad,
            false => Found::Nothing(self.nearest(id, &LookupBy::Id, table)),
        }
    }

    fn nearest(&self, text: &str, by: &LookupBy, table: &str) -> String {
        let near = match by {
            LookupBy::Id => nearest(text, self.ids.iter().map(String::as_str)),
            LookupBy::Column(column) => {
                nearest(text, self.columns.get(column).into_iter().flat_map(BTreeMap::keys).map(String::as_str))
            }
        };
        let what = by.name();
        match near {
            Some(near) => format!("no row of {table} has this {what}: did you mean {near:?}?"),
            None => format!("no row of {table} has this {what}"),
        }
    }
}

impl LookupBy {
    fn name(&self) -> &str {
        match self {
            Self::Id => "id",
            Self::Column(column) => column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(rows: &[(&str, &str)]) -> Vec<Known> {
        let row = |(id, name): &(&str, &str)| Known {
            id: (*id).to_owned(),
            texts: vec![("name".to_owned(), (*name).to_owned())],
        };
        rows.iter().map(row).collect()
    }

    fn name() -> LookupBy {
        LookupBy::Column("name".into())
    }

    fn lookup() -> Lookup {
        let gone = [("7", Some("8")), ("8", Some("2")), ("6", None), ("x", Some("y")), ("y", Some("x"))];
        let gone = gone.map(|(id, master)| (id.to_owned(), master.map(str::to_owned))).into();
        let stored = known(&[("1", "Ann"), ("2", "Bob"), ("3", "Cid"), ("4", "Cid"), ("6", "Eve")]);
        Lookup::new(known(&[("2", "Robert"), ("9", "Ann")]), ["Dan".to_owned()].into(), gone, stored)
    }

    #[test]
    fn rows_being_loaded_come_before_stored_ones() {
        let lookup = lookup();
        assert_eq!(lookup.find("Ann", &name(), "reps"), Found::Id("9"));
        assert_eq!(lookup.find("Robert", &name(), "reps"), Found::Id("2"));
        assert_eq!(lookup.find("1", &LookupBy::Id, "reps"), Found::Id("1"));
        assert!(matches!(lookup.find("Bob", &name(), "reps"), Found::Nothing(_)), "renamed");
    }

    #[test]
    fn what_is_not_found_is_told() {
        let lookup = lookup();
        let reason = |text: &str, by: &LookupBy| match lookup.find(text, by, "reps") {
            Found::Nothing(reason) | Found::Several(reason) => reason,
            found => panic!("{found:?}"),
        };
        assert_eq!(reason("Robbert", &name()), "no row of reps has this name: did you mean \"Robert\"?");
        assert_eq!(reason("Zacharias", &name()), "no row of reps has this name");
        assert!(reason("Cid", &name()).starts_with("2 rows of reps have this name ("));
        assert_eq!(lookup.find("Dan", &name(), "reps"), Found::Bad);
        assert_eq!(reason("6", &LookupBy::Id), "the row of reps with this id is deleted");
        assert_eq!(reason("x", &LookupBy::Id), "the row of reps with this id is deleted", "each a part of the other");
        assert_eq!(reason("Eve", &name()), "no row of reps has this name");
    }

    #[test]
    fn a_row_that_has_become_a_part_of_another_is_that() {
        assert_eq!(lookup().find("7", &LookupBy::Id, "reps"), Found::Id("2"));
    }
}
