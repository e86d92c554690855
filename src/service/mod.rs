//! The RPCs, one file each: from the contract to the engine and back.

mod batch_query_kpis;
mod caller;
mod check_data_quality;
mod get_data_version;
mod list_dimension_values;
mod list_kpis;
mod query;
mod query_kpis;
mod readiness;
mod size;
mod status;
mod stream_rep_breakdown;

pub use caller::Caller;
pub use readiness::Readiness;
pub use status::{DOMAIN, Reason, to_status};

use crate::clock::SharedClock;
use crate::convert::Context;
use crate::database::DataVersions;
use crate::engine::{Engine, Scope};
use crate::error::{Error, Result};
use crate::proto;
use crate::proto::kpi_service_server::KpiService;
use crate::quality::Quality;
use iso_currency::Currency;
use std::sync::Arc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

/// What the RPCs work with. A clone is the same service.
#[derive(Clone)]
pub struct Service {
    /// Answers questions.
    pub engine: Engine,
    /// Checks the records.
    pub quality: Quality,
    /// Tells whether the data have changed.
    pub versions: Arc<DataVersions>,
    /// Tells whether the database can be asked.
    pub readiness: Arc<Readiness>,
    /// What relative periods are seen from.
    pub clock: SharedClock,
    /// The currency that amounts are answered in where a query does not filter by one.
    pub currency: Currency,
    /// Cancelled when the service stops: streams end.
    pub stopping: CancellationToken,
}

impl Service {
    /// What a caller's questions depend on.
    fn context(&self, scope: Scope) -> Context {
        Context { scope, now: self.clock.now(), currency: self.currency }
    }

    /// Runs work to its end even when the caller goes away: a statement that is dropped halfway leaves its connection
    /// unusable.
    async fn run_to_end<T: Send + 'static>(&self, work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
        tokio::spawn(work).await.unwrap_or_else(|failure| Err(Error::Internal(failure.to_string())))
    }
}

#[tonic::async_trait]
impl KpiService for Service {
    type CheckDataQualityStream = ReceiverStream<Result<proto::CheckDataQualityResponse, Status>>;
    type StreamRepBreakdownStream = ReceiverStream<Result<proto::StreamRepBreakdownResponse, Status>>;

    async fn list_kpis(
        &self,
        request: Request<proto::ListKpisRequest>,
    ) -> Result<Response<proto::ListKpisResponse>, Status> {
        list_kpis::handle(&request.into_inner()).map(Response::new).map_err(|error| to_status(error, "ListKpis"))
    }

    async fn list_dimension_values(
        &self,
        request: Request<proto::ListDimensionValuesRequest>,
    ) -> Result<Response<proto::ListDimensionValuesResponse>, Status> {
        let scope = caller::scope(&request).map_err(|error| to_status(error, "caller"))?;
        let answer = list_dimension_values::handle(self, scope, request.into_inner()).await;
        answer.map(Response::new).map_err(|error| to_status(error, "ListDimensionValues"))
    }

    async fn query_kpis(
        &self,
        request: Request<proto::QueryKpisRequest>,
    ) -> Result<Response<proto::QueryKpisResponse>, Status> {
        let scope = caller::scope(&request).map_err(|error| to_status(error, "caller"))?;
        let answer = query_kpis::handle(self, scope, request.into_inner()).await;
        answer.map(Response::new).map_err(|error| to_status(error, "QueryKpis"))
    }

    async fn batch_query_kpis(
        &self,
        request: Request<proto::BatchQueryKpisRequest>,
    ) -> Result<Response<proto::BatchQueryKpisResponse>, Status> {
        let scope = caller::scope(&request).map_err(|error| to_status(error, "caller"))?;
        let answer = batch_query_kpis::handle(self, scope, request.into_inner()).await;
        answer.map(Response::new).map_err(|error| to_status(error, "BatchQueryKpis"))
    }

    async fn stream_rep_breakdown(
        &self,
        request: Request<proto::StreamRepBreakdownRequest>,
    ) -> Result<Response<Self::StreamRepBreakdownStream>, Status> {
        let scope = caller::scope(&request).map_err(|error| to_status(error, "caller"))?;
        let stream = stream_rep_breakdown::handle(self, scope, request.into_inner()).await;
        stream.map(Response::new).map_err(|error| to_status(error, "StreamRepBreakdown"))
    }

    async fn get_data_version(
        &self,
        _: Request<proto::GetDataVersionRequest>,
    ) -> Result<Response<proto::GetDataVersionResponse>, Status> {
        let answer = get_data_version::handle(self).await;
        answer.map(Response::new).map_err(|error| to_status(error, "GetDataVersion"))
    }

    async fn check_data_quality(
        &self,
        request: Request<proto::CheckDataQualityRequest>,
    ) -> Result<Response<Self::CheckDataQualityStream>, Status> {
        let scope = caller::scope(&request).map_err(|error| to_status(error, "caller"))?;
        let stream = check_data_quality::handle(self, scope, request.into_inner()).await;
        stream.map(Response::new).map_err(|error| to_status(error, "CheckDataQuality"))
    }
}
