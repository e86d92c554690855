use super::apart::apart;
use super::status::to_status;
use super::{Caller, Messages, Place, Service, size};
use crate::convert::{self, Violations};
use crate::error::{Error, Result};
use crate::proto;
use crate::proto::check_data_quality_response::Frame;
use crate::quality::{Finding, Inspection, News, Rule, Severity};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tracing::Instrument;

/// Messages that wait for a slow caller, and pages of findings that wait for them.
const MESSAGES_AHEAD: usize = 2;
const PAGES_AHEAD: usize = 1;

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
    let place = service.places.take(caller.account()).await?;
    let version = service.versions.current().await?;
    let header = convert::inspection_header(&inspection, &version.whole());
    let (out, messages) = mpsc::channel(MESSAGES_AHEAD);
    let stream = Stream { service: service.clone(), out: out.clone(), place: Arc::new(place) };
    let panicked = service.panicked("CheckDataQuality");
    Ok(Messages::new(out, messages, stream.run(inspection, header), panicked))
}

/// A stream under way.
struct Stream {
    service: Service,
    out: mpsc::Sender<Message>,
    /// The work has it too: it may end later than the stream.
    place: Arc<Place>,
}

/// Nobody receives any more.
struct Gone;

impl Stream {
    async fn run(self, inspection: Inspection, header: proto::DataQualityHeader) {
        if let Ok(Err(error)) = self.send_all(inspection, header).await {
            self.service.meters.failed(&error);
            let _ = self.out.send(Err(to_status(error, "CheckDataQuality", self.service.status_bytes))).await;
        }
    }

    async fn send_all(&self, inspection: Inspection, header: proto::DataQualityHeader) -> Result<Result<()>, Gone> {
        self.send(Frame::Header(header)).await?;
        let (sender, mut news) = mpsc::channel(PAGES_AHEAD);
        let quality = self.service.quality.clone();
        let place = self.place.clone();
        let work = apart(async move {
            let _place = place;
            quality.inspect(&inspection, &sender).await
        });
        let inspecting = AbortOnDropHandle::new(tokio::spawn(work.in_current_span()));
        let mut summary = proto::DataQualitySummary::default();
        loop {
            let next = tokio::select! {
                next = news.recv() => next,
                () = self.out.closed() => return Err(Gone),
            };
            match next {
                Some(News::Findings(rule, findings)) => {
                    for batch in batches(rule, findings) {
                        self.send(Frame::Batch(batch)).await?;
                    }
                }
                Some(News::Done { rule, count, listed }) => {
                    let [count, listed] = [count, listed].map(|count| i64::try_from(count).unwrap_or(i64::MAX));
                    add(&mut summary, rule, count, listed);
                    self.send(Frame::RuleSummary(proto::RuleSummary { rule_id: rule.id.into(), count, listed }))
                        .await?;
                }
                None => break,
            }
        }
        match inspecting.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Ok(Err(error)),
            Err(failure) => return Ok(Err(Error::Internal(failure.to_string()))),
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
fn batches(rule: &Rule, findings: Vec<Finding>) -> Vec<proto::FindingBatch> {
    let mut batches = Vec::new();
    let mut batch = proto::FindingBatch { rule_id: rule.id.into(), findings: Vec::new() };
    let mut bytes = 0;
    for finding in findings.into_iter().map(convert::finding) {
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
