use super::errors::Interruption;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;

/// Seconds that statements take.
const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0, 60.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Then {
    then: &'static str,
}

/// What became of a connection whose statement was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Others can use it.
    Kept,
    /// It had to be closed.
    Closed,
}

impl Outcome {
    const ALL: [Self; 2] = [Self::Kept, Self::Closed];

    fn label(self) -> Then {
        let then = match self {
            Self::Kept => "kept",
            Self::Closed => "closed",
        };
        Then { then }
    }
}

/// What is counted of questions to the database. A clone counts in the same place.
#[derive(Clone, Debug)]
pub struct Meters(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pub statements: Counter,
    pub seconds: Histogram,
    pub rows: Counter,
    pub stopped: Counter,
    pub ended: Family<Then, Counter>,
    pub again: Family<Reason, Counter>,
    pub wait: Histogram,
}

impl Default for Meters {
    fn default() -> Self {
        Self(Arc::new(Inner {
            statements: Counter::default(),
            seconds: Histogram::new(SECONDS),
            rows: Counter::default(),
            stopped: Counter::default(),
            ended: Family::default(),
            again: Family::default(),
            wait: Histogram::new(SECONDS),
        }))
    }
}

impl Meters {
    /// Shows the counts in a registry.
    pub fn register(&self, registry: &mut Registry) {
        let Inner { statements, seconds, rows, stopped, ended, again, wait } = &*self.0;
        // From the start at 0: an alert sees the first one too.
        for outcome in Outcome::ALL {
            drop(ended.get_or_create(&outcome.label()));
        }
        for why in Interruption::ALL {
            drop(again.get_or_create(&Reason { reason: why.name() }));
        }
        registry.register("crm_kpi_statements", "Statements sent to the database", statements.clone());
        registry.register("crm_kpi_statement_seconds", "From a statement to its last row", seconds.clone());
        registry.register("crm_kpi_rows_read", "Rows read from the database", rows.clone());
        registry.register("crm_kpi_statements_stopped", "Statements stopped before their end", stopped.clone());
        let help = "Connections whose statement was stopped: kept for others, or closed";
        registry.register("crm_kpi_stopped_connections", help, ended.clone());
        registry.register("crm_kpi_retries", "Questions asked again since the database broke them off", again.clone());
        registry.register("crm_kpi_pool_wait_seconds", "Waiting for a connection to the database", wait.clone());
    }

    pub(super) fn waited(&self, seconds: f64) {
        self.0.wait.observe(seconds);
    }

    pub(super) fn read(&self, seconds: f64, rows: u64) {
        self.0.statements.inc();
        self.0.seconds.observe(seconds);
        self.0.rows.inc_by(rows);
    }

    pub(super) fn stopped(&self) {
        self.0.stopped.inc();
    }

    pub(super) fn ended(&self, outcome: Outcome) {
        self.0.ended.get_or_create(&outcome.label()).inc();
    }

    pub(super) fn asked_again(&self, why: Interruption) {
        self.0.again.get_or_create(&Reason { reason: why.name() }).inc();
    }
}
