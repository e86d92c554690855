use super::Service;
use crate::error::Result;
use crate::{convert, proto};

pub(super) async fn handle(service: &Service) -> Result<proto::GetDataVersionResponse> {
    service.readiness.require().await?;
    let (data_version, changed_at) = service.versions.current().await?;
    Ok(proto::GetDataVersionResponse { data_version, changed_at: Some(convert::timestamp(changed_at)) })
}
