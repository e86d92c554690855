//! Filters and scopes: they part the findings, and never add to them.

use super::data::{reset, run};
use super::{Inspection, Report, everything, inspect};
use crate::support::{Kind, TestDatabase, on_every_database};
use crm_kpi::quality::Finding;
use crm_kpi::scope::Scope;

on_every_database!(
    reps_part_the_findings,
    teams_cover_what_is_below_them,
    a_scope_never_shows_more,
    records_are_not_compared_with_those_outside,
);

/// Faults of reps of two teams, of a rep without a team, of one that does not exist, and of nobody.
const FAULTS: &str = "
    INSERT INTO reps (id, name, team_id) VALUES ('r3', 'Rep 3', NULL), ('r4', 'Rep 4', 'gone');
    UPDATE opportunities SET amount_minor = 0, currency = '', closed_at = NULL, rep_id = 'r3' WHERE id = 'd1';
    UPDATE opportunities SET source_id = 'nowhere', account_id = NULL, rep_id = 'r0' WHERE id = 'd2';
    UPDATE orders SET rep_id = '', currency = 'XXY';
    UPDATE leads SET rep_id = NULL, email = 'same@acme.com' WHERE id <> 'l1';
    UPDATE opportunity_stages SET left_at = NULL, rep_id = 'r4' WHERE number = 1;
    UPDATE mrr_movements SET change_minor = 1, currency = 'EUR';
    UPDATE stages SET probability_bp = -1;
    UPDATE teams SET parent_id = 'gone' WHERE id = 't1';
    UPDATE accounts SET name = 'Acme'";

/// Every rep that findings are credited to.
const REPS: [&str; 6] = ["", "r0", "r1", "r2", "r3", "r4"];

/// Whether a rep is in a team or below it.
fn in_team(rep: &str, team: &str) -> bool {
    match team {
        "" => ["", "r0", "r3"].contains(&rep),
        "t1" => ["r1", "r2"].contains(&rep),
        "t2" => rep == "r1",
        "gone" => rep == "r4",
        _ => false,
    }
}

async fn faulty(kind: Kind) -> TestDatabase {
    let database = TestDatabase::migrated(kind).await;
    reset(&database.connection).await;
    run(&database.connection, FAULTS).await;
    database
}

fn by_reps(reps: &[&str]) -> Inspection {
    Inspection { reps: reps.iter().map(ToString::to_string).collect(), ..everything() }
}

fn by_teams(teams: &[&str]) -> Inspection {
    Inspection { teams: teams.iter().map(ToString::to_string).collect(), ..everything() }
}

/// What is left of a report by a condition on findings.
fn kept(whole: &Report, keep: impl Fn(&Finding) -> bool) -> Report {
    let mut report = whole.clone();
    for (findings, count) in report.values_mut() {
        findings.retain(&keep);
        *count = findings.len() as u64;
    }
    report.retain(|_, (_, count)| *count > 0);
    report
}

async fn reps_part_the_findings(kind: Kind) {
    let database = faulty(kind).await;
    let db = &database.connection;
    let whole = inspect(db, &everything()).await.unwrap();
    assert!(whole.len() > 10, "{:?}", whole.keys());
    let mut counted = 0;
    for rep in REPS {
        let part = inspect(db, &by_reps(&[rep])).await.unwrap();
        assert!(!part.is_empty(), "{rep:?}");
        assert_eq!(part, kept(&whole, |finding| finding.rep == rep), "{rep:?}");
        counted += part.values().map(|(_, count)| count).sum::<u64>();
    }
    assert_eq!(counted, whole.values().map(|(_, count)| count).sum::<u64>());
    let both = inspect(db, &by_reps(&["r1", ""])).await.unwrap();
    assert_eq!(both, kept(&whole, |finding| finding.rep == "r1" || finding.rep.is_empty()));
    let nobody = inspect(db, &by_reps(&["r9"])).await.unwrap();
    assert!(nobody.is_empty());
}

async fn teams_cover_what_is_below_them(kind: Kind) {
    let database = faulty(kind).await;
    let db = &database.connection;
    let whole = inspect(db, &everything()).await.unwrap();
    for team in ["", "t1", "t2", "gone", "t9"] {
        let part = inspect(db, &by_teams(&[team])).await.unwrap();
        assert_eq!(part, kept(&whole, |finding| in_team(&finding.rep, team)), "{team:?}");
    }
    let both = Inspection { reps: vec!["r2".into()], ..by_teams(&["t1"]) };
    assert_eq!(inspect(db, &both).await.unwrap(), kept(&whole, |finding| finding.rep == "r2"));
    let neither = Inspection { reps: vec!["r2".into()], ..by_teams(&["t2"]) };
    assert!(inspect(db, &neither).await.unwrap().is_empty());
}

async fn a_scope_never_shows_more(kind: Kind) {
    let database = faulty(kind).await;
    let db = &database.connection;
    type MaySee = fn(&Finding) -> bool;
    let scopes: [(Scope, MaySee); 6] = [
        (Scope::Reps(vec!["r1".into()]), |finding| finding.rep == "r1"),
        (Scope::Reps(vec!["r1".into(), String::new()]), |finding| finding.rep == "r1"),
        (Scope::Reps(Vec::new()), |_| false),
        (Scope::Teams(vec!["t1".into()]), |finding| in_team(&finding.rep, "t1")),
        (Scope::Teams(vec![String::new()]), |_| false),
        (Scope::Teams(Vec::new()), |_| false),
    ];
    let questions = [everything(), by_reps(&REPS), by_teams(&["t2", ""]), by_reps(&["r2"])];
    let mut answers = Vec::new();
    for question in questions {
        let asked = inspect(db, &question).await.unwrap();
        answers.push((question, asked));
    }
    for (scope, may_see) in scopes {
        for (question, asked) in &answers {
            let within = Inspection { scope: scope.clone(), ..question.clone() };
            let seen = inspect(db, &within).await.unwrap();
            assert_eq!(seen, kept(asked, may_see), "{scope:?} {:?} {:?}", within.reps, within.teams);
        }
        let capped = Inspection { scope, max_records: 1, ..everything() };
        for (rule, (findings, count)) in inspect(db, &capped).await.unwrap() {
            let whole = kept(&answers[0].1, may_see);
            assert_eq!((findings.len(), count), (1, whole[rule].1), "{rule}");
        }
    }
}

/// Records of r2 that are at fault by comparison with r1's, and the other way round: told to who sees both.
const AGAINST_EACH_OTHER: &str = "
    INSERT INTO leads (id, name, email, rep_id, source_id, status, created_at) VALUES
        ('l5', 'Anna', 'ANN@acme.com', 'r2', 's1', 'new', '2024-01-02T00:00:00+00:00');
    INSERT INTO accounts (id, name, rep_id) VALUES ('a6', 'ACME Inc.', 'r2');
    INSERT INTO customer_tenures (account_id, number, rep_id, started_at) VALUES
        ('a1', 3, 'r2', '2024-01-01T00:00:00+00:00');
    UPDATE opportunity_stages SET rep_id = 'r2', entered_at = '2024-02-03T00:00:00+00:00'
        WHERE opportunity_id = 'd1' AND number = 2";

async fn records_are_not_compared_with_those_outside(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    reset(db).await;
    run(db, AGAINST_EACH_OTHER).await;
    let told = async |scope: Scope| {
        let report = inspect(db, &Inspection { scope, ..everything() }).await.unwrap();
        let line = |rule: &str, finding: &Finding| format!("{rule} {} {}", super::key(finding), finding.rep);
        let lines = report.iter().flat_map(|(rule, (findings, _))| findings.iter().map(move |found| line(rule, found)));
        lines.collect::<Vec<_>>()
    };
    let all = ["duplicate_account a6 r2", "duplicate_lead l5 r2", "stages_with_gap d1 1 r1", "tenures_overlap a1 2 r1"];
    assert_eq!(told(Scope::All).await, all);
    assert_eq!(told(Scope::reps(["r1", "r2"])).await, all);
    assert_eq!(told(Scope::teams(["t1"])).await, all);
    // The deal is r1's: its whole history is seen with it.
    assert_eq!(told(Scope::reps(["r1"])).await, ["stages_with_gap d1 1 r1"]);
    assert_eq!(told(Scope::reps(["r2"])).await, [""; 0]);
    run(db, "UPDATE opportunities SET rep_id = 'r2' WHERE id = 'd1'").await;
    assert_eq!(told(Scope::reps(["r1"])).await, [""; 0]);
}
