//! The tables that questions are answered from.

use super::question::Question;
use crate::catalog::{self, Source};
use crate::crm::{exchange_rates, reps, targets, teams};
use crate::scope::Scope;
use sea_orm::{EntityName, EntityTrait};
use std::collections::BTreeSet;

impl Question {
    /// Every table that its answer depends on: while none of them changes, neither does the answer.
    pub fn tables(&self) -> BTreeSet<&'static str> {
        let used = self.dimensions();
        // Who belongs where tells what a scope shows, and what a breakdown's pages are.
        let mut tables = BTreeSet::from([name(reps::Entity), name(teams::Entity)]);
        for measure in self.kpis.iter().flat_map(|kpi| kpi.measures()) {
            let Some(reading) = measure.reading(&used) else { continue };
            add(&mut tables, reading.source);
            if reading.source.currency.is_some() {
                tables.insert(name(exchange_rates::Entity));
            }
        }
        for dimension in &self.group_by {
            let records = dimension.records();
            if records.label.is_some() || self.include_empty {
                tables.extend(records.ids.iter().chain(&records.label).map(|column| column.table));
            }
        }
        if self.include_empty && self.scope != Scope::All {
            // What is credited to whom tells which values a scope shows.
            catalog::sources().into_iter().for_each(|source| add(&mut tables, source));
        }
        if self.include_targets {
            tables.insert(name(targets::Entity));
        }
        tables
    }
}

fn add(tables: &mut BTreeSet<&'static str>, source: &Source) {
    tables.insert(source.table);
    tables.extend(source.joins.iter().map(|join| join.to.table));
}

fn name<E: EntityTrait + EntityName>(entity: E) -> &'static str {
    entity.table_name()
}
