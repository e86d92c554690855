//! Rows by team: whole teams, levels of the tree, and places within a level.

use super::targets::{QUARTER, aimed, ask, target};
use super::{lines, order, run};
use crate::engine::question;
use crate::support::{Kind, TestDatabase, TestServer, any_of, none_of, on_every_database, pool};
use crm_kpi::catalog::Dimension;
use crm_kpi::engine::{Engine, HierarchyRows, Question};
use crm_kpi::proto::hierarchy_rows::Rows;
use crm_kpi::proto::{self, Grain, HierarchyLevel, KpiQuery, KpiValue};
use crm_kpi::scope::Scope;
use sea_orm::DatabaseConnection;

on_every_database!(no_row_shows_a_part_as_if_it_were_the_whole, rows_are_of_a_level, a_scope_has_a_tree_of_its_own);

/// Central has Dustin's and Melvin's teams, East has Rocco's and a rep of its own; c has no team. Melvin's sold 2,251.93 of
/// Central's 3,346.29.
async fn fill(db: &DatabaseConnection) {
    run(
        db,
        "INSERT INTO teams (id, name, parent_id) VALUES ('central', 'Central', NULL), ('dustin', 'Dustin', 'central'), \
         ('melvin', 'Melvin', 'central'), ('east', 'East', NULL), ('rocco', 'Rocco', 'east')",
    )
    .await;
    run(
        db,
        "INSERT INTO reps (id, name, team_id) VALUES ('d', 'D', 'dustin'), ('m', 'M', 'melvin'), ('e', 'E', 'east'), \
         ('r', 'R', 'rocco'), ('c', 'C', NULL)",
    )
    .await;
    for (rep, minor) in [("d", 109_436), ("m", 225_193), ("e", 10_000), ("r", 50_000), ("c", 700)] {
        order(db, (rep, rep), minor, "USD", "2024-01-10T00:00:00").await;
    }
}

fn by_team() -> KpiQuery {
    KpiQuery { include_targets: false, ..ask(&["total_sales"], QUARTER, Grain::Unspecified, &["team"]) }
}

fn level(level: HierarchyLevel) -> Option<proto::HierarchyRows> {
    Some(proto::HierarchyRows { rows: Some(Rows::Level(level.into())) })
}

fn children_of(team: &str) -> Option<proto::HierarchyRows> {
    Some(proto::HierarchyRows { rows: Some(Rows::ChildrenOf(team.into())) })
}

fn value(value: &KpiValue) -> String {
    value.value.clone().unwrap_or_default()
}

async fn rows(server: &TestServer, query: KpiQuery) -> Vec<String> {
    let shown = |lines: Vec<String>| lines.iter().map(|line| line[2..].to_owned()).collect::<Vec<_>>();
    shown(lines(&server.query(query).await.rows, value))
}

async fn no_row_shows_a_part_as_if_it_were_the_whole(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    fill(&server.database.connection).await;
    let all = [" 7.00", "central 3346.29", "dustin 1094.36", "east 600.00", "melvin 2251.93", "rocco 500.00"];
    assert_eq!(rows(&server, by_team()).await, all);
    let filtered = |filter| KpiQuery { filters: vec![filter], ..by_team() };
    for (filter, expected) in [
        (any_of("team", &["melvin"]), vec!["melvin 2251.93"]),
        (any_of("team", &["central"]), vec!["central 3346.29", "dustin 1094.36", "melvin 2251.93"]),
        (any_of("team", &["dustin", "melvin"]), vec!["dustin 1094.36", "melvin 2251.93"]),
        (any_of("team", &["", "rocco"]), vec![" 7.00", "rocco 500.00"]),
        (none_of("team", &["melvin"]), vec![" 7.00", "dustin 1094.36", "east 600.00", "rocco 500.00"]),
        (none_of("team", &["central", ""]), vec!["east 600.00", "rocco 500.00"]),
        (any_of("rep", &["m"]), vec!["melvin 2251.93"]),
        // East is of E alone here: R is in the team below.
        (any_of("rep", &["e", "r"]), vec!["east 100.00", "rocco 500.00"]),
        (none_of("rep", &["m", "e", "c"]), vec!["dustin 1094.36", "rocco 500.00"]),
        (any_of("segment", &[""]), all.to_vec()),
    ] {
        let query = filtered(filter);
        assert_eq!(rows(&server, query.clone()).await, expected, "{:?}", query.filters);
        let empty = KpiQuery { include_empty: true, ..query.clone() };
        assert_eq!(rows(&server, empty).await, expected, "with empty ones {:?}", query.filters);
    }
    // A target stands beside a whole team only.
    let db = &server.database.connection;
    for (id, rep, team, value) in
        [("1", "", "central", "5000 USD"), ("2", "", "melvin", "4000 USD"), ("3", "m", "", "2000 USD")]
    {
        target(db, id, "total_sales", (rep, team), QUARTER, value).await;
    }
    let aims = async |filter| {
        let query = KpiQuery { include_targets: true, ..filtered(filter) };
        lines(&server.query(query).await.rows, aimed)
    };
    let melvin = ["0 melvin 2251.93|4000.00|0.562982|2000.00|1.125965"];
    assert_eq!(aims(any_of("team", &["melvin"])).await, melvin);
    assert_eq!(aims(none_of("team", &["dustin", "east", ""])).await, melvin);
    assert_eq!(aims(any_of("rep", &["m"])).await, ["0 melvin 2251.93|-|-|2000.00|1.125965"]);
}

async fn rows_are_of_a_level(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    fill(&server.database.connection).await;
    let of = |hierarchy, filters: Vec<proto::Filter>| KpiQuery { hierarchy, filters, ..by_team() };
    let (leaves, top) = (level(HierarchyLevel::Leaves), level(HierarchyLevel::Top));
    let melvin = || vec![any_of("team", &["melvin"])];
    for (query, expected) in [
        (of(top.clone(), vec![]), vec![" 7.00", "central 3346.29", "east 600.00"]),
        (of(leaves.clone(), vec![]), vec![" 7.00", "dustin 1094.36", "melvin 2251.93", "rocco 500.00"]),
        (of(children_of("central"), vec![]), vec!["dustin 1094.36", "melvin 2251.93"]),
        (of(children_of("melvin"), vec![]), vec![]),
        (of(children_of("nowhere"), vec![]), vec![]),
        // What a filter leaves is a tree of its own.
        (of(top.clone(), melvin()), vec!["melvin 2251.93"]),
        (of(top.clone(), vec![none_of("team", &["rocco"])]), vec![" 7.00", "central 3346.29"]),
        (of(children_of("central"), melvin()), vec!["melvin 2251.93"]),
    ] {
        assert_eq!(rows(&server, query.clone()).await, expected, "{query:?}");
        let empty = KpiQuery { include_empty: true, ..query.clone() };
        assert_eq!(rows(&server, empty).await, expected, "with empty ones {query:?}");
        let total = server.query(KpiQuery { hierarchy: None, ..query.clone() }).await.totals;
        assert_eq!(server.query(query).await.totals, total);
    }
    // Melvin's is first of the three teams below others, Central of the two above them and what has no team.
    let place = |value: &KpiValue| {
        let standing = value.standing.clone().unwrap_or_default();
        format!("{}/{}", standing.rank, standing.ranked)
    };
    let standing = |query: KpiQuery| KpiQuery { include_standing: true, ..query };
    let places = async |query: KpiQuery| lines(&server.query(standing(query)).await.rows, place);
    let all = ["0  3/3", "0 central 1/3", "0 dustin 2/3", "0 east 2/3", "0 melvin 1/3", "0 rocco 3/3"];
    assert_eq!(places(by_team()).await, all);
    let of_leaves = ["0  4/4", "0 dustin 2/4", "0 melvin 1/4", "0 rocco 3/4"];
    assert_eq!(places(of(leaves, vec![])).await, of_leaves);
    assert_eq!(
        places(of(None, vec![any_of("rep", &["e", "m", "r"])])).await,
        ["0 east 3/3", "0 melvin 1/3", "0 rocco 2/3"]
    );
    let by_rep = KpiQuery { group_by: vec!["rep".into(), "team".into()], ..standing(by_team()) };
    let streamed = server.stream(by_rep.clone(), 2).await;
    assert_eq!(streamed.rows(), server.query(by_rep).await.rows);
}

/// A caller who sees Central or some of its reps.
async fn a_scope_has_a_tree_of_its_own(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    fill(db).await;
    let shown = async |scope: Scope, hierarchy: Option<HierarchyRows>| {
        let question = question(&["total_sales"], QUARTER, None, &[Dimension::Team]);
        let question = Question { scope, hierarchy, ..question };
        let answer = Engine::new(pool(db)).answer(&[question]).await.unwrap().remove(0);
        let line = |row: &crm_kpi::engine::Row| format!("{} {}", row.keys[0].id, row.values[0].value.unwrap());
        answer.rows.iter().map(line).collect::<Vec<_>>()
    };
    let east = || Scope::teams(["east"]);
    assert_eq!(shown(east(), None).await, ["east 600.00", "rocco 500.00"]);
    assert_eq!(shown(east(), Some(HierarchyRows::Top)).await, ["east 600.00"]);
    assert_eq!(shown(Scope::teams(["rocco"]), Some(HierarchyRows::Top)).await, ["rocco 500.00"]);
    let children = || Some(HierarchyRows::ChildrenOf("east".into()));
    assert_eq!(shown(east(), children()).await, ["rocco 500.00"]);
    // What is above is not there: nothing tells that Rocco's is below East.
    assert_eq!(shown(Scope::teams(["rocco"]), children()).await, [""; 0]);
    assert_eq!(shown(Scope::reps(["e", "r"]), None).await, ["east 100.00", "rocco 500.00"]);
    assert_eq!(shown(Scope::reps(["m"]), None).await, ["melvin 2251.93"]);
}
