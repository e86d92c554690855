use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The label of callers that have no name among the counts.
const OTHER: &str = "other";

/// A name that was not heard of for this long gives its place to another one.
const IDLE: Duration = Duration::from_secs(3600);

type Seconds = Counter<f64, AtomicU64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Label {
    caller: String,
}

/// What is counted of callers by their names: of so many names at most, the rest together.
#[derive(Clone, Debug, Default)]
pub(super) struct CallerMeters {
    active: Family<Label, Gauge>,
    waited: Family<Label, Seconds>,
    queries: Family<Label, Counter>,
    refused: Family<Label, Counter>,
    names: Arc<Mutex<Names>>,
}

#[derive(Debug, Default)]
struct Names {
    most: usize,
    heard_of: HashMap<Arc<str>, Instant>,
}

impl CallerMeters {
    /// With so many names at most; without any nothing is counted.
    pub fn new(names: usize) -> Self {
        let names = Names { most: names, heard_of: HashMap::new() };
        Self { names: Arc::new(Mutex::new(names)), ..Self::default() }
    }

    pub fn register(&self, registry: &mut Registry) {
        let Self { active, waited, queries, refused, .. } = self;
        registry.register("crm_kpi_caller_queries_active", "Questions that are worked on, by caller", active.clone());
        registry.register("crm_kpi_caller_queries", "Questions that got a place, by caller", queries.clone());
        registry.register("crm_kpi_caller_wait_seconds", "Waited for places, by caller", waited.clone());
        registry.register("crm_kpi_caller_refused", "Questions that got no place, by caller", refused.clone());
    }

    /// A place is held, or given back. By a name that is not counted it is one of the others.
    pub fn holds(&self, account: &Arc<str>) -> Gauge {
        let label = self.label(account, Instant::now());
        label.map_or_else(Gauge::default, |label| self.active.get_or_create_owned(&label))
    }

    pub fn begins(&self, account: &Arc<str>, waited: Duration) {
        if let Some(label) = self.label(account, Instant::now()) {
            self.queries.get_or_create(&label).inc();
            self.waited.get_or_create(&label).inc_by(waited.as_secs_f64());
        }
    }

    pub fn refuses(&self, account: &Arc<str>) {
        if let Some(label) = self.label(account, Instant::now()) {
            self.refused.get_or_create(&label).inc();
        }
    }

    fn label(&self, account: &Arc<str>, now: Instant) -> Option<Label> {
        let names = &mut *self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if names.most == 0 {
            return None;
        }
        if names.heard_of.len() >= names.most && !names.heard_of.contains_key(account) {
            let quietest = names.heard_of.iter().min_by_key(|(_, heard)| **heard);
            let quietest = quietest.filter(|(_, heard)| now.saturating_duration_since(**heard) >= IDLE);
            match quietest.map(|(name, _)| name.clone()) {
                Some(name) if self.forget(&name) => names.heard_of.remove(&name),
                _ => return Some(Label { caller: OTHER.into() }),
            };
        }
        names.heard_of.insert(account.clone(), now);
        Some(Label { caller: account.to_string() })
    }

    /// Shows a name no more, unless something of it goes on.
    fn forget(&self, name: &str) -> bool {
        let label = Label { caller: name.into() };
        if self.active.get(&label).is_some_and(|active| active.get() > 0) {
            return false;
        }
        let Self { active, waited, queries, refused, .. } = self;
        active.remove(&label);
        waited.remove(&label);
        queries.remove(&label);
        refused.remove(&label);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(meters: &CallerMeters, name: &str, now: Instant) -> String {
        meters.label(&name.into(), now).unwrap().caller
    }

    #[test]
    fn names_are_bounded_and_the_quiet_make_room() {
        let meters = CallerMeters::new(2);
        let begin = Instant::now();
        let later = begin + IDLE;
        assert_eq!(labels(&meters, "a", begin), "a");
        assert_eq!(labels(&meters, "b", begin), "b");
        assert_eq!(labels(&meters, "c", begin), OTHER);
        assert_eq!(labels(&meters, "b", later), "b");
        let held = meters.holds(&"a".into());
        held.inc();
        let all_quiet = Instant::now() + 2 * IDLE;
        meters.names.lock().unwrap().heard_of.insert("a".into(), begin);
        assert_eq!(labels(&meters, "c", later), OTHER, "something of a goes on");
        held.dec();
        assert_eq!(labels(&meters, "c", later), "c");
        assert_eq!(labels(&meters, "a", later), OTHER);
        assert_eq!(labels(&meters, "a", all_quiet), "a");
        assert!(CallerMeters::new(0).label(&"a".into(), begin).is_none());
    }
}
