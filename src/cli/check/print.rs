use crate::cli::output::counted;
use crate::cli::{Failure, output};
use crate::proto;
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::json;
use std::collections::HashMap;

/// Prints an answer as it arrives: a table of records for each rule that is broken, then one of all rules.
pub(super) struct Printer {
    json: bool,
    rules: HashMap<String, proto::DataQualityRule>,
    /// The records of the rule under way, for its table.
    records: Table,
    counts: Table,
}

impl Printer {
    pub fn new(json: bool) -> Self {
        let mut counts = table(&["Rule", "Severity", "Findings", "What should hold"]);
        if let Some(column) = counts.column_mut(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        Self { json, rules: HashMap::new(), records: records(), counts }
    }

    pub fn header(&mut self, header: proto::DataQualityHeader) {
        self.rules = header.rules.into_iter().map(|rule| (rule.id.clone(), rule)).collect();
    }

    pub fn batch(&mut self, batch: &proto::FindingBatch) -> Result<(), Failure> {
        for finding in &batch.findings {
            if self.json {
                output::line(self.record(&batch.rule_id, finding))?;
            } else {
                let key = key(finding);
                let unset = if finding.never_filled { "(never filled)" } else { "(not set)" };
                let found = finding.found.as_deref().unwrap_or(unset);
                let cells = [&finding.table, &key, &finding.rep_label, &finding.field, found, &finding.expected];
                self.records.add_row(cells);
            }
        }
        Ok(())
    }

    fn record(&self, rule: &str, finding: &proto::Finding) -> serde_json::Value {
        let key: serde_json::Map<String, serde_json::Value> =
            finding.key.iter().map(|part| (part.column.clone(), part.value.as_str().into())).collect();
        json!({
            "rule": rule, "severity": self.severity(rule), "table": finding.table, "key": key,
            "rep": {"id": finding.rep_id, "label": finding.rep_label}, "field": finding.field,
            "found": finding.found, "expected": finding.expected, "records": finding.records,
            "never_filled": finding.never_filled,
        })
    }

    fn severity(&self, rule: &str) -> &'static str {
        match self.rules.get(rule).map(proto::DataQualityRule::severity) {
            Some(proto::Severity::Error) => "error",
            Some(proto::Severity::Warning) => "warning",
            Some(proto::Severity::Info) => "info",
            Some(proto::Severity::Unspecified) | None => "",
        }
    }

    pub fn rule(&mut self, summary: &proto::RuleSummary) -> Result<(), Failure> {
        let proto::RuleSummary { rule_id: rule, count, listed } = summary;
        let (severity, law) = (self.severity(rule), self.rules.get(rule).map_or("", |rule| rule.law.as_str()));
        if self.json {
            return output::line(json!({"rule": rule, "severity": severity, "count": count, "listed": listed}));
        }
        let table = std::mem::replace(&mut self.records, records());
        if *count > 0 {
            output::line(format_args!("{rule} ({severity}): {law}\n{table}"))?;
            if count > listed {
                output::line(format_args!("and {} more", count - listed))?;
            }
            output::line("")?;
        }
        self.counts.add_row([Cell::new(rule), Cell::new(severity), Cell::new(count), Cell::new(law)]);
        Ok(())
    }

    pub fn summary(&self, summary: &proto::DataQualitySummary) -> Result<(), Failure> {
        let &proto::DataQualitySummary { errors, warnings, infos, listed, records, more_records, column_findings } =
            summary;
        if self.json {
            return output::line(json!({
                "errors": errors, "warnings": warnings, "infos": infos, "listed": listed, "records": records,
                "more_records": more_records, "column_findings": column_findings,
            }));
        }
        let counts = &self.counts;
        output::line(format_args!("{counts}\n{errors} errors, {warnings} warnings, {infos} infos{}", whole(summary)))
    }
}

/// What so many findings are of. Nothing where there are none, or the service does not say.
fn whole(summary: &proto::DataQualitySummary) -> String {
    let &proto::DataQualitySummary { errors, warnings, infos, records, more_records, column_findings, .. } = summary;
    let findings = errors.saturating_add(warnings).saturating_add(infos);
    let more = if more_records { "more than " } else { "" };
    let of_records = format!("on {more}{}", counted(records, "record"));
    let of_columns = format!("on {} as a whole", if column_findings == 1 { "a column" } else { "columns" });
    let findings_told = counted(findings, "finding");
    match (records > 0, column_findings > 0) {
        (true, true) => {
            let others = findings.saturating_sub(column_findings);
            format!(": {findings_told}, {others} {of_records} and {column_findings} {of_columns}")
        }
        (true, false) => format!(": {findings_told} {of_records}"),
        (false, true) => format!(": {findings_told} {of_columns}"),
        (false, false) => String::new(),
    }
}

/// The key of a record, or how many records a finding of a column stands for.
fn key(finding: &proto::Finding) -> String {
    if finding.key.is_empty() {
        return format!("({} records)", finding.records);
    }
    finding.key.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(" ")
}

fn records() -> Table {
    table(&["Table", "Key", "Rep", "Field", "Found", "Expected"])
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED);
    table.set_header(header.iter().map(|title| Cell::new(*title)));
    table
}
