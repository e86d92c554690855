//! What the programs hold, second by second, and what it comes to.

use super::{Side, Soak};
use crate::abuse::held;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// As many windows as a report has.
const WINDOWS: u32 = 10;

/// By how much memory may be larger at the end than in the middle: a tenth, and what an allocator keeps.
const GROWTH_KIB: u64 = 24 * 1024;

/// Programs are warm after this; a shorter soak does not judge memory.
const WARM: Duration = Duration::from_secs(240);

/// What one program holds at one moment.
#[derive(Clone, Copy, Default)]
struct Moment {
    resident_kib: u64,
    files: u64,
    threads: u64,
    connections: u64,
    pool_used: u64,
}

impl Moment {
    async fn of(side: &Side) -> Self {
        let entries = |folder: &str| {
            let path = format!("/proc/{}/{folder}", side.program.pid());
            std::fs::read_dir(path).map_or(0, |entries| entries.count() as u64)
        };
        let counts = held::counts(side.program.metrics).await;
        Self {
            resident_kib: side.program.resident_kib(),
            files: entries("fd"),
            threads: entries("task"),
            connections: counts.connections as u64,
            pool_used: counts.pool_used as u64,
        }
    }
}

fn median(moments: &[Moment], of: impl Fn(&Moment) -> u64) -> u64 {
    let mut values: Vec<_> = moments.iter().map(of).collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The medians of resident memory, by program and window.
pub struct Watch {
    resident_kib: [Vec<u64>; 2],
}

impl Watch {
    /// Looks every second, and prints a line for each program and window.
    pub async fn until_the_end(soak: &Soak, time: Duration) -> Self {
        let mut watch = Self { resident_kib: Default::default() };
        let began = Instant::now();
        println!("   time  program    resident  files  threads  connections  pool used  asked");
        for window in 1..=WINDOWS {
            let mut moments: [Vec<Moment>; 2] = Default::default();
            while began.elapsed() < time * window / WINDOWS {
                sleep(Duration::from_secs(1).min(time / WINDOWS / 3)).await;
                for (moments, side) in moments.iter_mut().zip(&soak.sides) {
                    moments.push(Moment::of(side).await);
                }
            }
            let asked: u64 = soak.tally.lock().expect("the tally").values().sum();
            for (place, (moments, side)) in moments.iter().zip(&soak.sides).enumerate() {
                let resident = median(moments, |moment| moment.resident_kib);
                watch.resident_kib[place].push(resident);
                println!(
                    "{:>5.1} m  {:<8} {:>7.1} MiB  {:>5}  {:>7}  {:>11}  {:>9}  {asked}",
                    began.elapsed().as_secs_f64() / 60.0,
                    format!("{:?}", side.kind),
                    resident as f64 / 1024.0,
                    median(moments, |moment| moment.files),
                    median(moments, |moment| moment.threads),
                    median(moments, |moment| moment.connections),
                    median(moments, |moment| moment.pool_used),
                );
            }
        }
        watch
    }

    /// Memory that still grows in the second half is a fault.
    pub fn judge(&self, soak: &Soak, time: Duration) {
        for (medians, side) in self.resident_kib.iter().zip(&soak.sides) {
            let (middle, last) = (medians[WINDOWS as usize / 2], medians[WINDOWS as usize - 1]);
            let allowed = middle + middle / 10 + GROWTH_KIB;
            if time >= WARM && last > allowed {
                soak.fault(format!("{:?}: memory grows: {medians:?} KiB", side.kind));
            }
        }
    }
}
