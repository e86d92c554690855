use super::readings::Reader;
use super::status::to_status;
use super::{Caller, Messages, Service, size};
use crate::convert::{self, Violations};
use crate::error::Result;
use crate::proto;
use crate::proto::check_data_quality_response::Frame;
use crate::quality::{Finding, News, Rule, Severity};
use tokio::sync::mpsc;
use tonic::Status;

/// Messages that wait for a slow caller.
const MESSAGES_AHEAD: usize = 2;

type Message = Result<proto::CheckDataQualityResponse, Status>;

pub(super) async fn handle(
    service: &Service,
    caller: Caller,
    request: proto::CheckDataQualityRequest,
) -> Result<Messages<proto::CheckDataQualityResponse>> {
    let mut violations = Violations::default();
    let inspection = convert::inspection(request, &service.context(caller.scope.clone()), &mut violations);
    let inspection = violations.finish(inspection)?;
    service.readiness.require().await?;
    let version = service.versions.current().await?.whole();
    let header = convert::inspection_header(&inspection, &version);
    let reader = service.readings.read(caller.account(), inspection, version, header).await?;
    let (out, messages) = mpsc::channel(MESSAGES_AHEAD);
    let stream = Stream { service: service.clone(), out: out.clone(), reader };
    Ok(Messages::new(out, messages, stream.run(), service.panicked("CheckDataQuality")))
}

/// A stream under way.
struct Stream {
    service: Service,
    out: mpsc::Sender<Message>,
    reader: Reader,
}

/// Nobody receives any more.
struct Gone;

impl Stream {
    async fn run(mut self) {
        if let Ok(Err(error)) = self.send_all().await {
            self.service.meters.failed(&error);
            let status = to_status(error, "CheckDataQuality", self.service.status_bytes);
            let _ = self.out.send(Err(status)).await;
        }
    }

    async fn send_all(&mut self) -> Result<Result<()>, Gone> {
        self.send(Frame::Header(self.reader.header())).await?;
        let mut summary = proto::DataQualitySummary::default();
        loop {
            let next = tokio::select! {
                next = self.reader.next() => next,
                () = self.out.closed() => return Err(Gone),
            };
            match next {
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
                Ok(Some(news)) => match &*news {
                    News::Findings(rule, findings) => {
                        for batch in batches(rule, findings) {
                            self.send(Frame::Batch(batch)).await?;
                        }
                    }
                    News::Done { rule, count, listed } => {
                        let [count, listed] = [count, listed].map(|count| i64::try_from(*count).unwrap_or(i64::MAX));
                        add(&mut summary, rule, count, listed);
                        let done = proto::RuleSummary { rule_id: rule.id.into(), count, listed };
                        self.send(Frame::RuleSummary(done)).await?;
                    }
                },
            }
        }
        self.send(Frame::Summary(summary)).await?;
        Ok(Ok(()))
    }

    async fn send(&self, frame: Frame) -> Result<(), Gone> {
        let message = proto::CheckDataQualityResponse { frame: Some(frame) };
        self.out.send(Ok(message)).await.map_err(|_| Gone)
    }
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
