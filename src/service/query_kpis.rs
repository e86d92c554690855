use super::{Caller, Service, query};
use crate::convert::Violations;
use crate::error::{Error, Result};
use crate::proto::{self, Encoded};

pub(super) async fn handle(
    service: &Service,
    caller: Caller,
    request: proto::QueryKpisRequest,
) -> Result<Encoded<proto::QueryKpisResponse>> {
    let mut violations = Violations::default();
    let prepared = query::prepare(service, request, "", &service.context(caller.scope.clone()), &mut violations);
    let prepared = violations.finish(prepared)?;
    let mut responses = query::answer(service, &caller, vec![prepared]).await?;
    responses.pop().ok_or_else(|| Error::Internal("a query was not answered".into()))
}
