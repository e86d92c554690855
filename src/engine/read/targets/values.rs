use rust_decimal::Decimal;
use std::collections::HashMap;

/// The targets of every KPI at every bucket, KPI by KPI.
pub(super) type TargetValues = Vec<TargetValue>;

/// The target of a KPI at a bucket.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TargetValue {
    /// What the bucket has as a whole; none where targets cover it only in part.
    pub whole: Option<Decimal>,
    /// What it has at all, also where targets cover it only in part: someone's who joined within it.
    pub any: Option<Decimal>,
}

/// The targets of a question's rows, or of its totals.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    pub(super) buckets: usize,
    /// Own targets by rep or team; by the empty text for everything.
    pub(super) own: HashMap<String, TargetValues>,
    /// The sums of reps' targets by team; by the empty text for everything.
    pub(super) of_reps: HashMap<String, TargetValues>,
}

impl Targets {
    /// The own target of a row, and the sum of its reps'.
    pub fn of(&self, key: &[String], kpi: usize, bucket: usize) -> (Option<Decimal>, Option<Decimal>) {
        let key = key.first().map_or("", String::as_str);
        let at = |values: &HashMap<String, TargetValues>| {
            values.get(key).and_then(|values| values.get(kpi * self.buckets + bucket)).copied()
        };
        (at(&self.own).and_then(|target| target.whole), at(&self.of_reps).and_then(|target| target.any))
    }
}
