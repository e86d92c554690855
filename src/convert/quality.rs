use super::nearest::named_rule;
use super::query::Context;
use super::result::timestamp;
use super::violations::{Violations, bounded, without_nul};
use crate::proto;
use crate::quality::{Finding, Inspection, Rule, Severity};

const MAX_RULES: usize = 100;
const MAX_KEYS: usize = 1000;
const DEFAULT_RECORDS: usize = 1000;
const MAX_RECORDS: usize = 1_000_000;

/// What a request asks to be checked.
pub fn inspection(
    request: proto::CheckDataQualityRequest,
    context: &Context,
    violations: &mut Violations,
) -> Option<Inspection> {
    let rules = rules(&request, violations);
    let minimum = minimum(request.minimum_severity, violations);
    let max_records =
        bounded(request.max_records_per_rule, DEFAULT_RECORDS, MAX_RECORDS, "max_records_per_rule", violations);
    let reps = keys(request.rep_ids, "rep_ids", violations);
    let teams = keys(request.team_ids, "team_ids", violations);
    let (rules, minimum, reps, teams) = (rules?, minimum?, reps?, teams?);
    Some(Inspection {
        scope: context.scope.clone(),
        rules: rules.into_iter().filter(|rule| rule.severity >= minimum).collect(),
        reps,
        teams,
        max_records: max_records? as u64,
        now: context.now,
        currency: context.currency,
    })
}

/// The rules of a request, each once, in the order of all rules.
fn rules(request: &proto::CheckDataQualityRequest, violations: &mut Violations) -> Option<Vec<&'static Rule>> {
    if request.rule_ids.is_empty() {
        return Some(Rule::all().iter().collect());
    }
    if request.rule_ids.len() > MAX_RULES {
        violations.invalid("rule_ids", format!("has {} ids, at most {MAX_RULES} are allowed", request.rule_ids.len()));
        return None;
    }
    let named: Vec<_> = request
        .rule_ids
        .iter()
        .enumerate()
        .map(|(place, id)| named_rule(id, &format!("rule_ids[{place}]"), violations))
        .collect();
    let named: Vec<_> = named.into_iter().collect::<Option<_>>()?;
    Some(Rule::all().iter().filter(|rule| named.iter().any(|named| named.id == rule.id)).collect())
}

fn minimum(severity: i32, violations: &mut Violations) -> Option<Severity> {
    match proto::Severity::try_from(severity) {
        Ok(proto::Severity::Unspecified | proto::Severity::Info) => Some(Severity::Info),
        Ok(proto::Severity::Warning) => Some(Severity::Warning),
        Ok(proto::Severity::Error) => Some(Severity::Error),
        Err(_) => {
            violations.invalid("minimum_severity", format!("unknown severity {severity}: use 1 to 3, or 0 for all"));
            None
        }
    }
}

fn keys(ids: Vec<String>, field: &str, violations: &mut Violations) -> Option<Vec<String>> {
    if ids.len() > MAX_KEYS {
        violations.invalid(field, format!("has {} ids, at most {MAX_KEYS} are allowed", ids.len()));
        return None;
    }
    let ids: Vec<_> = ids
        .into_iter()
        .enumerate()
        .map(|(place, id)| without_nul(id, &format!("{field}[{place}]"), violations))
        .collect();
    ids.into_iter().collect()
}

/// What is checked, on one version of the data.
pub fn inspection_header(inspection: &Inspection, data_version: &str) -> proto::DataQualityHeader {
    let rule = |rule: &&'static Rule| proto::DataQualityRule {
        id: rule.id.into(),
        severity: severity(rule.severity).into(),
        law: rule.law.into(),
    };
    proto::DataQualityHeader {
        rules: inspection.rules.iter().map(rule).collect(),
        data_version: data_version.into(),
        as_of: Some(timestamp(inspection.now)),
    }
}

/// A severity.
pub fn severity(severity: Severity) -> proto::Severity {
    match severity {
        Severity::Info => proto::Severity::Info,
        Severity::Warning => proto::Severity::Warning,
        Severity::Error => proto::Severity::Error,
    }
}

/// What breaks a rule.
pub fn finding(finding: Finding) -> proto::Finding {
    let key = finding.key.into_iter().map(|part| proto::KeyColumn { column: part.column.into(), value: part.value });
    proto::Finding {
        table: finding.table.into(),
        key: key.collect(),
        rep_id: finding.rep,
        rep_label: finding.rep_label,
        field: finding.field.into(),
        found: finding.found,
        expected: finding.expected,
        never_filled: finding.never_filled,
        records: i64::try_from(finding.records).unwrap_or(i64::MAX),
    }
}
