use crate::catalog::Need;

/// What a KPI can be read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KpiSources {
    /// There is something: otherwise it is absent, see [`super::NullReason::NoSource`].
    pub available: bool,
    /// What nobody fills of that which it needs. An available KPI can do without: it is a sum that has other terms.
    pub missing: Vec<Need>,
}
