//! The RPC and the command.

use super::data::{reset, run};
use super::{NOW, everything};
use crate::support::{Kind, Refusal, TestDatabase, TestServer, bulk, on_every_database};
use crm_kpi::proto::check_data_quality_response::Frame;
use crm_kpi::proto::{self, CheckDataQualityRequest, Severity};
use crm_kpi::quality::Rule;
use tonic::Code;

on_every_database!(
    a_stream_has_its_order,
    requests_choose_rules,
    bad_requests_are_refused,
    messages_stay_under_4_mib,
    callers_who_go_away_leave_nothing_behind,
    the_command_prints_what_is_found,
);

/// One deal has an account, and none of the faults.
const FAULTS: &str = "
    UPDATE opportunities SET amount_minor = 0, account_id = NULL, loss_reason = NULL;
    INSERT INTO opportunities (id, rep_id, account_id, source_id, status) VALUES ('d4', 'r2', 'a2', 's1', 'open')";

async fn server(kind: Kind) -> TestServer {
    let database = TestDatabase::migrated(kind).await;
    reset(&database.connection).await;
    TestServer::start_at(database, NOW).await
}

#[derive(Debug, Default)]
struct Checked {
    header: Option<proto::DataQualityHeader>,
    batches: Vec<proto::FindingBatch>,
    rules: Vec<proto::RuleSummary>,
    summary: Option<proto::DataQualitySummary>,
}

impl Checked {
    fn ids(&self) -> Vec<&str> {
        self.header.as_ref().unwrap().rules.iter().map(|rule| rule.id.as_str()).collect()
    }
}

async fn check(server: &TestServer, request: CheckDataQualityRequest) -> Result<Checked, Box<tonic::Status>> {
    let mut stream = server.client().check_data_quality(request).await?.into_inner();
    let mut read = Checked::default();
    while let Some(message) = stream.message().await? {
        assert!(read.summary.is_none(), "the summary is last");
        match message.frame.expect("a frame") {
            Frame::Header(header) => {
                assert!(read.header.replace(header).is_none(), "one header");
            }
            Frame::Batch(batch) => {
                assert!(!batch.findings.is_empty(), "no empty batch");
                let rule = read.ids()[read.rules.len()];
                assert_eq!(batch.rule_id, rule, "a rule's batches come before its summary and behind the last rule's");
                read.batches.push(batch);
            }
            Frame::RuleSummary(summary) => {
                assert_eq!(summary.rule_id, read.ids()[read.rules.len()]);
                read.rules.push(summary);
            }
            Frame::Summary(summary) => read.summary = Some(summary),
        }
    }
    Ok(read)
}

async fn a_stream_has_its_order(kind: Kind) {
    let server = server(kind).await;
    run(&server.database.connection, FAULTS).await;
    let checked = check(&server, CheckDataQualityRequest::default()).await.unwrap();
    let header = checked.header.as_ref().unwrap();
    let rules: Vec<_> = Rule::all().iter().map(|rule| (rule.id, rule.law)).collect();
    assert_eq!(header.rules.iter().map(|rule| (rule.id.as_str(), rule.law.as_str())).collect::<Vec<_>>(), rules);
    assert_eq!(header.as_of.as_ref().unwrap().seconds, everything().now.timestamp());
    let version = server.client().get_data_version(proto::GetDataVersionRequest {}).await.unwrap().into_inner();
    assert_eq!(header.data_version, version.data_version);
    assert_eq!(checked.rules.len(), Rule::all().len());
    let broken: Vec<_> = checked.rules.iter().filter(|rule| rule.count > 0).collect();
    let broken: Vec<_> = broken.iter().map(|rule| (rule.rule_id.as_str(), rule.count, rule.listed)).collect();
    let expected = [
        ("won_without_amount", 1, 1),
        ("amount_without_currency", 2, 2),
        ("missing_account", 3, 3),
        ("lost_without_reason", 1, 1),
    ];
    assert_eq!(broken, expected);
    let summary = checked.summary.unwrap();
    assert_eq!((summary.errors, summary.warnings, summary.infos, summary.listed), (3, 3, 1, 7));
    assert_eq!((summary.records, summary.more_records, summary.column_findings), (3, false, 0), "three deals");
    let finding = &checked.batches[0].findings[0];
    let expected = proto::Finding {
        table: "opportunities".into(),
        key: vec![proto::KeyColumn { column: "id".into(), value: "d1".into() }],
        rep_id: "r1".into(),
        rep_label: "Rep 1".into(),
        field: "amount_minor".into(),
        found: Some("0".into()),
        expected: "above 0".into(),
        never_filled: false,
        records: 1,
    };
    assert_eq!(finding, &expected);
}

async fn requests_choose_rules(kind: Kind) {
    let server = server(kind).await;
    run(&server.database.connection, FAULTS).await;
    let errors = CheckDataQualityRequest { minimum_severity: Severity::Error.into(), ..Default::default() };
    let checked = check(&server, errors.clone()).await.unwrap();
    assert!(checked.header.as_ref().unwrap().rules.iter().all(|rule| rule.severity() == Severity::Error));
    let summary = checked.summary.unwrap();
    assert_eq!((summary.errors, summary.warnings, summary.infos), (3, 0, 0));

    let named = ["missing_account", "won_without_amount", "missing_account"].map(String::from).to_vec();
    let two = CheckDataQualityRequest { rule_ids: named.clone(), max_records_per_rule: 2, ..Default::default() };
    let checked = check(&server, two.clone()).await.unwrap();
    assert_eq!(checked.ids(), ["won_without_amount", "missing_account"]);
    let counts: Vec<_> = checked.rules.iter().map(|rule| (rule.count, rule.listed)).collect();
    assert_eq!(counts, [(1, 1), (3, 2)]);

    let of_rep = CheckDataQualityRequest { rep_ids: vec!["r2".into()], ..two.clone() };
    let counts: Vec<_> = check(&server, of_rep).await.unwrap().rules.iter().map(|rule| rule.count).collect();
    assert_eq!(counts, [0, 2]);
    let of_team = CheckDataQualityRequest { team_ids: vec!["t2".into()], ..two };
    let counts: Vec<_> = check(&server, of_team).await.unwrap().rules.iter().map(|rule| rule.count).collect();
    assert_eq!(counts, [1, 1]);
    let both = CheckDataQualityRequest { rule_ids: named, ..errors };
    assert_eq!(check(&server, both).await.unwrap().ids(), ["won_without_amount"]);
}

async fn bad_requests_are_refused(kind: Kind) {
    let server = server(kind).await;
    let request = CheckDataQualityRequest {
        rule_ids: ["missing_owner", "mising_owner", "", "xyzzy"].map(String::from).to_vec(),
        rep_ids: vec!["a\0".into()],
        team_ids: vec!["t".into(); 1001],
        minimum_severity: 7,
        max_records_per_rule: -1,
    };
    let refusal = Refusal::of(&check(&server, request).await.unwrap_err());
    refusal.must_be(
        Code::InvalidArgument,
        "INVALID_REQUEST",
        &[
            ("rule_ids[1]", "did you mean \"missing_owner\"?"),
            ("rule_ids[2]", "unknown rule"),
            ("rule_ids[3]", "unknown rule"),
            ("minimum_severity", "unknown severity 7"),
            ("max_records_per_rule", "-1 is out of range"),
            ("rep_ids[0]", "U+0000"),
            ("team_ids", "at most 1000"),
        ],
    );
    let many = CheckDataQualityRequest { rule_ids: vec!["missing_owner".into(); 101], ..Default::default() };
    let refusal = Refusal::of(&check(&server, many).await.unwrap_err());
    refusal.must_be(Code::InvalidArgument, "INVALID_REQUEST", &[("rule_ids", "at most 100")]);

    let empty = TestServer::start(TestDatabase::empty(kind).await).await;
    let refusal = Refusal::of(&check(&empty, CheckDataQualityRequest::default()).await.unwrap_err());
    refusal.must_be(Code::FailedPrecondition, "SCHEMA_NOT_READY", &[]);
}

/// The generated client refuses what is larger.
async fn messages_stay_under_4_mib(kind: Kind) {
    let server = server(kind).await;
    let long = "x".repeat(20_000);
    let ids: Vec<_> = (0..600).map(|n| format!("('{n:03}{long}', 'Same {}')", &long[..1_000])).collect();
    // An index of PostgreSQL takes no key of that length.
    let fill = format!("INSERT INTO accounts (id, name) VALUES {}", ids.join(", "));
    if kind == Kind::Postgres {
        run(&server.database.connection, "ALTER TABLE accounts DROP CONSTRAINT accounts_pkey").await;
    }
    run(&server.database.connection, &fill).await;
    let request = CheckDataQualityRequest { rule_ids: vec!["duplicate_account".into()], ..Default::default() };
    let checked = check(&server, request).await.unwrap();
    assert_eq!(checked.rules[0].count, 599);
    // 500 findings, which are a batch otherwise, have 10 MB.
    assert!(checked.batches.len() > 3, "{} batches", checked.batches.len());
    let found = checked.batches[0].findings[0].found.as_ref().unwrap();
    assert_eq!(found.chars().count(), 501, "a long value is cut");
}

async fn callers_who_go_away_leave_nothing_behind(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    bulk::reps_with_a_win_a_month(&database, 1_000).await;
    let with_both = "INSERT INTO opportunities (id, rep_id, account_id, source_id, status) \
                     VALUES ('d4', 'rep-000001', 'a1', 's1', 'open')";
    run(&database.connection, with_both).await;
    let server = TestServer::start_at(database, NOW).await;
    let request = CheckDataQualityRequest { max_records_per_rule: 1_000_000, ..Default::default() };
    // More than the pool has connections.
    for _ in 0..15 {
        let mut stream = server.client().check_data_quality(request.clone()).await.unwrap().into_inner();
        loop {
            let message = stream.message().await.unwrap().unwrap();
            if matches!(message.frame, Some(Frame::Batch(_))) {
                break;
            }
        }
    }
    let checked = check(&server, request).await.unwrap();
    assert_eq!(checked.summary.unwrap().warnings, 2 * 12_000, "deals without an account and a source");
}

async fn the_command_prints_what_is_found(kind: Kind) {
    let server = server(kind).await;
    let endpoint = format!("http://{}", server.running.address);
    let check = async |options: &[&str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_crm-kpi"));
        let output = command.args(["check", "--endpoint", &endpoint]).args(options).output().await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    };
    let (code, out, _) = check(&[]).await;
    assert!(code == 0 && out.ends_with("0 errors, 0 warnings, 0 infos\n"), "{out}");

    run(&server.database.connection, FAULTS).await;
    let (code, out, _) = check(&["--rep", "r1"]).await;
    assert!(code == 3 && out.ends_with("1 errors, 1 warnings, 0 infos: 2 findings on 1 record\n"), "{out}");
    assert!(out.contains("won_without_amount (error): A deal that is won has an amount above 0."), "{out}");
    let (code, out, _) = check(&["--rule", "missing_account", "--team", "t1", "--max-records", "1"]).await;
    assert!(code == 0 && out.contains("and 2 more"), "warnings are no failure: {out}");

    let (code, out, _) = check(&["--json", "--severity", "error", "--rule", "won_without_amount"]).await;
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((code, lines.len()), (3, 3));
    let record = serde_json::json!({
        "rule": "won_without_amount", "severity": "error", "table": "opportunities", "key": {"id": "d1"},
        "rep": {"id": "r1", "label": "Rep 1"}, "field": "amount_minor", "found": "0", "expected": "above 0",
        "records": 1, "never_filled": false,
    });
    assert_eq!(lines[0], record);
    assert_eq!(lines[1]["count"], 1);
    let whole = serde_json::json!({
        "errors": 1, "warnings": 0, "infos": 0, "listed": 1, "records": 1, "more_records": false, "column_findings": 0,
    });
    assert_eq!(lines[2], whole);

    run(&server.database.connection, "UPDATE opportunities SET source_id = NULL").await;
    let (_, out, _) = check(&["--rule", "missing_source"]).await;
    assert!(out.contains("(4 records)") && out.contains("(never filled)"), "{out}");
    assert!(out.ends_with("0 errors, 1 warnings, 0 infos: 1 finding on a column as a whole\n"), "{out}");
    let (_, out, _) = check(&["--rule", "missing_source,missing_account"]).await;
    let whole = "0 errors, 4 warnings, 0 infos: 4 findings, 3 on 3 records and 1 on a column as a whole\n";
    assert!(out.ends_with(whole), "{out}");

    let (code, _, err) = check(&["--rule", "won_without_amont"]).await;
    assert!(code == 1 && err.contains("did you mean \"won_without_amount\"?"), "{err}");
}
