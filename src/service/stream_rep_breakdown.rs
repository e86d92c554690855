use super::status::to_status;
use super::{Messages, Place as Turn, Service, size};
use crate::convert::{self, Fingerprint, ResumeToken, Shape, Violations, bounded};
use crate::engine::{Place, Question, Row, Scope};
use crate::error::{Error, Result};
use crate::proto;
use crate::proto::stream_rep_breakdown_response::Frame;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tracing::Instrument;

const DEFAULT_BATCH: usize = 1000;
const MAX_BATCH: usize = 10_000;

/// Messages that wait for a slow caller, and pages of the engine that wait for them.
const MESSAGES_AHEAD: usize = 2;
const PAGES_AHEAD: usize = 1;

type Message = Result<proto::StreamRepBreakdownResponse, Status>;

pub(super) async fn handle(
    service: &Service,
    scope: Scope,
    request: proto::StreamRepBreakdownRequest,
) -> Result<Messages<proto::StreamRepBreakdownResponse>> {
    let mut violations = Violations::default();
    let context = service.context(scope);
    let query = request.query.as_ref();
    let question = convert::question(query, "query", Shape::ByRep, &context, &mut violations);
    let language = convert::query_language(query, "query", &mut violations);
    let batch_rows = bounded(request.batch_rows, DEFAULT_BATCH, MAX_BATCH, "batch_rows", &mut violations);
    let ((question, language), batch_rows) = violations.finish(question.zip(language).zip(batch_rows))?;
    let fingerprint = Fingerprint::of(&question, language);
    let token = match request.resume_token.as_str() {
        "" => None,
        token => Some(ResumeToken::decode(token, &question, &fingerprint, "resume_token")?),
    };
    service.readiness.require().await?;
    let turn = service.places.take().await?;
    let (version, _) = service.versions.current().await?;
    if token.as_ref().is_some_and(|token| token.data_version != version) {
        return Err(Error::DataChanged);
    }
    let header = convert::header(&question, language, &version, service.clock.now());
    let after = token.map(ResumeToken::into_place);
    let (out, messages) = mpsc::channel(MESSAGES_AHEAD);
    let batches = Batches::new(fingerprint, version, batch_rows, after.as_ref());
    let stream = Stream { service: service.clone(), question, after, batches, out, _turn: turn };
    Ok(Messages::new(messages, stream.run(header)))
}

/// A stream under way.
struct Stream {
    service: Service,
    question: Question,
    after: Option<Place>,
    batches: Batches,
    out: mpsc::Sender<Message>,
    _turn: Turn,
}

/// Nobody receives any more.
struct Gone;

impl Stream {
    async fn run(mut self, header: proto::ResultHeader) {
        if let Ok(Err(error)) = self.send_all(header).await {
            self.service.meters.failed(&error);
            let _ = self.out.send(Err(to_status(error, "StreamRepBreakdown"))).await;
        }
    }

    async fn send_all(&mut self, header: proto::ResultHeader) -> Result<Result<()>, Gone> {
        self.send(Frame::Header(header)).await?;
        let (pages, mut page) = mpsc::channel(PAGES_AHEAD);
        let (engine, question, after) = (self.service.engine.clone(), self.question.clone(), self.after.clone());
        let work = async move { engine.breakdown(&question, after.as_ref(), pages).await };
        let totals = AbortOnDropHandle::new(tokio::spawn(work.in_current_span()));
        let mut checked = self.after.is_none();
        loop {
            let next = tokio::select! {
                next = page.recv() => next,
                () = self.out.closed() => return Err(Gone),
            };
            if !checked && let Err(error) = self.same_data().await {
                return Ok(Err(error));
            }
            checked = true;
            let Some(rows) = next else { break };
            for row in rows {
                if let Some(batch) = self.batches.push(row) {
                    self.send(Frame::Batch(batch)).await?;
                }
            }
        }
        let totals = match totals.await {
            Ok(Ok(totals)) => totals,
            Ok(Err(error)) => return Ok(Err(error)),
            Err(failure) => return Ok(Err(Error::Internal(failure.to_string()))),
        };
        if let Some(batch) = self.batches.flush() {
            self.send(Frame::Batch(batch)).await?;
        }
        let summary = self.batches.summary(totals);
        self.send(Frame::Summary(summary)).await?;
        Ok(Ok(()))
    }

    /// What is resumed must be read from the data that it began with. Asked once the snapshot is open.
    async fn same_data(&self) -> Result<()> {
        match self.service.versions.current().await {
            Ok((version, _)) if version == self.batches.version => Ok(()),
            Ok(_) => Err(Error::DataChanged),
            Err(error) => Err(error),
        }
    }

    async fn send(&self, frame: Frame) -> Result<(), Gone> {
        let message = proto::StreamRepBreakdownResponse { frame: Some(frame) };
        self.out.send(Ok(message)).await.map_err(|_| Gone)
    }
}

/// Gathers rows into batches.
struct Batches {
    fingerprint: Fingerprint,
    version: String,
    batch_rows: usize,
    rows: Vec<proto::ResultRow>,
    bytes: usize,
    /// The last row's place.
    place: Option<Place>,
}

impl Batches {
    fn new(fingerprint: Fingerprint, version: String, batch_rows: usize, after: Option<&Place>) -> Self {
        Self { fingerprint, version, batch_rows, rows: Vec::new(), bytes: 0, place: after.cloned() }
    }

    /// Adds a row; returns the batch before it where the row does not fit, or the batch that it fills.
    fn push(&mut self, row: Row) -> Option<proto::RowBatch> {
        let place = Place {
            keys: row.keys.iter().map(|key| key.id.clone()).collect(),
            bucket: row.bucket.unwrap_or(0),
            rows: self.row_count() + 1,
        };
        let row = convert::row(row);
        let bytes = size::in_message(&row);
        let before = if self.bytes + bytes > size::MAX_MESSAGE { self.flush() } else { None };
        self.rows.push(row);
        self.bytes += bytes;
        self.place = Some(place);
        match before {
            None if self.rows.len() >= self.batch_rows => self.flush(),
            before => before,
        }
    }

    /// The rows that wait, if any.
    fn flush(&mut self) -> Option<proto::RowBatch> {
        self.bytes = 0;
        let rows = std::mem::take(&mut self.rows);
        let place = self.place.clone().filter(|_| !rows.is_empty())?;
        Some(proto::RowBatch { rows, resume_token: ResumeToken::new(&self.fingerprint, &self.version, place).encode() })
    }

    fn row_count(&self) -> u64 {
        self.place.as_ref().map_or(0, |place| place.rows)
    }

    fn summary(&self, totals: Vec<Row>) -> proto::Summary {
        proto::Summary {
            totals: totals.into_iter().map(convert::row).collect(),
            row_count: i64::try_from(self.row_count()).unwrap_or(i64::MAX),
        }
    }
}
