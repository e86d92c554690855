//! The RPCs, one file each: from the contract to the engine and back.

mod answers;
mod apart;
mod batch_query_kpis;
mod caller;
mod callers;
mod check_data_quality;
mod encoded_answer;
mod flights;
mod get_data_version;
mod known_sources;
mod list_dimension_values;
mod list_kpis;
mod messages;
mod meters;
mod notes;
mod percent;
mod places;
mod queries;
mod query;
mod query_kpis;
mod rate;
mod readiness;
mod readings;
mod reasons;
mod rep_batches;
mod size;
mod status;
mod stream_rep_breakdown;
mod tables;
mod turns;

pub use answers::Answers;
pub use caller::Caller;
pub use known_sources::KnownSources;
pub use messages::Messages;
pub use meters::ServiceMeters;
pub use notes::{Note, notes};
pub use percent::respell;
pub use places::{Permit, Places};
pub use queries::Queries;
pub use readiness::Readiness;
pub use readings::Readings;
pub use status::{DOMAIN, Reason, to_status};

use crate::clock::SharedClock;
use crate::convert::Context;
use crate::database::DataVersions;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::memory::Memory;
use crate::proto::kpi_service_server::KpiService;
use crate::proto::{self, Encoded};
use crate::scope::Scope;
use iso_currency::Currency;
use messages::Out;
use std::sync::Arc;
use std::time::Duration;
use tonic::{Request, Response, Status};

/// What the RPCs work with. A clone is the same service.
#[derive(Clone)]
pub struct Service {
    /// Answers questions.
    pub engine: Engine,
    /// Checks the records.
    pub readings: Readings,
    /// Tells whether the data have changed.
    pub versions: Arc<DataVersions>,
    /// Tells whether the database can be asked.
    pub readiness: Arc<Readiness>,
    /// What relative periods are seen from.
    pub clock: SharedClock,
    /// The currency that amounts are answered in where a query does not filter by one.
    pub currency: Currency,
    /// Knows what KPIs can be read from.
    pub sources: KnownSources,
    /// Remembers what queries mean.
    pub queries: Queries,
    /// Keeps answers.
    pub answers: Answers,
    /// Where questions wait for their turn.
    pub places: Places,
    /// What questions and answers may hold.
    pub memory: Memory,
    /// How long a question waits for memory.
    pub patience: Duration,
    /// What is counted.
    pub meters: ServiceMeters,
    /// Buckets of a query at most.
    pub max_buckets: usize,
    /// Values of all filters of a query at most.
    pub max_filter_values: usize,
    /// Bytes of a status at most.
    pub status_bytes: usize,
}

impl Service {
    /// What a caller's questions depend on.
    fn context(&self, scope: Scope) -> Context {
        Context {
            scope,
            now: self.clock.now(),
            currency: self.currency,
            max_buckets: self.max_buckets,
            max_filter_values: self.max_filter_values,
        }
    }

    /// A stream: its header, what `work` sends, and the summary that `work` returns.
    fn stream<T, F>(&self, rpc: &'static str, header: T, work: impl FnOnce(Out<T>) -> F) -> Messages<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let service = self.clone();
        Messages::new(header, work, move |error| service.failed(rpc, error))
    }

    /// The status of an error, which is counted.
    fn failed(&self, rpc: &str, error: Error) -> Status {
        self.meters.failed(&error);
        to_status(error, rpc, self.status_bytes)
    }

    /// Answers a request within what its caller may see.
    async fn answer<Q, A, F>(
        &self,
        rpc: &str,
        request: Request<Q>,
        handle: impl FnOnce(Caller, Q) -> F,
    ) -> Result<Response<A>, Status>
    where
        F: Future<Output = Result<A>>,
    {
        let answer = match caller::of(&request) {
            Ok(caller) => handle(caller, request.into_inner()).await,
            Err(error) => Err(error),
        };
        answer.map(Response::new).map_err(|error| self.failed(rpc, error))
    }
}

#[tonic::async_trait]
impl KpiService for Service {
    type CheckDataQualityStream = Messages<proto::CheckDataQualityResponse>;
    type StreamRepBreakdownStream = Messages<Encoded<proto::StreamRepBreakdownResponse>>;

    async fn list_kpis(
        &self,
        request: Request<proto::ListKpisRequest>,
    ) -> Result<Response<proto::ListKpisResponse>, Status> {
        let answer = list_kpis::handle(self, request.into_inner()).await.map(Response::new);
        answer.map_err(|error| self.failed("ListKpis", error))
    }

    async fn list_dimension_values(
        &self,
        request: Request<proto::ListDimensionValuesRequest>,
    ) -> Result<Response<proto::ListDimensionValuesResponse>, Status> {
        self.answer("ListDimensionValues", request, |caller, request| {
            list_dimension_values::handle(self, caller, request)
        })
        .await
    }

    async fn query_kpis(
        &self,
        request: Request<proto::QueryKpisRequest>,
    ) -> Result<Response<Encoded<proto::QueryKpisResponse>>, Status> {
        self.answer("QueryKpis", request, |caller, request| query_kpis::handle(self, caller, request)).await
    }

    async fn batch_query_kpis(
        &self,
        request: Request<proto::BatchQueryKpisRequest>,
    ) -> Result<Response<Encoded<proto::BatchQueryKpisResponse>>, Status> {
        self.answer("BatchQueryKpis", request, |caller, request| batch_query_kpis::handle(self, caller, request)).await
    }

    async fn stream_rep_breakdown(
        &self,
        request: Request<proto::StreamRepBreakdownRequest>,
    ) -> Result<Response<Self::StreamRepBreakdownStream>, Status> {
        self.answer("StreamRepBreakdown", request, |caller, request| {
            stream_rep_breakdown::handle(self, caller, request)
        })
        .await
    }

    async fn get_data_version(
        &self,
        request: Request<proto::GetDataVersionRequest>,
    ) -> Result<Response<proto::GetDataVersionResponse>, Status> {
        self.answer("GetDataVersion", request, |_, _| get_data_version::handle(self)).await
    }

    async fn check_data_quality(
        &self,
        request: Request<proto::CheckDataQualityRequest>,
    ) -> Result<Response<Self::CheckDataQualityStream>, Status> {
        self.answer("CheckDataQuality", request, |caller, request| check_data_quality::handle(self, caller, request))
            .await
    }
}
