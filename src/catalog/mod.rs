//! The catalogue: what a measure, a dimension and a KPI is, and a file of definitions for each KPI family.
//!
//! The catalogue is data. A KPI is a formula over measures; a measure is an aggregate over one source (a fact table
//! with the joins that lead to its dimensions), with its own time axis and condition. Adding a KPI is one declaration
//! in its family's file.

mod column;
mod condition;
mod dimension;
mod formula;
mod kpi;
mod measure;
mod need;
mod source;
mod time;
mod unit;

mod activity;
mod costs;
mod leads;
mod pipeline;
mod sales;
mod service;
mod social;
mod sources;
mod subscriptions;
mod surveys;
mod usage;

pub use column::Column;
pub use condition::{Condition, FactCondition};
pub use dimension::{Dimension, Records};
pub use formula::{Expr, Formula};
pub use kpi::{Family, Kpi};
pub use measure::{Aggregate, Amount, Change, Each, Measure, OverTime, Quantity, Reading, Told};
pub use need::Need;
pub use source::{Belonging, Join, Source};
pub use sources::all as sources;
pub use time::{Ahead, Axis, Instant, Shift};
pub use unit::{Direction, KpiKind, Unit};

use crate::names::{self, Language};
use std::sync::LazyLock;

/// All KPIs.
///
/// ```
/// use crm_kpi::catalog::{Catalog, Dimension, KpiKind, Unit};
///
/// let win_rate = Catalog::get().kpi("win_rate").unwrap();
/// assert_eq!((win_rate.unit, win_rate.kind), (Unit::Ratio, KpiKind::Ratio));
/// assert_eq!(win_rate.formula.to_string(), "opportunities won ÷ (opportunities won + opportunities lost)");
/// assert!(win_rate.reaches(&[Dimension::Rep, Dimension::Segment]));
/// ```
#[derive(Debug)]
pub struct Catalog {
    kpis: Vec<Kpi>,
    version: String,
}

impl Catalog {
    /// The catalogue.
    pub fn get() -> &'static Self {
        static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
            let kpis: Vec<Kpi> = [
                sales::kpis(),
                pipeline::kpis(),
                leads::kpis(),
                subscriptions::kpis(),
                activity::kpis(),
                social::kpis(),
                service::kpis(),
                surveys::kpis(),
                usage::kpis(),
            ]
            .into_iter()
            .flatten()
            .collect();
            let texts = Language::ALL.map(names::messages);
            let version = blake3::hash(format!("{kpis:?}{texts:?}").as_bytes()).to_hex()[..16].to_owned();
            Catalog { kpis, version }
        });
        &CATALOG
    }

    /// All KPIs, family by family.
    pub fn kpis(&self) -> &[Kpi] {
        &self.kpis
    }

    /// The KPI with an id.
    pub fn kpi(&self, id: &str) -> Option<&Kpi> {
        self.kpis.iter().find(|kpi| kpi.id == id)
    }

    /// Changes whenever a formula, a name or a definition changes.
    pub fn version(&self) -> &str {
        &self.version
    }
}
