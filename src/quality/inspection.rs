use super::rule::Rule;
use crate::scope::Scope;
use chrono::{DateTime, Utc};
use iso_currency::Currency;

/// What to check, and for whom.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// What the caller may see: it narrows lists and counts.
    pub scope: Scope,
    /// What is checked, in this order.
    pub rules: Vec<&'static Rule>,
    /// Only what is credited to these reps; the empty id is "nobody". Empty: whoever it is credited to.
    pub reps: Vec<String>,
    /// Only what is credited to reps of these teams and the teams below them; the empty id is "no team". Empty: all.
    pub teams: Vec<String>,
    /// Records that are listed of each rule at most. Counts are complete.
    pub max_records: u64,
    /// The instant that "the future" begins at.
    pub now: DateTime<Utc>,
    /// The currency that the service answers in.
    pub currency: Currency,
}
