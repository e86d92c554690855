use super::Known;
use super::children::{families, numbered};
use crate::crm::opportunities::{self as deals, Status};
use crate::crm::opportunity_stages::{self as stays, Outcome};
use crate::import::mapping::rows::Entities;
use std::collections::{HashMap, HashSet};

/// Completes the stays of the files: owner, end and outcome, where the files do not say. A deal without a stage gets
/// that of its last stay.
pub fn complete(entities: &mut Entities, known: &Known) {
    let deals: HashMap<_, _> =
        known.opportunities.iter().chain(&entities.opportunities).map(|deal| (deal.id.as_str(), deal)).collect();
    let mut histories = families(std::mem::take(&mut entities.opportunity_stages));
    let mut last_stages = HashMap::new();
    for history in &mut histories {
        if !history.has_numbers {
            history.rows.dedup_by(goes_on);
        }
        let deal = history.rows.first().and_then(|stay| deals.get(stay.opportunity_id.as_str())).copied();
        complete_stays(&mut history.rows, deal, known);
        last_stages.extend(history.rows.last().map(|stay| (stay.opportunity_id.clone(), stay.stage_id.clone())));
    }
    entities.opportunity_stages = numbered(histories);
    for deal in entities.opportunities.iter_mut().filter(|deal| deal.stage_id.is_none()) {
        deal.stage_id = last_stages.remove(&deal.id).flatten();
    }
}

/// Makes one stay of two that follow each other in the same stage: some histories have a row for every edit.
fn goes_on(next: &mut stays::Model, stay: &mut stays::Model) -> bool {
    let gap = match (stay.left_at, next.entered_at) {
        (Some(left), Some(entered)) => entered > left,
        _ => false,
    };
    let same = next.stage_id == stay.stage_id && !gap;
    if same {
        stay.left_at = next.left_at;
        stay.outcome = next.outcome;
        stay.rep_id = next.rep_id.take().or_else(|| stay.rep_id.take());
    }
    same
}

fn complete_stays(stays: &mut [stays::Model], deal: Option<&deals::Model>, known: &Known) {
    let position = |stay: &stays::Model| stay.stage_id.as_ref().and_then(|stage| known.positions.get(stage)).copied();
    for place in 0..stays.len() {
        let next = stays.get(place + 1).map(|next| (next.entered_at, position(next)));
        let stay = &mut stays[place];
        if stay.rep_id.is_none() {
            stay.rep_id = deal.and_then(|deal| deal.rep_id.clone());
        }
        let (until, outcome) = match next {
            Some((entered_at, next)) => {
                let back = matches!((position(stay), next), (Some(position), Some(next)) if next < position);
                (entered_at, Some(if back { Outcome::Returned } else { Outcome::Advanced }))
            }
            None => (deal.and_then(|deal| deal.closed_at), deal.and_then(|deal| closing(deal.status))),
        };
        stay.left_at = stay.left_at.or(until);
        if stay.left_at.is_some() {
            stay.outcome = stay.outcome.or(outcome);
        }
    }
}

fn closing(status: Status) -> Option<Outcome> {
    match status {
        Status::Open => None,
        Status::Won => Some(Outcome::Won),
        Status::Lost => Some(Outcome::Lost),
    }
}

/// Gives every loaded deal that has a stage but no history one stay: in its stage, from its creation to its close.
pub fn add_current(entities: &mut Entities) {
    let with_history: HashSet<_> = entities.opportunity_stages.iter().map(|stay| stay.opportunity_id.clone()).collect();
    let without = entities.opportunities.iter().filter(|deal| !with_history.contains(&deal.id));
    let stays = without.filter(|deal| deal.stage_id.is_some()).map(|deal| stays::Model {
        opportunity_id: deal.id.clone(),
        number: 1,
        stage_id: deal.stage_id.clone(),
        rep_id: deal.rep_id.clone(),
        entered_at: deal.created_at,
        left_at: deal.closed_at,
        outcome: closing(deal.status),
    });
    entities.opportunity_stages.extend(stays);
}
