//! Teams, reps, sources, products and stages.

use super::{CURRENCY, text};
use crm_kpi::crm::{products, reps, sources, stages, teams};

/// North has a team below a team; a parent that does not exist makes a root.
pub fn teams() -> Vec<teams::Model> {
    let team = |id: &str, parent: Option<&str>| teams::Model {
        id: id.into(),
        name: format!("Team {id}"),
        parent_id: parent.map(Into::into),
    };
    vec![
        team("north", None),
        team("north-1", Some("north")),
        team("north-1a", Some("north-1")),
        team("south", None),
        team("stray", Some("no such team")),
        team("empty", Some("south")),
    ]
}

/// "gus" is in a team that is not on record, "fay" in none, "idle" has no data.
pub fn reps() -> Vec<reps::Model> {
    let rep = |id: &str, team: Option<&str>| reps::Model {
        id: id.into(),
        name: format!("Rep {id}"),
        team_id: team.map(Into::into),
    };
    vec![
        rep("Zed", Some("north")),
        rep("abe", Some("north-1")),
        rep("bob", Some("north-1a")),
        rep("cid", Some("north-1a")),
        rep("dan", Some("south")),
        rep("eve", Some("stray")),
        rep("fay", None),
        rep("gus", Some("no such team")),
        rep("idle", Some("south")),
    ]
}

pub fn sources() -> Vec<sources::Model> {
    [("fair", text("marketing")), ("partner", text("sales")), ("unkind", None), ("web", text("marketing"))]
        .into_iter()
        .map(|(id, kind)| sources::Model { id: id.into(), name: format!("Source {id}"), kind })
        .collect()
}

pub fn products() -> Vec<products::Model> {
    ["p1", "p2", "p3"]
        .into_iter()
        .map(|id| products::Model {
            id: id.into(),
            name: format!("Product {id}"),
            family: None,
            list_price_minor: Some(99_900),
            currency: text(CURRENCY),
        })
        .collect()
}

pub fn stages() -> Vec<stages::Model> {
    [
        ("lead", 1, 777, Some(5)),
        ("proposal", 2, 3333, Some(14)),
        ("talks", 3, 6667, None),
        ("contract", 4, 9001, Some(0)),
    ]
    .into_iter()
    .map(|(id, position, probability_bp, expected_days)| stages::Model {
        id: id.into(),
        name: format!("Stage {id}"),
        position,
        probability_bp,
        expected_days,
    })
    .collect()
}
