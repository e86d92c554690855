//! Teams, reps, sources, products, pipelines and stages.

use super::{CURRENCY, text};
use crm_kpi::crm::{pipelines, products, reps, sources, stages, teams};

/// North has a team below a team; a parent that does not exist makes a root.
pub fn teams() -> Vec<teams::Model> {
    let team = |id: &str, parent: Option<&str>| teams::Model {
        id: id.into(),
        name: format!("Team {id}"),
        parent_id: parent.map(Into::into),
        ..Default::default()
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

/// "gus" is in a team that is not on record, "fay" in none, "idle" has no data. Some came or left at the very edge of a
/// month or a millisecond before it, and some at a time that is not known.
pub fn reps() -> Vec<reps::Model> {
    let rep = |id: &str, team: Option<&str>, [segment, region]: [&str; 2], employed: [Option<&str>; 2]| {
        let [hired_at, left_at] = employed.map(|at| at.map(|at| at.parse().unwrap()));
        reps::Model {
            id: id.into(),
            name: format!("Rep {id}"),
            team_id: team.map(Into::into),
            segment: text(segment).filter(|segment| !segment.is_empty()),
            region: text(region).filter(|region| !region.is_empty()),
            hired_at,
            left_at,
            ..Default::default()
        }
    };
    vec![
        rep("Zed", Some("north"), ["enterprise", "north"], [None, None]),
        rep("abe", Some("north-1"), ["enterprise", "south"], [Some("2023-05-01T00:00:00Z"), None]),
        rep("bob", Some("north-1a"), ["smb", "north"], [Some("2024-03-01T00:00:00Z"), None]),
        rep("cid", Some("north-1a"), ["smb", ""], [None, Some("2024-03-31T23:59:59.999Z")]),
        rep("dan", Some("south"), ["public", "south"], [Some("2024-01-10T09:00:00Z"), Some("2024-05-01T00:00:00Z")]),
        rep("eve", Some("stray"), ["", "north"], [Some("2024-03-05T00:00:00Z"), Some("2024-03-20T00:00:00Z")]),
        rep("fay", None, ["enterprise", "north"], [Some("2024-12-01T00:00:00Z"), None]),
        rep(
            "gus",
            Some("no such team"),
            ["smb", "north"],
            [Some("2022-01-01T00:00:00Z"), Some("2023-12-31T23:00:00Z")],
        ),
        rep("idle", Some("south"), ["enterprise", "south"], [Some("2024-02-29T00:00:00Z"), None]),
    ]
}

pub fn sources() -> Vec<sources::Model> {
    use sources::Kind::{Marketing, Sales};
    [("fair", Some(Marketing)), ("partner", Some(Sales)), ("unkind", None), ("web", Some(Marketing))]
        .into_iter()
        .map(|(id, kind)| sources::Model { id: id.into(), name: format!("Source {id}"), kind, ..Default::default() })
        .collect()
}

pub fn products() -> Vec<products::Model> {
    ["p1", "p2", "p3"]
        .into_iter()
        .map(|id| products::Model {
            id: id.into(),
            name: format!("Product {id}"),
            list_price_minor: Some(99_900),
            currency: text(CURRENCY),
            ..Default::default()
        })
        .collect()
}

pub fn pipelines() -> Vec<pipelines::Model> {
    ["new", "growth"]
        .map(|id| pipelines::Model { id: id.into(), name: format!("Pipeline {id}"), ..Default::default() })
        .into()
}

pub fn stages() -> Vec<stages::Model> {
    [
        ("lead", Some("new"), 1, 777, Some(5)),
        ("proposal", Some("new"), 2, 3333, Some(14)),
        ("talks", Some("growth"), 1, 6667, None),
        ("contract", None, 4, 9001, Some(0)),
    ]
    .into_iter()
    .map(|(id, pipeline, position, probability_bp, expected_days)| stages::Model {
        id: id.into(),
        name: format!("Stage {id}"),
        pipeline_id: pipeline.map(str::to_owned),
        position,
        probability_bp,
        expected_days,
        ..Default::default()
    })
    .collect()
}
