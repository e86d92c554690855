use super::{Failure, output};
use crate::server::auth::{Tokens, hash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use toml::{Table, Value};

/// Options of `token`.
#[derive(Debug, clap::Args)]
#[command(after_help = "The token goes to standard output, its entry for the file of tokens (TOML) to standard error:

  crm-kpi token --name dashboards --team east --expires 90d >dashboards.token 2>>tokens.toml")]
pub struct Args {
    /// How logs name its bearer
    #[arg(long, value_name = "NAME")]
    name: String,
    #[command(flatten)]
    scope: ScopeArgs,
    /// A role of its bearer
    #[arg(long = "role", value_name = "ROLE", value_delimiter = ',')]
    roles: Vec<String>,
    /// When it expires: an instant such as 2027-01-31T00:00:00Z, or a time from now such as 90d [default: never]
    #[arg(long, value_name = "WHEN")]
    expires: Option<String>,
}

/// What its bearer sees.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct ScopeArgs {
    /// Its bearer sees everything
    #[arg(long)]
    everything: bool,
    /// Its bearer sees what is credited to reps of these teams and the teams below them
    #[arg(long = "team", value_name = "ID", value_delimiter = ',')]
    teams: Vec<String>,
    /// Its bearer sees what is credited to these reps
    #[arg(long = "rep", value_name = "ID", value_delimiter = ',')]
    reps: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    // 256 bits of the generator that the operating system seeds.
    let token = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    let entry = entry(args, &token, Utc::now())?;
    output::warn("# An entry for the file that auth.tokens_file names; running services take it over by themselves.");
    output::warn(entry.trim_end());
    output::warn("# The token itself is on standard output and kept nowhere: hand it to its bearer, who sends");
    output::warn("# \"authorization: Bearer TOKEN\". To end it write revoked = true, or take the entry out.");
    output::line(token)
}

fn entry(args: &Args, token: &str, now: DateTime<Utc>) -> Result<String, Failure> {
    let texts = |texts: &[String]| Value::Array(texts.iter().cloned().map(Value::String).collect());
    let mut entry = Table::new();
    entry.insert("name".into(), Value::String(args.name.clone()));
    entry.insert("sha256".into(), Value::String(hash(token)));
    let ScopeArgs { everything, teams, reps } = &args.scope;
    if *everything {
        entry.insert("everything".into(), Value::Boolean(true));
    }
    for (key, ids) in [("teams", teams), ("reps", reps), ("roles", &args.roles)] {
        if !ids.is_empty() {
            entry.insert(key.into(), texts(ids));
        }
    }
    if let Some(text) = &args.expires {
        entry.insert("expires".into(), Value::String(instant(text, now)?));
    }
    let file = Table::from_iter([("token".to_owned(), Value::Array(vec![Value::Table(entry)]))]);
    let file = toml::to_string(&file).map_err(Failure::new)?;
    Tokens::parse(file.as_bytes()).map_err(Failure::new)?;
    Ok(file)
}

fn instant(text: &str, now: DateTime<Utc>) -> Result<String, Failure> {
    let instant = match (DateTime::parse_from_rfc3339(text), humantime::parse_duration(text)) {
        (Ok(instant), _) => Some(instant.to_utc()),
        (Err(_), Ok(duration)) => {
            chrono::Duration::from_std(duration).ok().and_then(|span| now.checked_add_signed(span))
        }
        (Err(_), Err(_)) => None,
    };
    match instant {
        Some(instant) if instant > now => Ok(instant.to_rfc3339_opts(SecondsFormat::Secs, true)),
        Some(_) => Err(Failure::new(format_args!("{text} is over already"))),
        None => Err(Failure::new(format_args!("{text:?} is neither an instant nor a time from now"))
            .hint("Write such as 2027-01-31T00:00:00Z or 90d")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn entry_of(line: &[&str]) -> Result<String, String> {
        let line = Line::try_parse_from([&["token"], line].concat()).map_err(|error| error.to_string())?;
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        entry(&line.args, "abc", now).map_err(|failure| failure.to_string())
    }

    #[test]
    fn an_entry_is_written() {
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let written = entry_of(&["--name", "a \"b\"", "--team", "x,y", "--role", "r", "--expires", "90d"]).unwrap();
        for line in ["[[token]]\n", "teams = [\"x\", \"y\"]\n", "roles = [\"r\"]\n", hash] {
            assert!(written.contains(line), "{line} is not in {written}");
        }
        assert!(written.contains("expires = \"2026-04-01T00:00:00Z\""), "{written}");
        assert!(!written.contains("abc"), "{written}");
        assert!(entry_of(&["--name", "n", "--everything"]).unwrap().contains("everything = true\n"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(entry_of(&["--name", "n"]).is_err());
        assert!(entry_of(&["--name", "n", "--everything", "--rep", "r"]).is_err());
        assert!(entry_of(&["--name", "", "--everything"]).unwrap_err().contains("no printable name"));
        assert!(entry_of(&["--name", "n", "--rep", "a,,b"]).unwrap_err().contains("empty"));
        assert!(entry_of(&["--name", "n", "--everything", "--expires", "soon"]).unwrap_err().contains("neither"));
        let past = entry_of(&["--name", "n", "--everything", "--expires", "2025-12-31T23:59:59Z"]);
        assert!(past.unwrap_err().contains("over already"));
    }
}
