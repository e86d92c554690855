use super::*;
use crate::database::postgres::url::{POSTGRES_PARAMETERS, SSL_MODE};
use crate::database::sqlite::url::SQLITE_PARAMETERS;

fn url(text: &str) -> DatabaseUrl {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn a_url_is_shown_without_its_secrets() {
    let cases = [
        ("postgres://kpi:s3cret@db:5432/crm?sslmode=require", "postgres://kpi@db:5432/crm"),
        ("postgresql://kpi:s3%23cret%40@db/crm?password=s3cret", "postgresql://kpi@db/crm"),
        ("postgres://kpi:s3cret@[::1]:5433/crm", "postgres://kpi@[::1]:5433/crm"),
        ("postgres:///crm?host=/run/postgresql&user=kpi&password=s3cret", "postgres:///crm"),
        ("sqlite://crm.db?mode=ro", "sqlite://crm.db"),
        ("sqlite:/data/my crm#1.db", "sqlite:///data/my crm#1.db"),
    ];
    for (text, shown) in cases {
        assert_eq!(url(text).to_string(), shown);
        assert_eq!(format!("{:?}", url(text)), format!("{shown:?}"));
    }
}

#[test]
fn what_is_not_escaped_is_refused_without_being_quoted() {
    for password in [
        "Sup3r#secret",
        "Sup3r/secret",
        "Sup3r?secret",
        "Sup3r@secret",
        "12#secret",
        "12/secret",
        "12?secret",
        "Sup3r%secret",
        "Sup3r secret",
        "Sup3r\tsecret",
        "a#b/c?d@secret",
    ] {
        for rest in ["@db/crm", "@db:5432/crm?sslmode=require", "@127.0.0.1", "@/crm?host=/run"] {
            let text = format!("postgres://kpi:{password}{rest}");
            let error = text.parse::<DatabaseUrl>().expect_err(&text);
            assert_eq!(error, UrlError::Unescaped, "{text}");
            assert!(!error.to_string().contains("secret"));
        }
    }
}

#[test]
fn what_is_wrong_is_told_without_quoting() {
    use UrlError::*;
    let cases = [
        ("", NoUrl),
        ("secret", NoUrl),
        ("host=db password=secret", NoUrl),
        ("postgres:kpi:secret", NoUrl),
        ("mysql://kpi:secret@db/crm", Scheme("mysql".into())),
        ("postgres://kpi:secret@db:secret/crm", Host),
        ("postgres://kpi:secret", Host),
        ("postgres://kpi@db:70000/crm", Host),
        ("postgres://kpi:secret@[::1/crm", Host),
        ("postgres://kpi:secret@one:5432,two:5433/crm", Hosts),
        ("postgres://kpi:secret@one,two/crm", Hosts),
        ("postgres:///crm?password=secret&host=one,two", Hosts),
        ("postgres://kpi:secret@db/crm?target_session_attrs=read-write", TargetSession),
        ("postgres://kpi:secret@db/crm?secret=1", Parameter(POSTGRES_PARAMETERS)),
        ("postgres://kpi:secret@db/crm?sslmode=secret", Value("sslmode", SSL_MODE)),
        ("sqlite://crm.db?mode=secret", Value("mode", "ro, rw, rwc or memory")),
        ("sqlite://crm.db?secret=1", Parameter(SQLITE_PARAMETERS)),
    ];
    for (text, expected) in cases {
        let error = text.parse::<DatabaseUrl>().expect_err(text);
        assert!(!error.to_string().contains("secret"), "{error}");
        assert_eq!(error, expected, "{text}");
    }
}

#[test]
fn the_driver_is_given_what_it_understands() {
    let options = url("postgres://kpi:a%23b@[::1]:5433/crm?connect_timeout=3&application_name=x").postgres().unwrap();
    assert_eq!((options.get_host(), options.get_port(), options.get_username()), ("::1", 5433, "kpi"));
    assert_eq!(options.get_database(), Some("crm"));
    assert_eq!(url("postgres://db/crm?connect_timeout=3&target_session_attrs=any").ignored(), ["connect_timeout"]);
    for (text, file, only_read) in [
        ("sqlite://crm.db", "crm.db", false),
        ("sqlite:///data/my%20crm.db?mode=ro", "/data/my crm.db", true),
        ("sqlite:////data/a b.db?immutable=1", "/data/a b.db", true),
        ("sqlite:crm.db?mode=rwc", "crm.db", false),
    ] {
        let url = url(text);
        assert_eq!(url.sqlite().unwrap().get_filename(), Path::new(file), "{text}");
        assert_eq!(url.is_only_read(), only_read, "{text}");
    }
}

#[test]
fn a_rotated_password_is_the_same_place() {
    let place = url("postgres://kpi:one@db/crm");
    for same in ["postgres://kpi:two@db:5432/crm", "postgres://other@db/crm?sslmode=require"] {
        assert!(place.is_same_place(&url(same)), "{same}");
    }
    for other in ["postgres://kpi:one@db/other", "postgres://kpi:one@db2/crm", "postgres://db:1/crm", "sqlite://db"] {
        assert!(!place.is_same_place(&url(other)), "{other}");
    }
}
