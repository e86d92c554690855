use super::{Caller, Service, query};
use crate::convert::Violations;
use crate::error::Result;
use crate::proto::fields::batch_query_kpis_response::RESPONSES;
use crate::proto::{self, Encoded, push_message};

const MAX_REQUESTS: usize = 50;

pub(super) async fn handle(
    service: &Service,
    caller: Caller,
    request: proto::BatchQueryKpisRequest,
) -> Result<Encoded<proto::BatchQueryKpisResponse>> {
    let mut violations = Violations::default();
    let count = request.requests.len();
    if !(1..=MAX_REQUESTS).contains(&count) {
        violations.invalid("requests", format!("has {count} requests, expected 1 to {MAX_REQUESTS}"));
    }
    let context = service.context(caller.scope.clone());
    let prepared: Vec<_> = request
        .requests
        .into_iter()
        .take(MAX_REQUESTS)
        .enumerate()
        .map(|(i, request)| query::prepare(service, request, &format!("requests[{i}]."), &context, &mut violations))
        .collect();
    let prepared = violations.finish(prepared.into_iter().collect())?;
    let mut parts = Vec::new();
    for response in query::answer(service, &caller, prepared).await? {
        push_message(&mut parts, RESPONSES, response.into_parts());
    }
    Ok(Encoded::of_parts(parts))
}
