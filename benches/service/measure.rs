//! Two things in turns, and how long each takes.

use crate::Outcome;
use std::time::{Duration, Instant};

/// A pair that is slow is measured less often, but not less often than this.
const FEWEST: usize = 3;

/// How long all pairs of a question may take before there are fewer of them.
const BUDGET: Duration = Duration::from_secs(120);

/// Pairs that are quick are measured more often: so many times as often, as long as they take no longer than this.
const MORE: usize = 7;
const QUICK: Duration = Duration::from_secs(15);

/// How long the service and what it is compared with took, pair by pair.
#[derive(Clone, Debug, Default)]
pub struct Pairs {
    pub service: Vec<Duration>,
    pub other: Vec<Duration>,
}

/// A ratio of every pair: the median, and where the middle half lies.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    pub median: f64,
    pub low: f64,
    pub high: f64,
}

impl Pairs {
    pub fn ratio(&self) -> Ratio {
        Ratio::of(
            self.service.iter().zip(&self.other).map(|(service, other)| service.as_secs_f64() / other.as_secs_f64()),
        )
    }

    pub fn medians(&self) -> (Duration, Duration) {
        (median(&self.service), median(&self.other))
    }
}

impl Ratio {
    pub fn of(ratios: impl Iterator<Item = f64>) -> Self {
        let mut ratios: Vec<f64> = ratios.collect();
        ratios.sort_by(f64::total_cmp);
        let at = |part: f64| ratios.get(((ratios.len().max(1) - 1) as f64 * part).round() as usize).copied();
        let [low, median, high] = [0.25, 0.5, 0.75].map(|part| at(part).unwrap_or(f64::NAN));
        Self { median, low, high }
    }
}

/// The middle one; of an even number the later of the two in the middle.
pub fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Three of each to warm up, or fewer where they are slow, then pairs, the order of which alternates.
pub async fn pairs(
    pairs: usize,
    mut service: impl AsyncFnMut() -> Outcome<()>,
    mut other: impl AsyncFnMut() -> Outcome<()>,
) -> Outcome<Pairs> {
    let began = Instant::now();
    for warm_up in 0..pairs.min(3) {
        if warm_up > 0 && began.elapsed() > BUDGET / 4 {
            break;
        }
        service().await?;
        other().await?;
    }
    let (began, mut measured) = (Instant::now(), Pairs::default());
    for pair in 0..pairs * MORE {
        if pair >= FEWEST && began.elapsed() > BUDGET || pair >= pairs && began.elapsed() > QUICK {
            break;
        }
        let (first, second);
        if pair % 2 == 0 {
            first = time(&mut service).await?;
            second = time(&mut other).await?;
        } else {
            second = time(&mut other).await?;
            first = time(&mut service).await?;
        }
        measured.service.push(first);
        measured.other.push(second);
    }
    Ok(measured)
}

/// How long something takes.
pub async fn time(what: &mut impl AsyncFnMut() -> Outcome<()>) -> Outcome<Duration> {
    let began = Instant::now();
    what().await?;
    Ok(began.elapsed())
}
