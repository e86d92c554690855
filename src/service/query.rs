//! What QueryKpis and BatchQueryKpis have in common.

use super::answers::Together;
use super::apart::apart;
use super::encoded_answer::{Cut, EncodedAnswer, Encoder};
use super::queries::Query;
use super::{Caller, Permit, Service, size};
use crate::convert::{self, Context, PageToken, Shape, Violations, bounded};
use crate::database::DataVersion;
use crate::engine::{Question, Row};
use crate::error::{Error, Result};
use crate::memory::Lease;
use crate::proto::{self, Encoded};
use futures::FutureExt;
use prost::Message;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// A request that can be answered.
pub(super) struct Prepared {
    query: Arc<Query>,
    /// The request's page token and its field.
    token: Option<(String, String)>,
    page_size: usize,
    known_etag: String,
    validate_only: bool,
}

/// Reads a request whose fields are at `path` (empty, or with a dot at its end).
pub(super) fn prepare(
    service: &Service,
    request: proto::QueryKpisRequest,
    path: &str,
    context: &Context,
    violations: &mut Violations,
) -> Option<Prepared> {
    let query_path = format!("{path}query");
    let query = service.queries.understand(request.query.as_ref(), &query_path, Shape::Free, context, violations);
    let field = format!("{path}page_size");
    let page_size = bounded(request.page_size, size::MAX_PAGE, size::MAX_PAGE, &field, violations);
    Some(Prepared {
        query: query?,
        token: (!request.page_token.is_empty()).then(|| (request.page_token, format!("{path}page_token"))),
        page_size: page_size?,
        known_etag: request.known_etag,
        validate_only: request.validate_only,
    })
}

/// Where a request's page begins, in one version of the data.
struct Page {
    request: Prepared,
    /// The version of the tables that it is of.
    version: String,
    etag: String,
    /// Rows on the pages before; none: it is the first page.
    skip: Option<usize>,
    /// The tables do not tell of changes: only what is kept of the pages before belongs to them.
    kept_only: bool,
}

impl Page {
    fn new(mut request: Prepared, token: Option<PageToken>, now: &DataVersion) -> Result<Self> {
        request.query = request.query.seen_before(token.as_ref().and_then(|token| token.seen));
        let tables = &request.query.tables;
        let current = now.of(tables.iter().copied());
        let other = token.as_ref().is_some_and(|token| token.data_version != current);
        if other && now.watches(tables.iter().copied()) {
            return Err(Error::DataChanged);
        }
        let (version, skip) = match token {
            Some(token) => (token.data_version, Some(token.rows)),
            None => (current, None),
        };
        let etag = request.query.fingerprint.etag(&version);
        Ok(Self { request, version, etag, skip, kept_only: other })
    }

    fn not_modified(&self) -> bool {
        self.skip.is_none() && self.request.known_etag == self.etag
    }

    fn needs_data(&self) -> bool {
        !self.request.validate_only && !self.not_modified()
    }

    fn tables(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.request.query.tables.iter().copied()
    }

    /// The place of its first row.
    fn first(&self) -> usize {
        self.skip.unwrap_or_default()
    }

    /// Whether the tables have not changed, as far as `now` knows.
    fn holds(&self, now: &DataVersion) -> bool {
        now.of(self.tables()) == self.version
    }
}

/// Answers requests from one snapshot, in their order.
pub(super) async fn answer(
    service: &Service,
    caller: &Caller,
    requests: Vec<Prepared>,
) -> Result<Vec<Encoded<proto::QueryKpisResponse>>> {
    let tokens: Vec<_> = requests.iter().map(page_token).collect::<Result<_>>()?;
    service.readiness.require().await?;
    let version = service.versions.current().await?;
    let pages = requests.into_iter().zip(tokens).map(|(request, token)| Page::new(request, token, &version));
    let pages: Vec<Page> = pages.collect::<Result<_>>()?;
    let asked: Vec<&Page> = pages.iter().filter(|page| page.needs_data()).collect();
    // Boxed: it takes no room where nothing is asked.
    let answers = if asked.is_empty() { Arc::default() } else { answers(service, caller, &asked).boxed().await? };
    service.meters.unchanged.inc_by(pages.iter().filter(|page| page.not_modified()).count() as u64);
    let budget = size::MAX_MESSAGE / pages.len().max(1);
    let mut answers = answers.iter();
    let responses = pages.iter().map(|page| {
        if page.needs_data() {
            let answer = answers.next().ok_or_else(|| Error::Internal("an answer is missing".into()))?;
            return page.of(answer, &version.whole(), budget);
        }
        Ok(page.without_data(service, &version))
    });
    responses.collect()
}

/// The answers to what the pages ask, kept or read.
async fn answers(service: &Service, caller: &Caller, pages: &[&Page]) -> Result<Together> {
    let etags: Vec<&str> = pages.iter().map(|page| page.etag.as_str()).collect();
    if pages.iter().any(|page| page.kept_only) {
        return service.answers.get(&etags).await.ok_or(Error::DataChanged);
    }
    let account = caller.account();
    let place = || service.places.take(account);
    // What is too large to be kept is encoded for its page only.
    let asked: Vec<String> = pages.iter().map(|page| format!("{}@{}", page.etag, page.first())).collect();
    service
        .answers
        .get_or_ask(account, (&etags, &asked.join(" ")), place, |place| read(service, place, pages).boxed())
        .await
}

/// Reads the answers from one snapshot, and keeps those that are exactly of the version that they were asked for.
async fn read(service: &Service, place: Permit, pages: &[&Page]) -> Result<Together> {
    let answers = read_within_memory(service, place, pages).await?;
    // What was committed before the snapshot began is in it, and in the version from here on.
    let continues = pages.iter().any(|page| page.skip.is_some());
    if service.answers.keeps() || continues {
        let now = service.versions.confirmed().await?;
        for (page, answer) in pages.iter().zip(answers.iter()) {
            let watched = now.watches(page.tables());
            if watched && !page.holds(&now) {
                // A page belongs to those before it only if nothing was committed between them.
                if page.skip.is_some() {
                    return Err(Error::DataChanged);
                }
                continue;
            }
            if answer.is_whole() {
                service.answers.keep(&page.etag, answer.clone()).await;
            }
        }
    }
    Ok(answers)
}

/// Reads and encodes the answers. Waits for as much memory as they took the last time; where there is no more while they are
/// worked out, everything is given back, kept answers make room, and they are read once more when twice of what they had is
/// free.
async fn read_within_memory(service: &Service, place: Permit, pages: &[&Page]) -> Result<Together> {
    let until = Instant::now() + service.patience;
    let (memory, place) = (&service.memory, Arc::new(place));
    let asked: Arc<[Asked]> = pages.iter().map(|page| (page.request.query.clone(), page.first())).collect();
    let took = asked.iter().map(|(query, _)| query.took.load(Ordering::Relaxed)).max();
    let mut lease = memory.wait(took.unwrap_or_default().min(memory.most()), service.patience).await?;
    let mut again = true;
    loop {
        let (place, service_of, asked_of, lease_of) = (place.clone(), service.clone(), asked.clone(), lease.clone());
        let work = apart(async move {
            // Until the work has ended, even if its caller has gone.
            let _place = place;
            read_once(&service_of, &asked_of, &lease_of).await
        });
        let error = match work.await {
            Ok(answers) => {
                asked.iter().for_each(|(query, _)| query.took.store(lease.peak(), Ordering::Relaxed));
                return Ok(answers);
            }
            Err(error) => error,
        };
        let more = lease.peak().saturating_mul(2).min(memory.most());
        drop(lease);
        match error {
            Error::MemoryLimit { .. } if again => {
                again = false;
                service.answers.make_room().await;
                lease = memory.wait(more, until.saturating_duration_since(Instant::now())).await?;
            }
            error => return Err(error),
        }
    }
}

/// A query, and the row that its page begins with.
type Asked = (Arc<Query>, usize);

/// Reads and encodes the answers to queries, or their pages that begin at some row, within a lease.
async fn read_once(service: &Service, asked: &[Asked], lease: &Lease) -> Result<Together> {
    let as_of = service.clock.now();
    let questions: Vec<&Question> = asked.iter().map(|(query, _)| &query.question).collect();
    let most = service.answers.most();
    let encoders = || asked.iter().map(|(_, first)| Encoder::new(*first, most, service.memory.lease())).collect();
    let answers = service.engine.answer_into(&questions, lease, encoders).await?;
    let finish = |((query, _), (encoder, totals)): (&Asked, (Encoder, Vec<Row>))| {
        encoder.finish(query, &totals, as_of).map(Arc::new)
    };
    asked.iter().zip(answers).map(finish).collect()
}

fn page_token(request: &Prepared) -> Result<Option<PageToken>> {
    let token = request.token.as_ref();
    token.map(|(text, field)| PageToken::decode(text, &request.query.fingerprint, field)).transpose()
}

impl Page {
    /// The page of an answer, cut to its rows and to about so many bytes.
    fn of(&self, answer: &EncodedAnswer, whole: &str, budget: usize) -> Result<Encoded<proto::QueryKpisResponse>> {
        let page = answer.page(whole, Cut { skip: self.skip, rows: self.request.page_size, bytes: budget });
        let page = page.ok_or_else(|| Error::Internal("a page is missing".into()))?;
        let next_page_token = match page.is_last {
            true => String::new(),
            false => PageToken::new(&self.request.query.fingerprint, &self.version, page.shown).encode(),
        };
        let tail = proto::QueryKpisResponse { next_page_token, etag: self.etag.clone(), ..Default::default() };
        let mut parts = page.parts;
        parts.push(tail.encode_to_vec().into());
        Ok(Encoded::of_parts(parts))
    }

    /// What is answered without the data.
    fn without_data(&self, service: &Service, version: &DataVersion) -> Encoded<proto::QueryKpisResponse> {
        let Prepared { query, validate_only, .. } = &self.request;
        let header = || convert::header(&query.question, query.language, &version.whole(), service.clock.now());
        let header = validate_only.then(header);
        let not_modified = !validate_only;
        Encoded::new(&proto::QueryKpisResponse { header, etag: self.etag.clone(), not_modified, ..Default::default() })
    }
}
