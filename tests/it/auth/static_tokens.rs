//! Tokens of a file.

use super::{call, gate, refused, until, with};
use crate::support::{Refusal, TestServer};
use crm_kpi::proto::{GetDataVersionRequest, ListKpisRequest};
use crm_kpi::server::auth::hash;
use std::fs;
use std::path::Path;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};

fn entry(token: &str, more: &str) -> String {
    format!("[[token]]\nname = \"bearer of {token}\"\nsha256 = \"{}\"\n{more}\n", hash(token))
}

async fn server(path: &Path, roles: &[(&str, &[&str])]) -> TestServer {
    let own = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    gate(|settings| {
        settings.auth.tokens = Some(path.to_owned());
        settings.auth.roles = roles.iter().map(|(role, rpcs)| ((*role).to_owned(), own(rpcs))).collect();
    })
    .await
}

#[tokio::test]
async fn only_tokens_that_hold_let_in() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.toml");
    let entries = [
        entry("good", "everything = true"),
        entry("limited", "teams = ['east']\nexpires = 2017-12-30T12:00:01Z"),
        entry("old", "everything = true\nexpires = '2017-12-30T12:00:00Z'"),
        entry("gone", "everything = true\nrevoked = true"),
    ];
    fs::write(&path, entries.concat()).unwrap();
    let server = server(&path, &[]).await;
    call(&server, "good").await.unwrap();
    call(&server, "limited").await.unwrap();
    refused(&server, "old", "has expired").await;
    refused(&server, "gone", "has been revoked").await;
    refused(&server, "goo", "unknown token").await;
    refused(&server, &hash("good"), "unknown token").await;

    let mut garbage: Vec<Vec<u8>> = [
        "",
        "good",
        "Bearer",
        "Bearer ",
        "bearer\tgood",
        "Basic Z29vZDo=",
        "Bearer good good",
        "Bearer good,Bearer good",
        "Token good",
        "Bearer:good",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    garbage.push(b"Bearer \xff\xfe".to_vec());
    garbage.push([b"Bearer ".to_vec(), vec![b'a'; 20_000]].concat());
    for value in garbage {
        let mut request = Request::new(ListKpisRequest::default());
        let header = http::HeaderValue::from_bytes(&value).unwrap();
        // A value of metadata need not be text; only its constructor says so.
        let mut headers = http::HeaderMap::new();
        headers.insert("authorization", header);
        *request.metadata_mut() = tonic::metadata::MetadataMap::from_headers(headers);
        let refusal = Refusal::of(&server.client().list_kpis(request).await.unwrap_err());
        refusal.must_be(Code::Unauthenticated, "UNAUTHENTICATED", &[]);
    }
    let refusal = Refusal::of(&server.client().list_kpis(ListKpisRequest::default()).await.unwrap_err());
    refusal.must_be(Code::Unauthenticated, "UNAUTHENTICATED", &[]);
    assert!(refusal.message.contains("no token"), "{refusal:?}");
    let mut twice = with("good", ListKpisRequest::default());
    twice.metadata_mut().append("authorization", MetadataValue::from_static("Bearer good"));
    assert!(server.client().list_kpis(twice).await.unwrap_err().message().contains("more than one"));
}

/// Replaces a file at once: one that is written in place is empty for a moment, and counts as such if it is read then.
fn replace(path: &Path, content: impl AsRef<[u8]>) {
    let new = path.with_extension("new");
    fs::write(&new, content).unwrap();
    fs::rename(new, path).unwrap();
}

#[tokio::test]
async fn the_file_counts_as_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.toml");
    let (one, two) = (entry("one", "everything = true"), entry("two", "everything = true"));
    fs::write(&path, &one).unwrap();
    let server = server(&path, &[]).await;
    call(&server, "one").await.unwrap();
    refused(&server, "two", "unknown token").await;

    replace(&path, one.clone() + &two);
    until("the new token lets in", async || call(&server, "two").await.is_ok()).await;
    call(&server, "one").await.unwrap();

    replace(&path, one.clone() + "revoked = true\n" + &two);
    until("the revoked one does not", async || call(&server, "one").await.is_err()).await;
    refused(&server, "one", "has been revoked").await;

    replace(&path, "not a file of tokens");
    call(&server, "two").await.unwrap();
    fs::remove_file(&path).unwrap();
    call(&server, "two").await.unwrap();
    replace(&path, &one);
    until("it is read again", async || call(&server, "one").await.is_ok()).await;
    refused(&server, "two", "unknown token").await;
}

#[tokio::test]
async fn roles_open_rpcs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens.toml");
    let entries = [
        entry("none", "everything = true"),
        entry("board", "everything = true\nroles = ['boards']"),
        entry("audit", "everything = true\nroles = ['nothing', 'audit']"),
        entry("stranger", "everything = true\nroles = ['*', 'ListKpis']"),
    ];
    fs::write(&path, entries.concat()).unwrap();
    let server = server(&path, &[("boards", &["ListKpis", "QueryKpis"]), ("audit", &["*"]), ("nothing", &[])]).await;
    for token in ["board", "audit"] {
        call(&server, token).await.unwrap();
    }
    for token in ["none", "stranger"] {
        let refusal = call(&server, token).await.unwrap_err();
        refusal.must_be(Code::PermissionDenied, "PERMISSION_DENIED", &[]);
        assert!(refusal.message.contains("no role") && refusal.message.contains("ListKpis"), "{refusal:?}");
    }
    let version = async |token| {
        let request = with(token, GetDataVersionRequest {});
        Refusal::of(&server.client().get_data_version(request).await.unwrap_err()).reason
    };
    assert_eq!(version("board").await, "PERMISSION_DENIED");
    // There are no tables: the call was let through.
    assert_eq!(version("audit").await, "SCHEMA_NOT_READY");
}
