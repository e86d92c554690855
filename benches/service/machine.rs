//! What the figures were measured on, and with.

use crate::sql::Pool;
use crate::{Database, Outcome};
use std::process::Command;

/// The machine: processor, cores, memory.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |file: &str, name: &str| {
        let line = file.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let processor = field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| std::env::consts::ARCH.into());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = field(&read("/proc/meminfo"), "MemTotal");
    let kib: f64 = memory.and_then(|text| text.split(' ').next()?.parse().ok()).unwrap_or_default();
    format!("{processor}, {cores} cores, {:.0} GiB memory", kib / 1024.0 / 1024.0)
}

/// The compiler, and the commit that was built.
pub fn build() -> String {
    let rustc = first_line("rustc", &["--version"]).unwrap_or_else(|| "an unknown rustc".into());
    let commit = first_line("git", &["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".into());
    let changed = first_line(
        "git",
        &["status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/operate/benchmarks.md"],
    );
    let changed = if changed.is_some_and(|line| !line.is_empty()) { ", with changes" } else { "" };
    let profile = if cfg!(debug_assertions) { "; a debug build, whose figures mean nothing" } else { "" };
    format!("crm-kpi at commit {commit}{changed}, {rustc}{profile}")
}

/// The database, and those of its settings that matter to reads.
pub async fn database(database: &Database, pool: &Pool) -> Outcome<String> {
    Ok(match database.kind {
        crate::support::Kind::Sqlite => {
            format!(
                "SQLite {}, in WAL mode, with 8 MiB of cache a connection",
                pool.text("SELECT sqlite_version()").await?
            )
        }
        crate::support::Kind::Postgres => {
            let version = pool.text("SHOW server_version").await?;
            let mut settings = Vec::new();
            for name in ["shared_buffers", "work_mem", "max_parallel_workers_per_gather", "jit", "fsync"] {
                settings.push(format!("`{name} = {}`", pool.text(&format!("SHOW {name}")).await?));
            }
            format!("PostgreSQL {version}, {}", settings.join(", "))
        }
    })
}

fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    text.lines().next().map(Into::into)
}
