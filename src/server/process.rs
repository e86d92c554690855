//! What the system says of the process, under the names that Prometheus' own clients use. Only on Linux.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::fmt;
use std::fs;

/// Ticks of a second in `/proc`: the same on every machine that Linux and this program run on.
const TICKS: f64 = 100.0;

/// Shows in a registry what is known of the program and its process.
pub(super) fn register(registry: &mut Registry) {
    let version = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
    registry.register("crm_kpi_build", "The program's version", version);
    registry.register_collector(Box::new(Process));
}

#[derive(Debug)]
struct Process;

/// The figures of one moment; those that the system does not tell are missing.
#[derive(Debug, Default, PartialEq)]
struct Figures {
    cpu_seconds: Option<f64>,
    start_seconds: Option<f64>,
    threads: Option<i64>,
    virtual_bytes: Option<i64>,
    resident_bytes: Option<i64>,
    open_files: Option<i64>,
    max_files: Option<i64>,
}

impl Figures {
    fn now() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let stat = read("/proc/self/stat");
        let status = read("/proc/self/status");
        // The program's name stands in parentheses and may have spaces. What follows begins with the third field.
        let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
        let boot = read("/proc/stat").lines().find_map(|line| line.strip_prefix("btime ")?.trim().parse::<f64>().ok());
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
            line.trim().strip_suffix(" kB")?.trim().parse::<i64>().ok()?.checked_mul(1024)
        };
        let count = |path: &str| fs::read_dir(path).ok().and_then(|entries| i64::try_from(entries.count()).ok());
        Self {
            cpu_seconds: field(14).zip(field(15)).map(|(user, system)| (user + system) / TICKS),
            start_seconds: boot.zip(field(22)).map(|(boot, since)| boot + since / TICKS),
            threads: field(20).map(|threads| threads as i64),
            virtual_bytes: bytes("VmSize"),
            resident_bytes: bytes("VmRSS"),
            // One of them is the one that counts them.
            open_files: count("/proc/self/fd").map(|count| count - 1),
            max_files: max_files(),
        }
    }
}

#[cfg(unix)]
fn max_files() -> Option<i64> {
    rlimit::getrlimit(rlimit::Resource::NOFILE).ok().map(|(soft, _)| i64::try_from(soft).unwrap_or(i64::MAX))
}

#[cfg(not(unix))]
fn max_files() -> Option<i64> {
    None
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let figures = Figures::now();
        if let Some(seconds) = figures.cpu_seconds {
            let help = "Seconds of CPU time that the process has used";
            let encoder = encoder.encode_descriptor("process_cpu_seconds", help, None, MetricType::Counter)?;
            ConstCounter::new(seconds).encode(encoder)?;
        }
        if let Some(seconds) = figures.start_seconds {
            let help = "When the process began, in seconds since 1970";
            let encoder = encoder.encode_descriptor("process_start_time_seconds", help, None, MetricType::Gauge)?;
            ConstGauge::new(seconds).encode(encoder)?;
        }
        for (name, help, value) in [
            ("process_threads", "Threads of the process", figures.threads),
            ("process_virtual_memory_bytes", "Bytes of address space of the process", figures.virtual_bytes),
            ("process_resident_memory_bytes", "Bytes of memory of the process", figures.resident_bytes),
            ("process_open_fds", "Files and sockets that the process has open", figures.open_files),
            ("process_max_fds", "Files and sockets that the process may have open", figures.max_files),
        ] {
            if let Some(value) = value {
                let encoder = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
                ConstGauge::new(value).encode(encoder)?;
            }
        }
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;
    use std::time::{SystemTime, UNIX_EPOCH};

    #[test]
    fn what_the_system_says_is_shown() {
        let Figures { start_seconds, resident_bytes, virtual_bytes, open_files, threads, .. } = Figures::now();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        let age = now - start_seconds.unwrap();
        assert!((-5.0..86_400.0).contains(&age), "{age}");
        assert!((1 << 20..virtual_bytes.unwrap()).contains(&resident_bytes.unwrap()));
        assert!(open_files.unwrap() >= 3 && threads.unwrap() >= 1);

        let mut registry = Registry::default();
        register(&mut registry);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for name in [
            "crm_kpi_build_info{version=\"",
            "process_cpu_seconds_total ",
            "process_start_time_seconds ",
            "process_threads ",
            "process_virtual_memory_bytes ",
            "process_resident_memory_bytes ",
            "process_open_fds ",
            "process_max_fds ",
        ] {
            assert!(text.lines().any(|line| line.starts_with(name)), "{name} in {text}");
        }
    }
}
