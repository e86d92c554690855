//! How much memory the process may have.

use std::fs;

/// Where the system says nothing.
const UNKNOWN: u64 = 2 << 30;

/// Half of what the process may have: the least of its control groups' limits and the machine's memory.
pub(super) fn half() -> u64 {
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = groups.lines().flat_map(files).filter_map(|file| limit(&fs::read_to_string(file).ok()?));
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| total(&text));
    limits.chain(machine).min().unwrap_or(UNKNOWN) / 2
}

/// The files with the limits of a control group and those above it, by its line in `/proc/self/cgroup`: version 2
/// ("0::/a/b"), or the controller "memory" of version 1. In a container the path may be that of the host.
fn files(line: &str) -> Vec<String> {
    let mut parts = line.splitn(3, ':');
    let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next()) else {
        return Vec::new();
    };
    let (root, name) = match controllers {
        "" => ("/sys/fs/cgroup", "memory.max"),
        _ if controllers.split(',').any(|controller| controller == "memory") => {
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
        }
        _ => return Vec::new(),
    };
    let mut files = vec![format!("{root}/{name}")];
    let mut below = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        below = format!("{below}/{part}");
        files.push(format!("{root}{below}/{name}"));
    }
    files
}

/// A limit; none for "max".
fn limit(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// `MemTotal` in bytes.
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_those_of_both_versions_and_of_all_groups_above() {
        let of = |line| files(line).join(" ");
        assert_eq!(of("0::/"), "/sys/fs/cgroup/memory.max");
        assert_eq!(
            of("0::/a/b"),
            "/sys/fs/cgroup/memory.max /sys/fs/cgroup/a/memory.max /sys/fs/cgroup/a/b/memory.max"
        );
        assert_eq!(
            of("5:cpu,memory:/a"),
            "/sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory/a/memory.limit_in_bytes"
        );
        assert_eq!((of("4:cpu:/a"), of("nonsense")), (String::new(), String::new()));
        assert_eq!((limit("max\n"), limit("1073741824\n")), (None, Some(1 << 30)));
        assert_eq!(total("MemTotal:       16318468 kB\nMemFree: 1 kB\n"), Some(16_318_468 * 1024));
        assert!((16 << 20..1 << 50).contains(&half()), "{}", half());
    }
}
