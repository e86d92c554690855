use super::apart::apart;
use super::queries::Query;
use super::status::to_status;
use super::{Caller, Messages, Permit, Service, size};
use crate::convert::{self, Fingerprint, ResumeToken, Shape, Violations, bounded};
use crate::engine::{Position, Row};
use crate::error::{Error, Result};
use crate::memory::{Held, Lease};
use crate::proto::fields::row_batch::ROWS;
use crate::proto::fields::stream_rep_breakdown_response::{BATCH, HEADER, SUMMARY};
use crate::proto::fields::summary::TOTALS;
use crate::proto::{self, Encoded};
use bytes::Bytes;
use prost::Message as _;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tracing::Instrument;

const DEFAULT_BATCH: usize = 1000;
const MAX_BATCH: usize = 10_000;

/// Messages that wait for a slow caller, and pages of the engine that wait for them.
const MESSAGES_AHEAD: usize = 2;
const PAGES_AHEAD: usize = 1;

type Message = Encoded<proto::StreamRepBreakdownResponse>;

pub(super) async fn handle(
    service: &Service,
    caller: Caller,
    request: proto::StreamRepBreakdownRequest,
) -> Result<Messages<Message>> {
    let mut violations = Violations::default();
    let context = service.context(caller.scope.clone());
    let query = request.query.as_ref();
    let query = service.queries.understand(query, "query", Shape::ByRep, &context, &mut violations);
    let batch_rows = bounded(request.batch_rows, DEFAULT_BATCH, MAX_BATCH, "batch_rows", &mut violations);
    let (query, batch_rows) = violations.finish(query.zip(batch_rows))?;
    let token = match request.resume_token.as_str() {
        "" => None,
        token => Some(ResumeToken::decode(token, &query.question, &query.fingerprint, "resume_token")?),
    };
    service.readiness.require().await?;
    let turn = service.places.take(caller.account()).await?;
    let now = service.versions.current().await?;
    let version = now.of(query.tables.iter().copied());
    if token.as_ref().is_some_and(|token| token.data_version != version) {
        return Err(Error::DataChanged);
    }
    let header = convert::header(&query.question, query.language, &now.whole(), service.clock.now());
    let after = token.map(ResumeToken::into_position);
    let (out, messages) = mpsc::channel(MESSAGES_AHEAD);
    let lease = service.memory.lease();
    let batches = Batches::new(query.fingerprint.clone(), version, batch_rows, after.as_ref(), &lease);
    let stream = Stream { service: service.clone(), query, after, batches, out: out.clone(), turn: Arc::new(turn) };
    let panicked = service.panicked("StreamRepBreakdown");
    Ok(Messages::new(out, messages, stream.run(header), panicked))
}

/// A stream under way.
struct Stream {
    service: Service,
    query: Arc<Query>,
    after: Option<Position>,
    batches: Batches,
    out: mpsc::Sender<Result<Message, Status>>,
    /// The work has it too: it may end later than the stream.
    turn: Arc<Permit>,
}

/// Nobody receives any more.
struct Gone;

impl Stream {
    async fn run(mut self, header: proto::ResultHeader) {
        if let Ok(Err(error)) = self.send_all(header).await {
            self.service.meters.failed(&error);
            let _ = self.out.send(Err(to_status(error, "StreamRepBreakdown", self.service.status_bytes))).await;
        }
    }

    async fn send_all(&mut self, header: proto::ResultHeader) -> Result<Result<()>, Gone> {
        self.send(HEADER, vec![header.encode_to_vec().into()]).await?;
        let (pages, mut page) = mpsc::channel(PAGES_AHEAD);
        let (engine, query, after) = (self.service.engine.clone(), self.query.clone(), self.after.clone());
        let turn = self.turn.clone();
        let work = apart(async move {
            let _turn = turn;
            engine.breakdown(&query.question, after.as_ref(), pages).await
        });
        let totals = AbortOnDropHandle::new(tokio::spawn(work.in_current_span()));
        let mut checked = self.after.is_none();
        let mut first = true;
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
                match self.batches.push(row) {
                    Ok(Some(batch)) => self.send(BATCH, batch).await?,
                    Ok(None) => {}
                    Err(error) => return Ok(Err(error)),
                }
            }
            // The first rows leave at once, whatever a batch may hold.
            if std::mem::take(&mut first)
                && let Err(error) = self.flush().await?
            {
                return Ok(Err(error));
            }
        }
        let totals = match totals.await {
            Ok(Ok(totals)) => totals,
            Ok(Err(error)) => return Ok(Err(error)),
            Err(failure) => return Ok(Err(Error::Internal(failure.to_string()))),
        };
        if let Err(error) = self.flush().await? {
            return Ok(Err(error));
        }
        self.send(SUMMARY, vec![self.batches.summary(&totals)]).await?;
        Ok(Ok(()))
    }

    /// What is resumed must be read from the data that it began with. Asked once the snapshot is open.
    async fn same_data(&self) -> Result<()> {
        let now = self.service.versions.confirmed().await?;
        let same = now.of(self.query.tables.iter().copied()) == self.batches.version;
        if same { Ok(()) } else { Err(Error::DataChanged) }
    }

    /// Sends the rows that wait, if any.
    async fn flush(&mut self) -> Result<Result<()>, Gone> {
        match self.batches.flush() {
            Ok(Some(batch)) => self.send(BATCH, batch).await.map(Ok),
            Ok(None) => Ok(Ok(())),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Sends a frame: its field in the contract and its parts.
    async fn send(&self, field: u32, parts: Vec<Bytes>) -> Result<(), Gone> {
        self.out.send(Ok(Encoded::nested(field, parts))).await.map_err(|_| Gone)
    }
}

/// Gathers rows into batches.
struct Batches {
    fingerprint: Fingerprint,
    version: String,
    batch_rows: usize,
    /// The rows that wait, encoded, the memory that they take, and how many there are.
    rows: Vec<u8>,
    held: Held,
    room: usize,
    count: usize,
    /// The last row's place.
    place: Option<Position>,
}

impl Batches {
    fn new(
        fingerprint: Fingerprint,
        version: String,
        batch_rows: usize,
        after: Option<&Position>,
        lease: &Lease,
    ) -> Self {
        let (rows, held) = (Vec::new(), lease.hold());
        Self { fingerprint, version, batch_rows, rows, held, room: 0, count: 0, place: after.cloned() }
    }

    /// Adds a row; returns the batch before it where the row does not fit, or the batch that it fills.
    fn push(&mut self, row: Row) -> Result<Option<Vec<Bytes>>> {
        let before = self.rows.len();
        convert::put_row(&mut self.rows, ROWS, &row);
        self.hold()?;
        let full = match self.rows.len() > size::MAX_MESSAGE && self.count > 0 {
            true => {
                let this = self.rows.split_off(before);
                let full = self.flush()?;
                self.rows = this;
                self.hold()?;
                full
            }
            false => None,
        };
        self.count += 1;
        self.place = Some(Position {
            rows: self.row_count() + 1,
            bucket: row.bucket.unwrap_or(0),
            keys: row.keys.into_iter().map(|key| key.id).collect(),
        });
        match full {
            None if self.count >= self.batch_rows => self.flush(),
            full => Ok(full),
        }
    }

    /// Takes the memory that the rows have.
    fn hold(&mut self) -> Result<()> {
        let room = self.rows.capacity();
        self.held.grow(room.saturating_sub(self.room))?;
        self.room = self.room.max(room);
        Ok(())
    }

    /// The rows that wait, if any.
    fn flush(&mut self) -> Result<Option<Vec<Bytes>>> {
        let count = std::mem::take(&mut self.count);
        let Some(place) = self.place.clone().filter(|_| count > 0) else { return Ok(None) };
        let mut next = self.held.lease().hold();
        next.grow(self.rows.len())?;
        self.room = self.rows.len();
        let rows = std::mem::replace(&mut self.rows, Vec::with_capacity(self.room));
        let rows = std::mem::replace(&mut self.held, next).into_bytes(rows);
        let resume_token = ResumeToken::new(&self.fingerprint, &self.version, place).encode();
        let tail = proto::RowBatch { resume_token, ..Default::default() };
        Ok(Some(vec![rows, tail.encode_to_vec().into()]))
    }

    fn row_count(&self) -> u64 {
        self.place.as_ref().map_or(0, |place| place.rows)
    }

    fn summary(&self, totals: &[Row]) -> Bytes {
        let mut summary = Vec::new();
        totals.iter().for_each(|row| convert::put_row(&mut summary, TOTALS, row));
        let row_count = i64::try_from(self.row_count()).unwrap_or(i64::MAX);
        summary.extend(proto::Summary { row_count, ..Default::default() }.encode_to_vec());
        summary.into()
    }
}
