//! What follows from the loaded rows: the numbers of children, how stays ended, stays and orders that no file has.

mod children;
mod history;
mod orders;

use super::language::Derive;
use crate::crm::{self, opportunities, proposals, stages};
use crate::import::row::{Row, integer, is_set, number, text};
use crate::import::times::Times;
use children::{families, numbered};
use std::collections::HashMap;

/// The loaded rows, by table.
pub type Rows = HashMap<&'static str, Vec<Row>>;

/// Which step of which pipeline a stage is. Steps of different pipelines do not compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineStep {
    /// Its key; unset: the only one.
    pub pipeline: Option<String>,
    pub position: i32,
}

impl PipelineStep {
    /// Whether another step is an earlier one of the same pipeline.
    fn is_behind(&self, other: &Self) -> bool {
        self.pipeline == other.pipeline && other.position < self.position
    }
}

/// What the database has beside the loaded rows.
#[derive(Debug, Default)]
pub struct Known {
    /// The steps that stages are.
    pub steps: HashMap<String, PipelineStep>,
    /// The deals that stays and proposals are loaded for, but that are not loaded themselves: key, rep, status and close.
    pub opportunities: Vec<Row>,
}

/// Completes the loaded rows. Returns what the reader should know.
pub fn complete(rows: &mut Rows, mut known: Known, derive: Derive, times: &mut Times) -> Vec<String> {
    let stages = rows.get("stages").into_iter().flatten();
    known.steps.extend(stages.filter_map(|stage| {
        use stages::Column::{Id, PipelineId, Position};
        let pipeline = text(&stage[PipelineId as usize]).map(str::to_owned);
        let step = PipelineStep { pipeline, position: integer(&stage[Position as usize])? };
        Some((text(&stage[Id as usize])?.to_owned(), step))
    }));
    history::complete(rows, &known, times);
    if derive.stage_history {
        history::add_current(rows, times);
    }
    own_proposals(rows, &known);
    for table in crm::tables() {
        if number(table).is_some()
            && let Some(children) = rows.get_mut(table.name)
        {
            *children = numbered(families(table, std::mem::take(children)), table);
        }
    }
    if derive.orders { orders::add(rows, times) } else { Vec::new() }
}

/// A proposal without a rep is that of the deal's.
fn own_proposals(rows: &mut Rows, known: &Known) {
    const DEAL: usize = proposals::Column::OpportunityId as usize;
    const REP: usize = proposals::Column::RepId as usize;
    let mut proposals = rows.remove("proposals").unwrap_or_default();
    if !proposals.is_empty() {
        let deals = rows.get("opportunities").into_iter().flatten().chain(&known.opportunities);
        let (id, rep) = (opportunities::Column::Id as usize, opportunities::Column::RepId as usize);
        let owners: HashMap<_, _> = deals.filter_map(|deal| Some((text(&deal[id])?, &deal[rep]))).collect();
        for proposal in proposals.iter_mut().filter(|proposal| !is_set(&proposal[REP])) {
            if let Some(owner) = text(&proposal[DEAL]).and_then(|deal| owners.get(deal)) {
                proposal[REP] = (*owner).clone();
            }
        }
        rows.insert("proposals", proposals);
    }
}

#[cfg(test)]
mod tests {
    use super::PipelineStep;

    #[test]
    fn steps_of_different_pipelines_do_not_compare() {
        let step = |pipeline: Option<&str>, position| PipelineStep { pipeline: pipeline.map(str::to_owned), position };
        assert!(step(Some("new"), 2).is_behind(&step(Some("new"), 1)));
        assert!(!step(Some("new"), 1).is_behind(&step(Some("new"), 2)));
        assert!(!step(Some("new"), 2).is_behind(&step(Some("old"), 1)));
        assert!(!step(Some("new"), 2).is_behind(&step(None, 1)));
        assert!(step(None, 2).is_behind(&step(None, 1)));
    }
}
