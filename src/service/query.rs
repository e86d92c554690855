//! What QueryKpis and BatchQueryKpis have in common.

use super::{Service, size};
use crate::convert::{self, Context, Fingerprint, PageToken, Shape, Violations, bounded};
use crate::engine::{Answer, Question};
use crate::error::{Error, Result};
use crate::names::Language;
use crate::proto;
use chrono::{DateTime, Utc};
use prost::Message;

const MAX_PAGE: usize = 10_000;

/// A request that can be answered.
pub(super) struct Prepared {
    question: Question,
    language: Language,
    fingerprint: Fingerprint,
    /// The request's page token and its field.
    token: Option<(String, String)>,
    page_size: usize,
    known_etag: String,
    validate_only: bool,
}

/// Reads a request whose fields are at `path` (empty, or with a dot at its end).
pub(super) fn prepare(
    request: proto::QueryKpisRequest,
    path: &str,
    context: &Context,
    violations: &mut Violations,
) -> Option<Prepared> {
    let query = request.query.as_ref();
    let query_path = format!("{path}query");
    let question = convert::question(query, &query_path, Shape::Free, context, violations);
    let language = convert::query_language(query, &query_path, violations);
    let field = format!("{path}page_size");
    let page_size = bounded(request.page_size, MAX_PAGE, MAX_PAGE, &field, violations);
    let (question, language) = question.zip(language)?;
    Some(Prepared {
        fingerprint: Fingerprint::of(&question, language),
        question,
        language,
        token: (!request.page_token.is_empty()).then(|| (request.page_token, format!("{path}page_token"))),
        page_size: page_size?,
        known_etag: request.known_etag,
        validate_only: request.validate_only,
    })
}

/// Where a request's page begins, in one version of the data.
struct Page {
    request: Prepared,
    etag: String,
    /// Rows on the pages before; none: it is the first page.
    skip: Option<usize>,
}

impl Page {
    fn not_modified(&self) -> bool {
        self.skip.is_none() && self.request.known_etag == self.etag
    }

    fn needs_data(&self) -> bool {
        !self.request.validate_only && !self.not_modified()
    }
}

/// Answers requests from one snapshot, in their order.
pub(super) async fn answer(service: &Service, requests: Vec<Prepared>) -> Result<Vec<proto::QueryKpisResponse>> {
    let tokens: Vec<_> = requests.iter().map(page_token).collect::<Result<_>>()?;
    service.readiness.require().await?;
    let (version, _) = service.versions.current().await?;
    let as_of = service.clock.now();
    let mut pages = Vec::with_capacity(requests.len());
    for (request, token) in requests.into_iter().zip(tokens) {
        if token.as_ref().is_some_and(|token| token.data_version != version) {
            return Err(Error::DataChanged);
        }
        let etag = request.fingerprint.etag(&version);
        pages.push(Page { request, etag, skip: token.map(|token| token.rows) });
    }
    let questions: Vec<_> =
        pages.iter().filter(|page| page.needs_data()).map(|page| page.request.question.clone()).collect();
    let mut answers = Vec::new();
    if !questions.is_empty() {
        let _place = service.places.take().await?;
        answers = service.engine.answer(&questions).await?;
    }
    // A page belongs to those before it only if nothing was committed before its snapshot began.
    if pages.iter().any(|page| page.skip.is_some()) && service.versions.current().await?.0 != version {
        return Err(Error::DataChanged);
    }
    service.meters.unchanged.inc_by(pages.iter().filter(|page| page.not_modified()).count() as u64);
    let budget = size::MAX_MESSAGE / pages.len().max(1);
    let mut answers = answers.into_iter();
    pages
        .into_iter()
        .map(|page| {
            let answer = match page.needs_data() {
                true => Some(answers.next().ok_or_else(|| Error::Internal("an answer is missing".into()))?),
                false => None,
            };
            Ok(respond(page, answer, &version, as_of, budget))
        })
        .collect()
}

fn page_token(request: &Prepared) -> Result<Option<PageToken>> {
    let token = request.token.as_ref();
    token.map(|(text, field)| PageToken::decode(text, &request.fingerprint, field)).transpose()
}

/// One page, cut to its rows and to about so many bytes.
fn respond(
    page: Page,
    answer: Option<Answer>,
    version: &str,
    as_of: DateTime<Utc>,
    budget: usize,
) -> proto::QueryKpisResponse {
    let not_modified = page.not_modified() && !page.request.validate_only;
    let Page { request, etag, skip } = page;
    let mut response = proto::QueryKpisResponse { etag, not_modified, ..Default::default() };
    if not_modified {
        return response;
    }
    response.header = Some(convert::header(&request.question, request.language, version, as_of));
    let Some(answer) = answer else { return response };
    if skip.is_none() {
        response.totals = answer.totals.into_iter().map(convert::row).collect();
    }
    let skipped = skip.unwrap_or(0);
    let count = answer.rows.len();
    let mut bytes = response.encoded_len();
    for row in answer.rows.into_iter().skip(skipped).take(request.page_size).map(convert::row) {
        bytes += size::in_message(&row);
        if bytes > budget && !response.rows.is_empty() {
            break;
        }
        response.rows.push(row);
    }
    let shown = skipped.saturating_add(response.rows.len());
    if shown < count {
        response.next_page_token = PageToken::new(&request.fingerprint, version, shown).encode();
    }
    response
}
