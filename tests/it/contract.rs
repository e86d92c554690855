//! What clients find: reflection, health, the catalogue and the values of dimensions.

use crate::support::{Kind, TestDatabase, TestServer, on_every_database, query_of};
use crm_kpi::proto::kpi_service_server::SERVICE_NAME;
use crm_kpi::proto::{self, GetDataVersionRequest, ListKpisRequest};
use futures::stream;
use tonic::Code;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

on_every_database!(
    the_catalogue_is_listed,
    health_follows_the_schema,
    reflection_describes_the_service,
    periods_are_seen_from_the_clock_and_the_zone,
);

async fn the_catalogue_is_listed(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let list = |search: &str| {
        let request = ListKpisRequest { search: search.into(), ..Default::default() };
        let mut client = server.client();
        async move { client.list_kpis(request).await.unwrap().into_inner() }
    };
    let all = list("").await;
    assert_eq!(all.kpis.first().unwrap().id, "total_sales");
    assert!(all.kpis.iter().all(|kpi| !kpi.dimensions.is_empty() && !kpi.formula.is_empty()));
    assert!(all.dimensions.is_sorted_by_key(|dimension| dimension.id.clone()));
    let found = list("WIN RATE").await;
    assert_eq!(
        found.kpis.iter().map(|kpi| kpi.id.as_str()).collect::<Vec<_>>(),
        ["win_rate", "win_rate_by_creation", "win_rate_by_value"]
    );
    assert!(!found.dimensions.iter().any(|dimension| dimension.id == "churn_reason"));
    assert_eq!(found.catalog_version, all.catalog_version);
    assert!(list("no such thing").await.kpis.is_empty());
}

async fn health_follows_the_schema(kind: Kind) {
    use crm_kpi_migrations::{Migrator, MigratorTrait};
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    let mut health = HealthClient::new(server.channel.clone());
    let request = HealthCheckRequest { service: SERVICE_NAME.into() };
    let mut watch = health.watch(request).await.unwrap().into_inner();
    let is = |answer: Option<HealthCheckResponse>, status: ServingStatus| answer.unwrap().status == status as i32;
    assert!(is(watch.message().await.unwrap(), ServingStatus::NotServing));

    let refused = server.client().get_data_version(GetDataVersionRequest {}).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("crm-kpi migrate up"), "{}", refused.message());

    Migrator::up(&server.database.connection, None).await.unwrap();
    server.client().get_data_version(GetDataVersionRequest {}).await.unwrap();
    assert!(is(watch.message().await.unwrap(), ServingStatus::Serving));
    let whole = health.check(HealthCheckRequest::default()).await.unwrap().into_inner();
    assert!(is(Some(whole), ServingStatus::Serving));
}

async fn reflection_describes_the_service(kind: Kind) {
    let server = TestServer::start(TestDatabase::empty(kind).await).await;
    macro_rules! services {
        ($version:ident) => {{
            use pb::server_reflection_request::MessageRequest;
            use pb::server_reflection_response::MessageResponse;
            use tonic_reflection::pb::$version as pb;
            let request = pb::ServerReflectionRequest {
                message_request: Some(MessageRequest::ListServices(String::new())),
                ..Default::default()
            };
            let mut client = pb::server_reflection_client::ServerReflectionClient::new(server.channel.clone());
            let mut answers = client.server_reflection_info(stream::iter([request])).await.unwrap().into_inner();
            match answers.message().await.unwrap().unwrap().message_response.unwrap() {
                MessageResponse::ListServicesResponse(list) => {
                    list.service.into_iter().map(|service| service.name).collect::<Vec<_>>()
                }
                other => panic!("{other:?}"),
            }
        }};
    }
    for services in [services!(v1), services!(v1alpha)] {
        assert!(services.iter().any(|service| service == SERVICE_NAME), "{services:?}");
        assert!(services.iter().any(|service| service == "grpc.health.v1.Health"), "{services:?}");
    }
}

async fn periods_are_seen_from_the_clock_and_the_zone(kind: Kind) {
    let server = TestServer::start_at(TestDatabase::migrated(kind).await, "2017-12-31T20:00:00Z").await;
    for (time_zone, first, last) in [("", "2017-10-01", "2017-12-31"), ("Asia/Tokyo", "2018-01-01", "2018-03-31")] {
        let this_quarter = proto::RelativePeriod { unit: proto::Grain::Quarter.into(), ..Default::default() };
        let mut query = query_of(&["total_sales"]);
        query.period = Some(proto::Period { kind: Some(proto::period::Kind::Relative(this_quarter)) });
        query.calendar = Some(proto::Calendar { time_zone: time_zone.into(), ..Default::default() });
        let header = server.query(query).await.header.unwrap();
        assert_eq!((header.first_date.as_str(), header.last_date.as_str()), (first, last));
        assert_eq!(header.buckets[0].label, format!("{first}/{last}"));
        let column = &header.columns[0];
        assert_eq!((column.currency_code.as_str(), column.scale), ("USD", 2));
        assert_eq!(header.as_of.unwrap().seconds, 1_514_750_400);
    }
}
