//! Whether there is anything that measures could be read from. Only measures that are 0 everywhere make anybody look.

use super::figures::Figures;
use crate::catalog::Need;
use crate::database::Snapshot;
use crate::engine::model::KpiSources;
use crate::engine::plan::{Computation, Plan};
use crate::engine::sql::needs_met;
use crate::error::Result;
use std::sync::{Arc, OnceLock};

/// What a plan's measures are read from, in one snapshot.
pub(crate) struct Sources<'a> {
    snapshot: &'a Snapshot,
    plan: &'a Plan,
    /// For each measure what it needs and nobody fills, once somebody has looked.
    unmet: Vec<OnceLock<Vec<Need>>>,
}

impl<'a> Sources<'a> {
    pub fn new(snapshot: &'a Snapshot, plan: &'a Plan) -> Self {
        Self { snapshot, plan, unmet: plan.measures.iter().map(|_| OnceLock::new()).collect() }
    }

    /// For each KPI whether it has nothing to be read from; empty where all have.
    pub async fn lacking(&self, figures: &Figures) -> Result<Arc<[bool]>> {
        let zero: Vec<bool> = (0..self.unmet.len()).map(|measure| figures.are_zero(measure)).collect();
        self.look((0..zero.len()).filter(|&measure| zero[measure]).collect()).await?;
        let is_unmet = |measure: usize| self.unmet[measure].get().is_some_and(|unmet| !unmet.is_empty());
        let lacking = |measure: usize| zero[measure] && is_unmet(measure);
        if !(0..zero.len()).any(lacking) {
            return Ok(Arc::default());
        }
        Ok(self.plan.formulas.iter().map(|formula| formula.lacks(&lacking)).collect())
    }

    /// What each KPI can be read from.
    pub async fn missing(&self) -> Result<Vec<KpiSources>> {
        self.look((0..self.unmet.len()).collect()).await?;
        let unmet = |measure: usize| self.unmet[measure].get().map(Vec::as_slice).unwrap_or_default();
        let of_kpi = |formula: &Computation| {
            let mut missing: Vec<Need> = Vec::new();
            for need in formula.measures().into_iter().flat_map(unmet) {
                if !missing.contains(need) {
                    missing.push(*need);
                }
            }
            KpiSources { available: !formula.lacks(&|measure| !unmet(measure).is_empty()), missing }
        };
        Ok(self.plan.formulas.iter().map(of_kpi).collect())
    }

    /// Looks for what these measures need, where nobody has.
    async fn look(&self, measures: Vec<usize>) -> Result<()> {
        let measures: Vec<usize> = measures.into_iter().filter(|&one| self.unmet[one].get().is_none()).collect();
        let needed: Vec<Vec<Need>> = measures.iter().map(|&one| self.plan.measures[one].reading.needed()).collect();
        let mut needs: Vec<Need> = Vec::new();
        for need in needed.iter().flatten() {
            if !needs.contains(need) {
                needs.push(*need);
            }
        }
        if needs.is_empty() {
            return Ok(());
        }
        let row = self.snapshot.one(needs_met(self.snapshot.dialect(), &needs)).await?;
        let mut met = vec![true; needs.len()];
        for (place, met) in met.iter_mut().enumerate() {
            if let Some(row) = &row {
                *met = row.try_get_by_index::<i32>(place)? != 0;
            }
        }
        let is_unmet = |need: &Need| needs.iter().zip(&met).any(|(one, met)| one == need && !met);
        for (measure, needed) in measures.into_iter().zip(needed) {
            let unmet = needed.into_iter().filter(is_unmet).collect();
            // Somebody else may have looked meanwhile, and seen the same.
            _ = self.unmet[measure].set(unmet);
        }
        Ok(())
    }
}
