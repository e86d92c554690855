use crate::engine::model::{MissingRate, NoTarget};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The targets of every KPI at every bucket, KPI by KPI.
pub(super) type TargetValues = Vec<TargetValue>;

/// Targets by rep or team (the empty text for everything), and by the key of a member (the empty text where there is none).
pub(super) type ByOwner = HashMap<String, HashMap<String, TargetValues>>;

/// The target of a KPI at a bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct TargetValue {
    /// What the bucket has as a whole.
    pub whole: Result<Decimal, NoTarget>,
    /// What it has at all, also where targets cover it only in part.
    pub any: Option<Result<Decimal, MissingRate>>,
}

impl Default for TargetValue {
    fn default() -> Self {
        Self { whole: Err(NoTarget::NotSet), any: None }
    }
}

/// What a value was meant to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Aim {
    /// The own target of the row, or why there is none.
    pub own: Result<Decimal, NoTarget>,
    /// The sum of its reps' targets, where all of them can be converted.
    pub of_reps: Option<Decimal>,
}

/// The targets of a question's rows, or of its totals.
#[derive(Debug)]
pub(crate) struct Targets {
    pub(super) buckets: usize,
    /// Where the rep or team stands in a row's keys; none: rows are of everything.
    pub(super) owner: Option<usize>,
    /// Where the key of a member stands in them.
    pub(super) member: Option<usize>,
    /// Own targets.
    pub(super) own: ByOwner,
    /// The sums of reps' targets.
    pub(super) of_reps: ByOwner,
    /// Why rows that are not among these have none.
    pub(super) absent: NoTarget,
    /// For every KPI, whether rows can have targets of it.
    pub(super) read: Vec<bool>,
}

impl Targets {
    /// What a row was meant to be.
    pub fn of(&self, key: &[String], kpi: usize, bucket: usize) -> Aim {
        if !self.read.get(kpi).copied().unwrap_or_default() {
            return Aim { own: Err(NoTarget::OtherRows), of_reps: None };
        }
        let part = |place: Option<usize>| place.and_then(|place| key.get(place)).map_or("", String::as_str);
        let (owner, member) = (part(self.owner), part(self.member));
        let at = |targets: &ByOwner| {
            targets.get(owner)?.get(member).and_then(|values| values.get(kpi * self.buckets + bucket)).copied()
        };
        Aim {
            own: at(&self.own).map_or(Err(self.absent), |target| target.whole),
            of_reps: at(&self.of_reps).and_then(|target| target.any?.ok()),
        }
    }
}
