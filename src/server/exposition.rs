//! The formats in which metrics are told.

use std::fmt::Write;

/// A format of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// The text format of Prometheus, 0.0.4.
    Prometheus,
}

impl Format {
    /// The one that a client likes best, by its `accept` headers; Prometheus's own where it does not ask for OpenMetrics.
    pub fn accepted<'a>(headers: impl Iterator<Item = &'a str>) -> Self {
        let (mut open_metrics, mut prometheus) = (0.0, 0.0_f64);
        for range in headers.flat_map(|header| header.split(',')) {
            let mut parts = range.split(';').map(str::trim);
            let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
            let mut quality = 1.0;
            let mut version = None;
            for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
                match name.trim() {
                    "q" => quality = value.trim().parse().unwrap_or(0.0),
                    "version" => version = Some(value.trim().trim_matches('"')),
                    _ => {}
                }
            }
            match kind.as_str() {
                "application/openmetrics-text" if version.is_none_or(|version| version == "1.0.0") => {
                    open_metrics = f64::max(open_metrics, quality);
                }
                "text/plain" | "text/*" | "*/*" => prometheus = prometheus.max(quality),
                _ => {}
            }
        }
        if open_metrics > 0.0 && open_metrics >= prometheus { Self::OpenMetrics } else { Self::Prometheus }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
        }
    }

    /// Writes what is there in OpenMetrics.
    pub fn write(self, open_metrics: String) -> String {
        match self {
            Self::OpenMetrics => open_metrics,
            Self::Prometheus => prometheus(&open_metrics),
        }
    }
}

/// In Prometheus's format a family has the name of its samples, and neither a unit nor an end.
fn prometheus(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len() + open_metrics.len() / 8);
    let mut help = None;
    for line in open_metrics.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            help = rest.split_once(' ');
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            let (suffix, kind) = match kind {
                "counter" => ("_total", "counter"),
                "info" => ("_info", "gauge"),
                "unknown" => ("", "untyped"),
                other => ("", other),
            };
            if let Some((_, help)) = help.take().filter(|(of, _)| *of == name) {
                let _ = writeln!(text, "# HELP {name}{suffix} {help}");
            }
            let _ = writeln!(text, "# TYPE {name}{suffix} {kind}");
        } else if !line.starts_with('#') {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;
    use prometheus_client::metrics::counter::Counter;
    use prometheus_client::metrics::gauge::Gauge;
    use prometheus_client::metrics::histogram::Histogram;
    use prometheus_client::metrics::info::Info;
    use prometheus_client::registry::{Registry, Unit};

    #[test]
    fn a_client_gets_what_it_likes_best() {
        let of = |header: &str| Format::accepted([header].into_iter());
        // What Prometheus 2 and 3 send.
        let two = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                   text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        let three = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
                     text/plain;version=0.0.4;q=0.2,*/*;q=0.1";
        for open_metrics in [two, three, "application/openmetrics-text", "Application/OpenMetrics-Text; q=1"] {
            assert_eq!(of(open_metrics), Format::OpenMetrics, "{open_metrics}");
        }
        let plain_first = "text/plain;version=0.0.4,application/openmetrics-text;q=0.5";
        let none = "application/openmetrics-text;q=0";
        for prometheus in ["", "*/*", "text/plain", "text/html, */*;q=0.8", plain_first, none, "q=,;;="] {
            assert_eq!(of(prometheus), Format::Prometheus, "{prometheus}");
        }
        assert_eq!(Format::accepted(std::iter::empty()), Format::Prometheus);
        assert_eq!(Format::accepted(["*/*;q=0.1", "application/openmetrics-text"].into_iter()), Format::OpenMetrics);
    }

    #[test]
    fn the_format_of_prometheus_is_written_as_its_page_has_it() {
        let mut registry = Registry::default();
        let counter = Counter::<u64>::default();
        counter.inc();
        registry.register("calls", "Calls \"made\"", counter);
        registry.register("open", "Open ones", Gauge::<i64>::default());
        registry.register_with_unit("wait", "The wait", Unit::Seconds, Histogram::new([0.5]));
        registry.register("build", "The build", Info::new([("version", "1")]));
        let mut open_metrics = String::new();
        encode(&mut open_metrics, &registry).unwrap();
        assert!(open_metrics.contains("# TYPE calls counter\n") && open_metrics.ends_with("# EOF\n"), "{open_metrics}");
        let expected = "# HELP calls_total Calls \"made\".\n# TYPE calls_total counter\ncalls_total 1\n\
            # HELP open Open ones.\n# TYPE open gauge\nopen 0\n\
            # HELP wait_seconds The wait.\n# TYPE wait_seconds histogram\nwait_seconds_sum 0.0\nwait_seconds_count 0\n\
            wait_seconds_bucket{le=\"0.5\"} 0\nwait_seconds_bucket{le=\"+Inf\"} 0\n\
            # HELP build_info The build.\n# TYPE build_info gauge\nbuild_info{version=\"1\"} 1\n";
        assert_eq!(Format::Prometheus.write(open_metrics), expected);
    }
}
