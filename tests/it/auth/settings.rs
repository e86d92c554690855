//! What is wrong with the settings is told at start; health and reflection have their own.

use super::{RELOAD, gate, with};
use crate::support::{Kind, NOW, TestDatabase, settings};
use crm_kpi::clock::FixedClock;
use crm_kpi::config::{Access, Settings};
use crm_kpi::server::{self, auth::hash};
use std::fs;
use std::sync::Arc;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;

async fn refused_at_start(change: impl FnOnce(&mut Settings)) -> String {
    let database = TestDatabase::empty(Kind::Sqlite).await;
    let mut settings = settings(&database.url);
    settings.reload = RELOAD;
    change(&mut settings);
    let clock = Arc::new(FixedClock(NOW.parse().unwrap()));
    let error = server::start(&settings, clock).await.err().expect("no server").to_string();
    let checked = server::check(&settings).await;
    assert!(checked.iter().any(|problem| error.ends_with(&problem.to_string())), "{checked:?} {error}");
    error
}

#[tokio::test]
async fn what_cannot_be_used_is_told_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.toml");
    let error = refused_at_start(|settings| settings.auth.tokens = Some(missing.clone())).await;
    assert!(error.contains("auth.tokens_file: ") && error.contains("missing.toml: cannot be read"), "{error}");

    let bad = folder.path().join("bad.toml");
    fs::write(&bad, "[[token]]\nname = 'n'\nsha256 = 'x'\neverything = true\n").unwrap();
    let error = refused_at_start(|settings| settings.auth.tokens = Some(bad.clone())).await;
    assert!(error.contains("bad.toml: token 1 (\"n\") has no SHA-256 hash"), "{error}");

    let error = refused_at_start(|settings| {
        settings.auth.tokens = Some(bad.clone());
        settings.auth.roles = [("boards".to_owned(), vec!["QuerryKpis".to_owned()])].into();
    })
    .await;
    assert!(error.contains("auth.roles: ") && error.contains("did you mean \"QueryKpis\"?"), "{error}");
}

#[tokio::test]
async fn health_and_reflection_follow_their_settings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.toml");
    fs::write(&path, format!("[[token]]\nname = 'n'\nsha256 = '{}'\neverything = true\n", hash("good"))).unwrap();
    // Reflection that is off is not there, whoever asks.
    let cases = [
        (Access::Open, Access::Open, [Code::Ok; 4]),
        (
            Access::Authenticated,
            Access::Authenticated,
            [Code::Unauthenticated, Code::Ok, Code::Unauthenticated, Code::Ok],
        ),
        (Access::Open, Access::Off, [Code::Ok, Code::Ok, Code::Unimplemented, Code::Unimplemented]),
    ];
    for (health, reflection, expected) in cases {
        let server = gate(|settings| {
            settings.auth.tokens = Some(path.clone());
            // A role is for the service's own RPCs.
            settings.auth.roles = [("boards".to_owned(), vec!["*".to_owned()])].into();
            (settings.health, settings.reflection) = (health, reflection);
        })
        .await;
        let code = |outcome: Result<(), tonic::Status>| outcome.err().map_or(Code::Ok, |status| status.code());
        let check = async |request: Request<HealthCheckRequest>| {
            code(HealthClient::new(server.channel.clone()).check(request).await.map(drop))
        };
        let list = async |token: Option<&str>| {
            use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
            let message_request = Some(MessageRequest::ListServices(String::new()));
            let message = ServerReflectionRequest { message_request, ..Default::default() };
            let messages = futures::stream::iter([message]);
            let request = match token {
                Some(token) => with(token, messages),
                None => Request::new(messages),
            };
            let mut client = ServerReflectionClient::new(server.channel.clone());
            code(client.server_reflection_info(request).await.map(drop))
        };
        let seen = [
            check(Request::new(HealthCheckRequest::default())).await,
            check(with("good", HealthCheckRequest::default())).await,
            list(None).await,
            list(Some("good")).await,
        ];
        assert_eq!(seen, expected, "{health:?} {reflection:?}");
    }
}
