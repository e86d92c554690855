//! Groups: what rows are of.

use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::Arc;

/// The ids of a group's keys.
pub(crate) type GroupKey = Vec<String>;

/// Something of each group.
pub(crate) type ByGroup<T> = HashMap<Arc<GroupKey>, T, RandomState>;
