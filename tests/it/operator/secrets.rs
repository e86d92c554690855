//! No secret of a setting is shown, wherever it is written and whatever is wrong with it.

use super::command::{Said, run};
use futures::future::join_all;
use std::io::Write;

/// Passwords as people write them into URLs, each with a character that ends something in a URL.
const PASSWORDS: [&str; 8] = [
    "Sup3r#s3cret",
    "Sup3r/s3cret",
    "Sup3r?s3cret",
    "Sup3r@s3cret",
    "Sup3r%s3cret",
    "Sup3r s3cret",
    // What stands before the special character is a valid port.
    "4711#s3cret",
    "4711/Sup3r@s3cret",
];

#[track_caller]
fn hides(said: &Said, of: &str) {
    for secret in ["Sup3r", "s3cret", "4711"] {
        assert!(!said.all().contains(secret), "{of}: {said:?}");
    }
}

fn url(password: &str) -> String {
    format!("postgres://kpi:{password}@127.0.0.1:1/crm")
}

#[tokio::test]
async fn no_command_shows_the_password_of_a_wrong_url() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").display().to_string();
    let commands: [&[&str]; 9] = [
        &["serve"],
        &["demo"],
        &["generate", "--opportunities", "1"],
        &["import", "."],
        &["export", &out],
        &["migrate", "up"],
        &["migrate", "status"],
        &["migrate", "down"],
        &["config", "check"],
    ];
    // Each password with one command, and each command with one of them at least.
    let runs = (0..commands.len().max(PASSWORDS.len())).map(async |turn| {
        let (command, password) = (commands[turn % commands.len()], PASSWORDS[turn % PASSWORDS.len()]);
        let said = run(&[command, &["--database", &url(password)]].concat(), &[]).await;
        hides(&said, command[0]);
        assert!(said.stderr.contains("percent-encode"), "{command:?} {said:?}");
        assert_eq!((said.stdout.as_str(), said.code == Some(0)), ("", false), "{command:?} {said:?}");
    });
    join_all(runs).await;
}

#[tokio::test]
async fn the_check_of_settings_refuses_each_spelling_from_each_source() {
    let folder = tempfile::tempdir().unwrap();
    let runs = PASSWORDS.iter().enumerate().map(async |(place, password)| {
        let url = url(password);
        let write = |name: &str, text: &str| {
            let path = folder.path().join(format!("{place}-{name}"));
            std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
            path.display().to_string()
        };
        let secret = write("secret", &format!("{url}\n"));
        let quoted = write("quoted.toml", &format!("database = \"{url}\"\n"));
        let set = format!("database={url}");
        let said = match place % 5 {
            0 => run(&["config", "check", "--database", &url], &[]).await,
            1 => run(&["config", "check"], &[("CRM_KPI_DATABASE", &url)]).await,
            2 => run(&["config", "check", "--set", &set], &[]).await,
            3 => run(&["config", "check"], &[("CRM_KPI_DATABASE_FILE", &secret)]).await,
            _ => run(&["config", "check", "--config", &quoted], &[]).await,
        };
        hides(&said, "config check");
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.stderr.contains("percent-encode") && said.stderr.contains("%23 for #"), "{said:?}");
        assert!(said.stderr.contains("database"), "{said:?}");
        // The file of the secret itself, whatever is in it.
        let said = run(&["config", "check"], &[("CRM_KPI_DATABASE_FILE", &secret)]).await;
        hides(&said, "database_file");
        assert!(said.stderr.contains("database_file") && said.stderr.contains("percent-encode"), "{said:?}");
    });
    join_all(runs).await;
}

#[tokio::test]
async fn a_secret_in_the_wrong_place_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://kpi:Sup3r-s3cret@127.0.0.1:1/crm?sslmode=prefer&password=s3cret";
    let unquoted = folder.path().join("unquoted.toml");
    std::fs::write(&unquoted, format!("listen = \"127.0.0.1:0\"\ndatabase = {url}\n")).unwrap();
    let listed = folder.path().join("listed.toml");
    std::fs::write(&listed, format!("database = [\"{url}\"]\n")).unwrap();
    let (unquoted, listed) = (unquoted.display().to_string(), listed.display().to_string());
    let assigned = format!("listen={url}");
    let cases: [&[&str]; 12] = [
        // The command line's own checks.
        &["serve", url],
        &["config", "check", "--databse", url],
        &["demo", "--reps", url],
        &["query", url, "--period", url],
        &["config", "check", "--set", url],
        &["config", "check", "--set", &assigned],
        &["config", "check", "--listen", url],
        &["config", "check", "--currency", url],
        &["config", "check", "--config", url],
        &["config", "check", "--config", &unquoted],
        &["config", "check", "--config", &listed],
        &["query", "revenue", "--endpoint", "http://kpi:Sup3r-s3cret@127.0.0.1:1"],
    ];
    join_all(cases.map(async |arguments| {
        let said = run(arguments, &[]).await;
        hides(&said, &arguments.join(" "));
        assert!(said.code != Some(0) && !said.stderr.is_empty(), "{arguments:?} {said:?}");
    }))
    .await;
    let said = run(&["config", "check", "--config", &unquoted], &[]).await;
    assert!(said.stderr.contains("line 2"), "{said:?}");
    let said = run(&["query", "--help"], &[("CRM_KPI_ENDPOINT", "http://kpi:Sup3r-s3cret@127.0.0.1:1")]).await;
    assert_eq!(said.code, Some(0));
    hides(&said, "help");
}

#[tokio::test]
async fn addresses_are_shown_without_their_secrets() {
    let said = run(
        &[
            "config",
            "check",
            "--database",
            "postgres://kpi:Sup3r%23s3cret@[::1]:5432/crm?connect_timeout=4711&sslmode=prefer",
            "--set",
            "auth.jwt.jwks_url=https://kpi:Sup3r@id.example/keys?token=s3cret",
            "--set",
            "auth.jwt.issuer=https://id.example",
            "--set",
            "auth.jwt.audience=crm-kpi",
            "--set",
            "telemetry.otlp_endpoint=http://127.0.0.1:4317/?key=s3cret",
        ],
        &[],
    )
    .await;
    hides(&said, "config check");
    assert_eq!(said.code, Some(0), "{said:?}");
    for shown in [
        "database = \"postgres://kpi@[::1]:5432/crm\"  # --database",
        "id.example/keys",
        "127.0.0.1:4317",
        "connect_timeout of the database URL has no effect",
    ] {
        assert!(said.stdout.contains(shown), "{shown} in {said:?}");
    }
    let said = run(&["config", "check", "--set", "telemetry.otlp_endpoint=http://kpi:Sup3r@127.0.0.1:4317"], &[]).await;
    hides(&said, "config check");
    assert!(said.stderr.contains("OTEL_EXPORTER_OTLP_HEADERS"), "{said:?}");
}
