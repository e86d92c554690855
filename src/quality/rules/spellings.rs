use crate::catalog::Dimension;
use crate::crm::{self, Kind, Semantic};
use crate::quality::rule::Severity::Warning;
use crate::quality::rule::{Records, Rule, Texts};
use sea_orm::EntityTrait;
use std::collections::BTreeSet;

pub(super) fn rules() -> Vec<Rule> {
    let grouped = Grouped::of_dimensions();
    let mut texts = Vec::new();
    macro_rules! add {
        ($($table:ident),+ $(,)?) => {$( texts.extend(grouped.texts::<crm::$table::Entity>()); )+};
    }
    crm::every_table!(add);
    vec![Rule {
        id: "spelling_differs",
        severity: Warning,
        law: "A text to group by, such as a segment, a region or the name of a source, is spelled one way within its column: \
              spellings differ in more than case, blanks, diacritics, and Arabic and Persian letters and digits.",
        checks: Vec::new(),
        texts,
    }]
}

/// The columns that figures are grouped by or shown under.
struct Grouped {
    /// Names of columns that hold what is grouped by, whichever tables have them.
    values: BTreeSet<&'static str>,
    /// Tables with the columns that they are shown under.
    labels: BTreeSet<(&'static str, &'static str)>,
}

impl Grouped {
    fn of_dimensions() -> Self {
        let mut grouped = Self { values: BTreeSet::new(), labels: BTreeSet::new() };
        for dimension in Dimension::ALL {
            let records = dimension.records();
            match (dimension, records.label) {
                // The names of accounts have a rule of their own, and people may have the same name.
                (Dimension::Account | Dimension::Rep, _) => {}
                (_, Some(label)) => {
                    grouped.labels.insert((label.table, label.name));
                }
                (_, None) => grouped.values.extend(records.ids.iter().map(|column| column.name)),
            }
        }
        grouped
    }

    /// The free texts of a table among them.
    fn texts<E: EntityTrait>(&self) -> Vec<Texts> {
        let table = E::default().table_name();
        let texts = |described: &&crm::Column| {
            let is_free = described.kind == Kind::Text && described.semantic == Semantic::Plain;
            is_free && (self.values.contains(described.name) || self.labels.contains(&(table, described.name)))
        };
        let of_column = |described: &crm::Column| Texts { records: Records::of::<E>(), field: described.name };
        crm::columns::<E>().iter().filter(texts).map(of_column).collect()
    }
}
