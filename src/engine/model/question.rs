use super::result::Column;
use crate::catalog::{Dimension, Kpi, Unit};
use crate::period::{Comparison, Timeline};
use crate::scope::Scope;
use iso_currency::Currency;

/// A question that can be answered: everything in it is resolved and checked.
///
/// ```
/// use crm_kpi::catalog::{Catalog, Dimension};
/// use crm_kpi::database::{DayColumns, Dialect};
/// use crm_kpi::engine::{Question, explain};
/// use crm_kpi::period::{Calendar, Period};
/// use crm_kpi::scope::Scope;
/// use iso_currency::Currency;
///
/// let quarter = Period::Dates { first: "2026-01-01".parse().unwrap(), last: "2026-03-31".parse().unwrap() };
/// let timeline = quarter.resolve(None, Calendar::default(), "2026-04-01T00:00:00Z".parse().unwrap()).unwrap();
/// let kpis = ["win_rate", "won_value"].map(|id| Catalog::get().kpi(id).unwrap());
/// let question = Question::new(Scope::teams(["emea"]), kpis.into(), timeline, Currency::USD);
/// let by_rep = Question { group_by: vec![Dimension::Rep], ..question };
///
/// // Both KPIs are read by one scan of the deals, which makes up the totals, too.
/// let passes = explain(&by_rep, Dialect::Postgres, &DayColumns::default()).unwrap();
/// assert_eq!(passes.len(), 1);
/// assert_eq!(passes[0].scans[0].source, "opportunities");
/// ```
#[derive(Clone, Debug)]
pub struct Question {
    /// What the caller may see.
    pub scope: Scope,
    /// What is asked for; never empty.
    pub kpis: Vec<&'static Kpi>,
    /// When.
    pub timeline: Timeline,
    /// Which rows count: all must hold.
    pub filters: Vec<Filter>,
    /// By what; empty: one group for everything.
    pub group_by: Vec<Dimension>,
    /// The order of groups; ties are broken by their keys.
    pub order_by: Vec<Order>,
    /// Also groups on record that have no data. Only with exactly one dimension in `group_by`.
    pub include_empty: bool,
    /// Only so many groups.
    pub limit: Option<usize>,
    /// It fails where an amount cannot be converted; otherwise what lacks one has no value.
    pub require_rates: bool,
    /// What every value is compared with.
    pub compare_to: Option<Comparison>,
    /// Also what values were meant to be.
    pub include_targets: bool,
    /// Also how the values of groups stand among all of them.
    pub include_standing: bool,
    /// Which teams have rows, where it is grouped by team; none: those of all levels.
    pub hierarchy: Option<HierarchyRows>,
    /// The currency that amounts are answered in.
    pub currency: Currency,
    /// Each row is answered in its own currency instead: the question is grouped by currency and names none.
    pub own_currency: bool,
}

impl Question {
    /// Asks for KPIs over a period: of everything that the scope shows, in one group, beside nothing.
    pub fn new(scope: Scope, kpis: Vec<&'static Kpi>, timeline: Timeline, currency: Currency) -> Self {
        Self {
            scope,
            kpis,
            timeline,
            filters: Vec::new(),
            group_by: Vec::new(),
            order_by: Vec::new(),
            compare_to: None,
            include_empty: false,
            include_targets: false,
            include_standing: false,
            limit: None,
            hierarchy: None,
            require_rates: false,
            currency,
            own_currency: false,
        }
    }

    /// What the values of its rows mean, in the order of its KPIs.
    pub fn columns(&self) -> Vec<Column> {
        let scale = self.currency.exponent().map_or(0, u32::from);
        let column = |&kpi: &&'static Kpi| {
            let currency = (kpi.unit == Unit::Currency && !self.own_currency).then_some(self.currency);
            Column { kpi, scale: kpi.unit.scale(scale), currency }
        };
        self.kpis.iter().map(column).collect()
    }

    /// The dimensions that it is grouped and filtered by.
    pub(crate) fn dimensions(&self) -> Vec<Dimension> {
        self.group_by.iter().copied().chain(self.filters.iter().map(|filter| filter.dimension)).collect()
    }

    /// Whether some of its KPIs are judged by now, and its period reaches ahead of it.
    pub fn ends_now(&self) -> bool {
        self.timeline.reaches_ahead() && self.kpis.iter().any(|kpi| kpi.ends_now())
    }

    /// Whether groups have places by a KPI: not by amounts that are each in another currency.
    pub(crate) fn ranks(&self, kpi: usize) -> bool {
        !self.own_currency || self.kpis.get(kpi).is_none_or(|kpi| kpi.unit != Unit::Currency)
    }

    /// Whether a team's row has what is below the team: where only some reps are asked for, rows are of the teams that they
    /// are directly in.
    pub(crate) fn rolls_up(&self) -> bool {
        let of_reps = self.filters.iter().any(|filter| filter.dimension == Dimension::Rep);
        !of_reps && !matches!(self.scope, Scope::Reps(_))
    }

    /// Whether the order of groups goes by a KPI.
    pub(crate) fn orders_by_kpi(&self) -> bool {
        self.order_by.iter().any(|order| matches!(order.key, OrderKey::Kpi(_)))
    }
}

/// Rows of a part of the tree of teams. Levels are those of the tree that the scope and a filter by team leave.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HierarchyRows {
    /// Those with nothing below.
    Leaves,
    /// Those with nothing above.
    Top,
    /// Those directly below the one with this id.
    ChildrenOf(String),
}

/// A condition on a dimension.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter {
    /// The dimension.
    pub dimension: Dimension,
    /// The condition.
    pub test: Test,
}

/// A condition on a key. The empty key is "not set"; a team stands for itself and every team below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Test {
    /// It is one of these.
    AnyOf(Vec<String>),
    /// It is none of these.
    NoneOf(Vec<String>),
}

/// A step of the order of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// What groups go by.
    pub key: OrderKey,
    /// From the highest down. Absent values come last either way.
    pub descending: bool,
}

/// What groups go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderKey {
    /// The value over the whole period of the KPI at this place of `kpis`.
    Kpi(usize),
    /// The key at this place of `group_by`.
    Key(usize),
}
