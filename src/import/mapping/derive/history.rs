use super::Known;
use super::Rows;
use super::children::{families, numbered};
use crate::crm;
use crate::crm::opportunities::Column as Deals;
use crate::crm::opportunity_stages::Column as Stays;
use crate::import::row::{self, Row, fitted, instant, is_set, text};
use crate::import::times::Times;
use sea_orm::Value;
use std::collections::{HashMap, HashSet};

const STAGE: usize = Stays::StageId as usize;
const REP: usize = Stays::RepId as usize;
const ENTERED_AT: usize = Stays::EnteredAt as usize;
const LEFT_AT: usize = Stays::LeftAt as usize;
const OUTCOME: usize = Stays::Outcome as usize;
const DEAL: usize = Stays::OpportunityId as usize;

/// Completes the stays of the files: owner, end and outcome, where the files do not say. A deal without a stage gets
/// that of its last stay.
pub fn complete(rows: &mut Rows, known: &Known, times: &mut Times) {
    let Some(table) = crm::table("opportunity_stages") else { return };
    let stays = rows.remove(table.name).unwrap_or_default();
    if stays.is_empty() {
        return;
    }
    // A stay ends when the next one starts, the last one when the deal is closed.
    let started = times.holds_days(table.name, "entered_at");
    let closed = times.holds_days("opportunities", "closed_at");
    let ends = Ends { started, closed, left: times.follow(table.name, "left_at", started) };
    let mut last_stages = HashMap::new();
    let mut histories = families(table, stays);
    let loaded = rows.get("opportunities").into_iter().flatten();
    let deals = known.opportunities.iter().chain(loaded);
    let deals: HashMap<_, _> = deals.filter_map(|deal| Some((text(&deal[Deals::Id as usize])?, deal))).collect();
    for history in &mut histories {
        if !history.has_numbers {
            history.rows.dedup_by(goes_on);
        }
        let id = history.rows.first().and_then(|stay| text(&stay[DEAL])).map(str::to_owned);
        let deal = id.as_deref().and_then(|id| deals.get(id)).copied();
        complete_stays(&mut history.rows, deal, known, ends);
        last_stages.extend(id.zip(history.rows.last().map(|stay| stay[STAGE].clone())));
    }
    rows.insert(table.name, numbered(histories, table));
    for deal in rows.get_mut("opportunities").into_iter().flatten() {
        if !is_set(&deal[Deals::StageId as usize])
            && let Some(stage) = text(&deal[Deals::Id as usize]).and_then(|id| last_stages.remove(id))
        {
            deal[Deals::StageId as usize] = stage;
        }
    }
}

/// Makes one stay of two that follow each other in the same stage: some histories have a row for every edit.
fn goes_on(next: &mut Row, stay: &mut Row) -> bool {
    let gap = match (instant(&stay[LEFT_AT]), instant(&next[ENTERED_AT])) {
        (Some(left), Some(entered)) => entered > left,
        _ => false,
    };
    let same = next[STAGE] == stay[STAGE] && !gap;
    if same {
        stay[LEFT_AT] = next[LEFT_AT].clone();
        stay[OUTCOME] = next[OUTCOME].clone();
        if is_set(&next[REP]) {
            stay[REP] = next[REP].clone();
        }
    }
    same
}

/// Which of the times that stays end by are days.
#[derive(Clone, Copy)]
struct Ends {
    /// When they start.
    started: bool,
    /// When deals are closed.
    closed: bool,
    /// When they end.
    left: bool,
}

fn complete_stays(stays: &mut [Row], deal: Option<&Row>, known: &Known, ends: Ends) {
    let step = |stay: &Row| text(&stay[STAGE]).and_then(|stage| known.steps.get(stage));
    let of_deal = |column: Deals| deal.map(|deal| deal[column as usize].clone());
    for place in 0..stays.len() {
        let next = stays.get(place + 1).map(|next| (next[ENTERED_AT].clone(), step(next)));
        let stay = &mut stays[place];
        if !is_set(&stay[REP])
            && let Some(rep) = of_deal(Deals::RepId)
        {
            stay[REP] = rep;
        }
        let (until, is_day, outcome) = match next {
            Some((entered_at, next)) => {
                let back = step(stay).zip(next).is_some_and(|(step, next)| step.is_behind(next));
                (Some(entered_at), ends.started, Some(if back { "returned" } else { "advanced" }))
            }
            None => (of_deal(Deals::ClosedAt), ends.closed, deal.and_then(closing)),
        };
        if !is_set(&stay[LEFT_AT])
            && let Some(until) = until
        {
            stay[LEFT_AT] = fitted(until, (is_day, ends.left), &stay[ENTERED_AT]);
        }
        if is_set(&stay[LEFT_AT]) && !is_set(&stay[OUTCOME]) {
            stay[OUTCOME] = outcome.map(str::to_owned).into();
        }
    }
}

/// How the last stay of a deal ends; nothing for an open one.
fn closing(deal: &Row) -> Option<&str> {
    text(&deal[Deals::Status as usize]).filter(|status| *status != "open")
}

/// Gives every loaded deal that has a stage but no history one stay: in its stage, from its creation to its close.
pub fn add_current(rows: &mut Rows, times: &mut Times) {
    let Some(table) = crm::table("opportunity_stages") else { return };
    let created = times.holds_days("opportunities", "created_at");
    let closed = times.holds_days("opportunities", "closed_at");
    let mut stays = rows.remove(table.name).unwrap_or_default();
    let with_history: HashSet<_> = stays.iter().filter_map(|stay| text(&stay[DEAL]).map(str::to_owned)).collect();
    for deal in rows.get("opportunities").into_iter().flatten() {
        let of = |column: Deals| deal[column as usize].clone();
        let has_history = text(&deal[Deals::Id as usize]).is_some_and(|id| with_history.contains(id));
        if has_history || !is_set(&deal[Deals::StageId as usize]) {
            continue;
        }
        let started = (created, times.follow(table.name, "entered_at", created));
        let ended = (closed, times.follow(table.name, "left_at", closed));
        let mut stay = row::empty(table);
        stay[DEAL] = of(Deals::Id);
        stay[Stays::Number as usize] = Value::Int(Some(1));
        stay[STAGE] = of(Deals::StageId);
        stay[REP] = of(Deals::RepId);
        stay[ENTERED_AT] = fitted(of(Deals::CreatedAt), started, &Value::ChronoDateTimeUtc(None));
        stay[LEFT_AT] = fitted(of(Deals::ClosedAt), ended, &stay[ENTERED_AT]);
        stay[OUTCOME] = closing(deal).map(str::to_owned).into();
        stays.push(stay);
    }
    rows.insert(table.name, stays);
}
