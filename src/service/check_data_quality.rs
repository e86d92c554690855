use super::messages::Out;
use super::readings::Reader;
use super::{Caller, Messages, Service, size};
use crate::convert::{self, Violations};
use crate::error::Result;
use crate::proto;
use crate::proto::check_data_quality_response::Frame;
use crate::quality::{Finding, News, Rule, Severity};

type Message = proto::CheckDataQualityResponse;

pub(super) async fn handle(
    service: &Service,
    caller: Caller,
    request: proto::CheckDataQualityRequest,
) -> Result<Messages<Message>> {
    let mut violations = Violations::default();
    let inspection = convert::inspection(request, &service.context(caller.scope.clone()), &mut violations);
    let inspection = violations.finish(inspection)?;
    service.readiness.require().await?;
    let version = service.versions.current().await?.whole();
    let header = convert::inspection_header(&inspection, &version);
    let reader = service.readings.read(caller.account(), inspection, version, header).await?;
    let header = message(Frame::Header(reader.header()));
    Ok(service.stream("CheckDataQuality", header, |out| send(reader, out)))
}

/// Sends what is found, and returns the summary.
async fn send(mut reader: Reader, out: Out<Message>) -> Result<Message> {
    let mut summary = proto::DataQualitySummary::default();
    while let Some(news) = reader.next().await? {
        match &*news {
            News::Findings(rule, findings) => {
                for batch in batches(rule, findings) {
                    out.send(message(Frame::Batch(batch))).await;
                }
            }
            News::Done { rule, count, listed } => {
                let [count, listed] = [*count, *listed].map(number);
                add(&mut summary, rule, count, listed);
                out.send(message(Frame::RuleSummary(proto::RuleSummary { rule_id: rule.id.into(), count, listed })))
                    .await;
            }
            News::Whole { records, more, columns } => {
                summary.records = number(*records);
                summary.more_records = *more;
                summary.column_findings = number(*columns);
            }
        }
    }
    Ok(message(Frame::Summary(summary)))
}

fn message(frame: Frame) -> Message {
    Message { frame: Some(frame) }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn add(summary: &mut proto::DataQualitySummary, rule: &Rule, count: i64, listed: i64) {
    let of_severity = match rule.severity {
        Severity::Info => &mut summary.infos,
        Severity::Warning => &mut summary.warnings,
        Severity::Error => &mut summary.errors,
    };
    *of_severity = of_severity.saturating_add(count);
    summary.listed = summary.listed.saturating_add(listed);
}

/// A page of findings in messages that are not too large.
fn batches(rule: &Rule, findings: &[Finding]) -> Vec<proto::FindingBatch> {
    let mut batches = Vec::new();
    let mut batch = proto::FindingBatch { rule_id: rule.id.into(), findings: Vec::new() };
    let mut bytes = 0;
    for finding in findings.iter().cloned().map(convert::finding) {
        let length = size::in_message(&finding);
        if bytes + length > size::MAX_MESSAGE && !batch.findings.is_empty() {
            let next = proto::FindingBatch { rule_id: rule.id.into(), findings: Vec::new() };
            batches.push(std::mem::replace(&mut batch, next));
            bytes = 0;
        }
        bytes += length;
        batch.findings.push(finding);
    }
    if !batch.findings.is_empty() {
        batches.push(batch);
    }
    batches
}
