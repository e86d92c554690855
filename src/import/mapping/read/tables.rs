use super::lookups::{loaded, looked_up, named_before_reading, wanted};
use super::order::order;
use super::reader::TableReader;
use super::rows::{Gone, Rows, Stored};
use crate::import::mapping::lookup::Lookup;
use crate::import::mapping::plan::Plan;
use crate::import::mapping::table::Table;
use crate::import::progress::Progress;
use crate::import::report::Problems;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Reads all tables. `stored` holds the tables that are looked up in.
pub fn read(
    plan: &Plan,
    mut stored: Stored,
    lenient: bool,
    progress: Progress,
    problems: &mut Problems,
) -> (Rows, Gone) {
    for section in plan.sections.iter().filter(|section| !plan.files[section.file].bad.is_empty()) {
        problems.mark(section.table.name());
    }
    for problem in plan.files.iter().flat_map(|file| &file.bad) {
        problems.add(problem.clone());
    }
    let mut rows = Rows::new();
    let mut gone = Gone::new();
    let mut lookups = HashMap::new();
    for table in order(&plan.sections) {
        let sections: Vec<_> = plan.sections.iter().enumerate().filter(|(_, section)| section.table == table).collect();
        let columns = wanted(&plan.sections, table);
        let known = stored.remove(&table).unwrap_or_default();
        // What these rows look up and was not read before: themselves, or tables that look something up in theirs.
        for other in Table::all().filter(|other| looked_up(sections.iter().map(|(_, section)| *section), *other)) {
            if let Entry::Vacant(unread) = lookups.entry(other) {
                let known =
                    if other == table { known.clone() } else { stored.get(&other).cloned().unwrap_or_default() };
                let (loading, lost) = named_before_reading(plan, other, &wanted(&plan.sections, other));
                unread.insert(Lookup::new(loading, Default::default(), lost, known));
            }
        }
        let mut reader = TableReader::new(plan, table, &lookups, lenient, problems);
        for (place, section) in sections {
            reader.section(place, section, progress);
        }
        let read = reader.finish();
        if !columns.is_empty() {
            let loading = loaded(plan, table, &read.rows, &columns);
            lookups.insert(table, Lookup::new(loading, read.bad, read.gone.clone(), known));
        }
        gone.insert(table, read.gone);
        rows.insert(table, read.rows);
    }
    (rows, gone)
}
