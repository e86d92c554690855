use super::Service;
use crate::error::Result;
use crate::{convert, proto};

pub(super) async fn handle(service: &Service) -> Result<proto::GetDataVersionResponse> {
    service.readiness.require().await?;
    let version = service.versions.current().await?;
    let changed_at = Some(convert::timestamp(version.changed_at()));
    Ok(proto::GetDataVersionResponse { data_version: version.whole(), changed_at })
}
