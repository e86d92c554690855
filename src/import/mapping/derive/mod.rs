//! What follows from the loaded rows: the numbers of children, how stays ended, stays and orders that no file has.

mod children;
mod history;
mod orders;

use super::language::Derive;
use super::rows::Entities;
use crate::crm::opportunities;
use children::families;
use std::collections::HashMap;

/// What the database has beside the loaded rows.
#[derive(Debug, Default)]
pub struct Known {
    /// The positions of stages.
    pub positions: HashMap<String, i32>,
    /// The deals that stays and proposals are loaded for, but that are not loaded themselves.
    pub opportunities: Vec<opportunities::Model>,
}

/// Completes the loaded rows. Returns what the reader should know.
pub fn complete(entities: &mut Entities, mut known: Known, derive: Derive) -> Vec<String> {
    known.positions.extend(entities.stages.iter().map(|stage| (stage.id.clone(), stage.position)));
    history::complete(entities, &known);
    if derive.stage_history {
        history::add_current(entities);
    }
    let owners = entities.opportunities.iter().chain(&known.opportunities);
    let owners: HashMap<_, _> = owners.map(|deal| (deal.id.as_str(), deal.rep_id.as_ref())).collect();
    let mut proposals = families(std::mem::take(&mut entities.proposals));
    for proposal in proposals.iter_mut().flat_map(|family| &mut family.rows).filter(|row| row.rep_id.is_none()) {
        proposal.rep_id = owners.get(proposal.opportunity_id.as_str()).copied().flatten().cloned();
    }
    entities.proposals = children::numbered(proposals);
    entities.customer_tenures = children::numbered(families(std::mem::take(&mut entities.customer_tenures)));
    if derive.orders { orders::add(entities) } else { Vec::new() }
}
