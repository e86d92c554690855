use super::apart::apart;
use super::messages::Out;
use super::queries::Query;
use super::rep_batches::Batches;
use super::{Caller, Messages, Permit, Service};
use crate::convert::{self, ResumeToken, Shape, Violations, bounded};
use crate::engine::Position;
use crate::error::{Error, Result};
use crate::proto::fields::stream_rep_breakdown_response::{BATCH, HEADER, SUMMARY};
use crate::proto::{self, Encoded};
use prost::Message as _;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument;

const DEFAULT_BATCH: usize = 1000;
const MAX_BATCH: usize = 10_000;

/// Pages of the engine that wait for messages to leave.
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
    let query = query.seen_before(token.as_ref().and_then(|token| token.seen));
    service.readiness.require().await?;
    let turn = service.places.take(caller.account()).await?;
    let now = service.versions.current().await?;
    let version = now.of(query.tables.iter().copied());
    if token.as_ref().is_some_and(|token| token.data_version != version) {
        return Err(Error::DataChanged);
    }
    let header = convert::header(&query.question, query.language, &now.whole(), service.clock.now());
    let after = token.map(ResumeToken::into_position);
    let lease = service.memory.lease();
    let batches = Batches::new(query.fingerprint.clone(), version, batch_rows, after.as_ref(), &lease);
    let breakdown = Breakdown { service: service.clone(), query, after, batches, turn: Arc::new(turn) };
    let header = Encoded::nested(HEADER, vec![header.encode_to_vec().into()]);
    Ok(service.stream("StreamRepBreakdown", header, |out| breakdown.send(out)))
}

/// A breakdown under way.
struct Breakdown {
    service: Service,
    query: Arc<Query>,
    after: Option<Position>,
    batches: Batches,
    /// The work has it too: it may end later than the stream.
    turn: Arc<Permit>,
}

impl Breakdown {
    /// Sends the batches, and returns the summary.
    async fn send(mut self, out: Out<Message>) -> Result<Message> {
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
            let next = page.recv().await;
            if !std::mem::replace(&mut checked, true) {
                self.same_data().await?;
            }
            let Some(rows) = next else { break };
            for row in rows {
                if let Some(batch) = self.batches.push(row)? {
                    out.send(Encoded::nested(BATCH, batch)).await;
                }
            }
            // The first rows leave at once, whatever a batch may hold.
            if std::mem::take(&mut first) {
                self.flush(&out).await?;
            }
        }
        let totals = totals.await.map_err(|failure| Error::Internal(failure.to_string()))??;
        self.flush(&out).await?;
        Ok(Encoded::nested(SUMMARY, vec![self.batches.summary(&totals)]))
    }

    /// What is resumed must be read from the data that it began with. Asked once the snapshot is open.
    async fn same_data(&self) -> Result<()> {
        let now = self.service.versions.confirmed().await?;
        let same = now.of(self.query.tables.iter().copied()) == self.batches.version;
        if same { Ok(()) } else { Err(Error::DataChanged) }
    }

    /// Sends the rows that wait, if any.
    async fn flush(&mut self, out: &Out<Message>) -> Result<()> {
        if let Some(batch) = self.batches.flush()? {
            out.send(Encoded::nested(BATCH, batch)).await;
        }
        Ok(())
    }
}
