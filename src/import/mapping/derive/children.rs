use crate::crm::{customer_tenures, opportunity_stages, proposals};
use crate::import::mapping::rows::UNNUMBERED;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// A row whose key is its parent's and a number.
pub trait Child {
    fn parent(&self) -> &str;
    fn number(&self) -> i32;
    fn set_number(&mut self, number: i32);
    /// When it began.
    fn at(&self) -> Option<DateTime<Utc>>;
}

impl Child for opportunity_stages::Model {
    fn parent(&self) -> &str {
        &self.opportunity_id
    }

    fn number(&self) -> i32 {
        self.number
    }

    fn set_number(&mut self, number: i32) {
        self.number = number;
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        self.entered_at
    }
}

impl Child for proposals::Model {
    fn parent(&self) -> &str {
        &self.opportunity_id
    }

    fn number(&self) -> i32 {
        self.number
    }

    fn set_number(&mut self, number: i32) {
        self.number = number;
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        Some(self.sent_at)
    }
}

impl Child for customer_tenures::Model {
    fn parent(&self) -> &str {
        &self.account_id
    }

    fn number(&self) -> i32 {
        self.number
    }

    fn set_number(&mut self, number: i32) {
        self.number = number;
    }

    fn at(&self) -> Option<DateTime<Utc>> {
        Some(self.started_at)
    }
}

/// The children of one parent, in order.
#[derive(Debug)]
pub struct Family<R> {
    pub rows: Vec<R>,
    /// The files number them.
    pub has_numbers: bool,
}

/// The children of each parent: by their numbers if all have one, else by time, what has none first, and then in the
/// order of the files.
pub fn families<R: Child>(rows: Vec<R>) -> Vec<Family<R>> {
    let mut parents: BTreeMap<String, Vec<R>> = BTreeMap::new();
    for row in rows {
        parents.entry(row.parent().to_owned()).or_default().push(row);
    }
    let families = parents.into_values().map(|mut rows| {
        let has_numbers = rows.iter().all(|row| row.number() != UNNUMBERED);
        if has_numbers {
            rows.sort_by_key(Child::number);
        } else {
            rows.sort_by_key(Child::at);
        }
        Family { rows, has_numbers }
    });
    families.collect()
}

/// The rows of the families, each with a number.
pub fn numbered<R: Child>(families: Vec<Family<R>>) -> Vec<R> {
    let numbered = families.into_iter().flat_map(|family| {
        let has_numbers = family.has_numbers;
        (1..).zip(family.rows).map(move |(next, mut row)| {
            if !has_numbers {
                row.set_number(next);
            }
            row
        })
    });
    numbered.collect()
}
