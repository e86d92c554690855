use crate::catalog::{Dimension, Kpi};
use crate::period::{Comparison, Timeline};
use iso_currency::Currency;

/// A question that can be answered: everything in it is resolved and checked.
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
    /// What every value is compared with.
    pub compare_to: Option<Comparison>,
    /// Also what values were meant to be.
    pub include_targets: bool,
    /// Also how the values of groups stand among all of them.
    pub include_standing: bool,
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
            currency,
            own_currency: false,
        }
    }
}

/// What a caller may see. Every question has one. [`Scope::teams`] and [`Scope::reps`] make it of ids in any order.
///
/// A record is inside where the rep that it is credited to is, or where it is a part of one that is: a deal's stay in a
/// stage, a subscription's movement where the subscription is checked. What a record refers to (its account, product,
/// stage, the deal of a proposal) describes it: its id, its label and what it is like show with it. Records that are
/// credited to nobody are only inside of everything.
///
/// Nothing else is read: neither rows, totals, ranks and places among others, nor targets, lists and findings depend on
/// what is outside. That goes for teams too: one that is outside has no row and no label, and is as if it were not on
/// record for the teams below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything.
    All,
    /// What is credited to reps of these teams and the teams below them; these teams are inside.
    Teams(Vec<String>),
    /// What is credited to these reps; the teams that they are directly in are inside.
    Reps(Vec<String>),
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
