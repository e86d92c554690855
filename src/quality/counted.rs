use super::finding::KeyPart;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Records that are told apart. More are only said to be more: all rules together hold some megabytes at most, and read
/// so many records of each table and field beyond those that they list.
const MOST: u64 = 100_000;

/// Records that break a rule, each once, whatever rules it breaks.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// Hashes of tables with keys: two of so many are the same once in a billion checks.
    records: HashSet<u64>,
    more: bool,
}

impl Counted {
    /// How many are worth reading: of so many at least one is new, unless that is known.
    pub fn wanted(&self) -> u64 {
        if self.more { 0 } else { MOST + 1 }
    }

    pub fn add(&mut self, table: &str, key: &[KeyPart]) {
        let mut hasher = DefaultHasher::new();
        table.hash(&mut hasher);
        key.iter().for_each(|part| part.value.hash(&mut hasher));
        let record = hasher.finish();
        if (self.records.len() as u64) < MOST {
            self.records.insert(record);
        } else if !self.records.contains(&record) {
            self.more = true;
        }
    }

    /// How many there are, and whether there are more.
    pub fn told(&self) -> (u64, bool) {
        (self.records.len() as u64, self.more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(parts: &[&str]) -> Vec<KeyPart> {
        parts.iter().map(|part| KeyPart { column: "id", value: (*part).into() }).collect()
    }

    #[test]
    fn a_record_counts_once() {
        let mut counted = Counted::default();
        for (table, parts) in [
            ("orders", &["a"][..]),
            ("orders", &["a"]),
            ("leads", &["a"]),
            ("orders", &["ab", "c"]),
            ("orders", &["a", "bc"]),
        ] {
            counted.add(table, &key(parts));
        }
        assert_eq!((counted.told(), counted.wanted()), ((4, false), MOST + 1));
    }

    #[test]
    fn very_many_are_more_than_the_most() {
        let mut counted = Counted::default();
        for number in (1..=MOST).chain([1, MOST]) {
            counted.add("orders", &key(&[&number.to_string()]));
        }
        assert_eq!(counted.told(), (MOST, false));
        counted.add("orders", &key(&["another"]));
        assert_eq!((counted.told(), counted.wanted()), ((MOST, true), 0));
    }
}
