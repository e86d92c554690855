use super::apart::apart;
use super::{Caller, Service};
use crate::convert::{Fingerprint, ValueToken, Violations, bounded, key, named_dimension, without_nul};
use crate::error::Result;
use crate::proto;

const DEFAULT_PAGE: usize = 1000;
const MAX_PAGE: usize = 10_000;

pub(super) async fn handle(
    service: &Service,
    caller: Caller,
    request: proto::ListDimensionValuesRequest,
) -> Result<proto::ListDimensionValuesResponse> {
    let mut violations = Violations::default();
    let dimension = named_dimension(&request.dimension, "dimension", &mut violations);
    let size = bounded(request.page_size, DEFAULT_PAGE, MAX_PAGE, "page_size", &mut violations);
    let search = without_nul(request.search, "search", &mut violations);
    let (dimension, size, search) = violations.finish(dimension.zip(size).zip(search).map(|((d, n), s)| (d, n, s)))?;
    let fingerprint = Fingerprint::of_values(dimension.id(), &search, &caller.scope);
    let after = match request.page_token.as_str() {
        "" => String::new(),
        token => ValueToken::decode(token, &fingerprint, "page_token")?.after,
    };
    service.readiness.require().await?;
    let place = service.places.take(caller.account()).await?;
    // One more than a page, to know whether there is another one.
    let limit = size as u64 + 1;
    let (engine, scope) = (service.engine.clone(), caller.scope.clone());
    let mut values = apart(async move {
        let _place = place;
        engine.dimension_values(&scope, dimension, &search, &after, limit).await
    })
    .await?;
    let more = values.len() > size;
    values.truncate(size);
    let next_page_token = match values.last() {
        Some(last) if more => ValueToken::new(&fingerprint, &last.id).encode(),
        _ => String::new(),
    };
    Ok(proto::ListDimensionValuesResponse { values: values.into_iter().map(key).collect(), next_page_token })
}
