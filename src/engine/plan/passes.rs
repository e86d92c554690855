//! Which measures are read together: those of the groups, then those of everything that do not follow from the groups'.

use super::measures::Plan;
use crate::catalog::Dimension;
use crate::engine::model::{OrderKey, Question};

/// Measures that are read together.
#[derive(Debug)]
pub(crate) struct Pass {
    /// Places in the plan's measures.
    pub measures: Vec<usize>,
    /// Those that are wanted in the whole period too, where that does not follow from the buckets.
    pub whole: Vec<usize>,
    /// What they are grouped by.
    pub keys: Vec<Dimension>,
}

impl Plan {
    /// Reads all measures of the question's groups over so many buckets.
    pub fn groups(&self, question: &Question, buckets: usize) -> Pass {
        let whole = self.wanted_in_whole(question, buckets);
        Pass { measures: self.all(), whole, keys: question.group_by.clone() }
    }

    /// Reads all measures of everything together.
    pub fn totals(&self, buckets: usize) -> Pass {
        Self::of_everything(self.all(), buckets)
    }

    /// Reads the measures of everything together that do not add up from those of the groups; none where all do.
    pub fn totals_beside_groups(&self, question: &Question, buckets: usize) -> Option<Pass> {
        let overlap = question.group_by.iter().any(|dimension| dimension.hierarchical());
        let whole = self.wanted_in_whole(question, buckets);
        let anew = |&measure: &usize| {
            let unread = buckets > 1 && !self.adds_up_over_time(measure) && !whole.contains(&measure);
            overlap || unread || !self.measures[measure].reading.adds_up_over_groups()
        };
        let anew: Vec<usize> = self.all().into_iter().filter(anew).collect();
        let needed = !question.group_by.is_empty() && !anew.is_empty();
        needed.then(|| Self::of_everything(anew, buckets))
    }

    fn of_everything(measures: Vec<usize>, buckets: usize) -> Pass {
        let whole = if buckets > 1 { measures.clone() } else { Vec::new() };
        Pass { measures, whole, keys: Vec::new() }
    }

    /// The measures whose figures over the whole period are needed of every group, beside those of the buckets.
    fn wanted_in_whole(&self, question: &Question, buckets: usize) -> Vec<usize> {
        match buckets {
            ..2 => Vec::new(),
            _ if question.group_by.is_empty() => self.all(),
            _ => self.ordering_measures(question),
        }
    }

    /// The measures of the KPIs that the order of groups goes by.
    fn ordering_measures(&self, question: &Question) -> Vec<usize> {
        let kpis = question.order_by.iter().filter_map(|order| match order.key {
            OrderKey::Kpi(kpi) => self.formulas.get(kpi),
            OrderKey::Key(_) => None,
        });
        let mut measures: Vec<usize> = kpis.flat_map(|formula| formula.measures()).collect();
        measures.sort_unstable();
        measures.dedup();
        measures
    }

    fn all(&self) -> Vec<usize> {
        (0..self.measures.len()).collect()
    }
}
