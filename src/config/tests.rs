use super::{ConfigError, DEFAULTS, Jwks, Layers, LogFormat, Settings, WebAddress};
use std::ffi::OsString;
use std::io::Write;
use std::time::Duration;

/// Settings of a file, an environment and options.
fn read(file: &str, environment: &[(&str, &str)], options: &[&str]) -> Result<Settings, ConfigError> {
    let mut place = tempfile::NamedTempFile::new().unwrap();
    place.write_all(file.as_bytes()).unwrap();
    let mut layers = Layers::new();
    layers.file(place.path());
    layers.environment(environment.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))));
    options.iter().for_each(|option| layers.option(option));
    layers.settings()
}

/// Keys and parts of the texts of all problems, in their order.
#[track_caller]
fn problems_are(settings: Result<Settings, ConfigError>, expected: &[(&str, &str)]) {
    let ConfigError(problems) = settings.expect_err("a problem");
    let keys: Vec<_> = problems.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, expected.iter().map(|(key, _)| *key).collect::<Vec<_>>(), "{problems:#?}");
    for (problem, (_, part)) in problems.iter().zip(expected) {
        let text = problem.to_string();
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
}

#[test]
fn the_defaults_are_settings() {
    let settings = Layers::new().settings().unwrap();
    assert_eq!(settings.database.to_string(), "sqlite://crm-kpi.db");
    assert_eq!(settings.listen.to_string(), "127.0.0.1:50051");
    assert_eq!(settings.limits.queries, 32);
    assert!(settings.auth.lets_anybody_in());
    assert!(settings.tls.is_none() && settings.metrics.is_none() && settings.telemetry.otlp_endpoint.is_none());
}

#[test]
fn every_default_is_explained() {
    let mut lines = DEFAULTS.lines();
    let mut explained = false;
    for line in lines.by_ref() {
        match line.split_once(" = ") {
            _ if line.starts_with('#') => explained = true,
            Some((key, _)) => assert!(explained, "{key} stands without a comment"),
            None if line.is_empty() => explained = false,
            None => {}
        }
    }
}

#[test]
fn later_sources_go_over_earlier_ones() {
    let file = "log_format = 'json'\n[limits]\nqueries = 1\nwaiting = 1\nqueue = '1s'\nfigures = 7";
    let environment = [("CRM_KPI_LIMITS_QUERIES", "2"), ("CRM_KPI_LIMITS_WAITING", "2"), ("PATH", "/bin")];
    let settings = read(file, &environment, &["limits.queries=3"]).unwrap();
    assert_eq!(settings.limits.queries, 3);
    assert_eq!(settings.limits.waiting, 2);
    assert_eq!(settings.limits.queue, Duration::from_secs(1));
    assert_eq!(settings.limits.figures, 7);
    assert_eq!(settings.limits.buckets, 3700);
    assert_eq!(settings.log.format, LogFormat::Json);
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let file =
        "listen = 'here'\ncurrency = 'EURO'\n[limits]\nqueries = 0\nqeue = '1s'\nqueue = 'soon'\n[tls]\nkey = 'a'";
    let environment =
        [("CRM_KPI_LIMITS_STAL", "1s"), ("CRM_KPI_DRAIN_CALLS", "-1s"), ("CRM_KPI_LIMITS_SERVICE_HOST", "10.0.0.1")];
    problems_are(
        read(file, &environment, &["telemetry.sample_ratio=2", "nonsense", "auth.jwt.algorithms=[\"none\"]"]),
        &[
            ("limits.qeue", "did you mean limits.queue?"),
            ("", "CRM_KPI_LIMITS_STAL: unknown setting"),
            ("", "is not KEY=VALUE"),
            ("listen", "\"here\" is not an address"),
            ("currency", "\"EURO\" is not a currency code"),
            ("limits.queries", "0 is not a number from 1"),
            ("limits.queue", "\"soon\" is not a duration"),
            ("drain.calls", "(from CRM_KPI_DRAIN_CALLS): \"-1s\" is not a duration"),
            ("tls.certificate", "is not set, but tls.key"),
            ("auth.jwt.algorithms", "\"none\" is not one of RS256, ES256 and EdDSA"),
            ("telemetry.sample_ratio", "(from --set): 2 is not a number from 0 to 1"),
        ],
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let mut layers = Layers::new();
    layers.file("/nonexistent/crm-kpi.toml".as_ref());
    problems_are(layers.settings(), &[("", "/nonexistent/crm-kpi.toml: cannot be read")]);
    problems_are(read("limits = [", &[], &[]), &[("", "line 1 is not TOML: ")]);
}

#[test]
fn a_secret_url_comes_from_a_file() {
    let mut secret = tempfile::NamedTempFile::new().unwrap();
    writeln!(secret, "  postgres://kpi:hush@db/crm \nmore").unwrap();
    let file = format!("database_file = '{}'", secret.path().display());
    let settings = read(&file, &[], &[]).unwrap();
    assert_eq!(settings.database, "postgres://kpi:hush@db/crm".parse().unwrap());
    assert_eq!(settings.database_file.as_deref(), Some(secret.path()));
    // Whoever names a URL means it.
    let environment = [("CRM_KPI_DATABASE", "sqlite://other.db")];
    let settings = read(&file, &environment, &[]).unwrap();
    assert_eq!((settings.database.to_string().as_str(), settings.database_file), ("sqlite://other.db", None));
    problems_are(read("database_file = '/nonexistent'", &[], &[]), &[("database_file", "cannot be read")]);
}

#[test]
fn nobody_is_let_in_by_mistake() {
    let anywhere = "listen = '0.0.0.0:50051'";
    problems_are(read(anywhere, &[], &[]), &[("auth", "auth.allow_anonymous = true")]);
    assert!(read(anywhere, &[], &["auth.allow_anonymous=true"]).unwrap().auth.lets_anybody_in());
    assert!(!read(anywhere, &[], &["auth.tokens_file=tokens.toml"]).unwrap().auth.lets_anybody_in());
    problems_are(
        read(anywhere, &[], &["auth.tokens_file=tokens.toml", "auth.allow_anonymous=true"]),
        &[("auth.allow_anonymous", "contradicts")],
    );
    problems_are(
        read("", &[], &["auth.jwt.jwks_file=keys.json"]),
        &[("auth.jwt.issuer", "is not set"), ("auth.jwt.audience", "is not set")],
    );
    problems_are(read("[auth.roles]\nviewer = ['QueryKpis']", &[], &[]), &[("auth.roles", "nobody has a role")]);
}

#[test]
fn keys_of_tokens_come_from_one_place() {
    let named = ["auth.jwt.issuer=https://id.example", "auth.jwt.audience=crm-kpi"];
    let with = |more: &[&'static str]| read("", &[], &[&named, more].concat());
    let jwt =
        with(&["auth.jwt.jwks_url=https://id.example/keys", "auth.jwt.jwks_refresh=1m"]).unwrap().auth.jwt.unwrap();
    assert_eq!(jwt.keys, Jwks::Url(WebAddress::parse("https://id.example/keys").unwrap(), Duration::from_secs(60)));
    problems_are(
        with(&["auth.jwt.jwks_url=https://id.example/keys", "auth.jwt.jwks_file=keys.json"]),
        &[("auth.jwt.jwks_url", "leave one out")],
    );
    problems_are(with(&["auth.jwt.jwks_url=file:///keys"]), &[("auth.jwt.jwks_url", "is not an https:// address")]);
}

#[test]
fn tables_can_be_written_in_the_environment() {
    let environment =
        [("CRM_KPI_AUTH_ROLES", "{ viewer = [\"QueryKpis\"] }"), ("CRM_KPI_AUTH_TOKENS_FILE", "tokens.toml")];
    let roles = read("", &environment, &[]).unwrap().auth.roles;
    assert_eq!(roles["viewer"], ["QueryKpis"]);
}

#[test]
fn a_schema_is_for_postgresql_and_has_a_plain_name() {
    let with = |database: &str, schema: &str| {
        let mut layers = Layers::new();
        layers.option(&format!("database={database}"));
        layers.option(&format!("database_schema={schema}"));
        layers.settings()
    };
    let url = "postgres://kpi@db/crm";
    assert_eq!(with(url, "crm_kpi").unwrap().database.schema(), Some("crm_kpi"));
    assert_eq!(with(url, "").unwrap().database.schema(), None);
    for schema in ["a\"b", "a b", "a,b", &"x".repeat(64)] {
        problems_are(with(url, schema), &[("database_schema", "not the name of a schema")]);
    }
    problems_are(with("sqlite://a.db", "crm_kpi"), &[("database_schema", "PostgreSQL only")]);
}
