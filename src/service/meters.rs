use super::callers::CallerMeters;
use crate::error::Error;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limit {
    limit: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Origin {
    from: &'static str,
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum From {
    /// It was read.
    Database,
    /// It was kept.
    EncodedAnswer,
    /// Somebody else asked the same at the same time.
    Shared,
}

impl From {
    const ALL: [Self; 3] = [Self::Database, Self::EncodedAnswer, Self::Shared];

    fn label(self) -> Origin {
        let from = match self {
            Self::Database => "database",
            Self::EncodedAnswer => "kept",
            Self::Shared => "shared",
        };
        Origin { from }
    }
}

/// The limits that are counted.
const LIMITS: [&str; 9] =
    ["queries", "caller", "memory", "connections", "request_bytes", "figures", "stall", "pool", "database"];

/// What is counted of questions. A clone counts in the same place.
#[derive(Clone, Debug, Default)]
pub struct ServiceMeters {
    /// Questions that are worked on.
    pub active: Gauge,
    /// Questions that wait for a place.
    pub waiting: Gauge,
    /// Checks of the records that are read.
    pub checks_active: Gauge,
    /// Checks that were read along with another one.
    pub checks_shared: Counter,
    /// Answers of "not modified".
    pub unchanged: Counter,
    /// By caller.
    pub(super) callers: CallerMeters,
    refused: Family<Limit, Counter>,
    answers: Family<Origin, Counter>,
}

impl ServiceMeters {
    /// With the names of so many callers at most.
    pub fn with_callers(names: usize) -> Self {
        Self { callers: CallerMeters::new(names), ..Self::default() }
    }

    /// For the places of checks: the same counts, but for what is under way.
    pub(super) fn of_checks(&self) -> Self {
        Self { active: self.checks_active.clone(), waiting: Gauge::default(), ..self.clone() }
    }

    /// Shows the counts in a registry.
    pub fn register(&self, registry: &mut Registry) {
        let Self { active, waiting, checks_active, checks_shared, unchanged, callers, refused, answers } = self;
        callers.register(registry);
        registry.register("crm_kpi_queries_active", "Questions that are worked on", active.clone());
        registry.register("crm_kpi_queries_waiting", "Questions that wait for a place", waiting.clone());
        registry.register("crm_kpi_checks_active", "Checks of the records that are read", checks_active.clone());
        let help = "Checks of the records that were read along with the same of another caller";
        registry.register("crm_kpi_checks_shared", help, checks_shared.clone());
        registry.register("crm_kpi_unchanged_answers", "Answers of \"not modified\"", unchanged.clone());
        for limit in LIMITS {
            // From the start at 0: an alert sees the first one too.
            drop(refused.get_or_create(&Limit { limit }));
        }
        for from in From::ALL {
            drop(answers.get_or_create(&from.label()));
        }
        let help = "Answers with data: read, kept, or shared with others who asked the same at the same time";
        registry.register("crm_kpi_answers", help, answers.clone());
        registry.register("crm_kpi_refused", "Calls refused or ended by a limit", refused.clone());
    }

    pub(super) fn answered(&self, from: From) {
        self.answers.get_or_create(&from.label()).inc();
    }

    /// Counts an error that a limit is the cause of.
    pub fn failed(&self, error: &Error) {
        let limit = match error {
            Error::TooManyQueries => "queries",
            Error::CallerLimit(_) => "caller",
            Error::MemoryLimit { .. } => "memory",
            Error::TooManyConnections => "connections",
            Error::RequestTooLarge => "request_bytes",
            Error::TooLarge(_) => "figures",
            Error::SlowReader => "stall",
            Error::PoolExhausted => "pool",
            Error::DatabaseOverloaded(_) => "database",
            _ => return,
        };
        self.refused.get_or_create(&Limit { limit }).inc();
    }
}
