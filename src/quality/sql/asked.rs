use super::{CHECKED, OWNER};
use crate::database::Dialect;
use crate::quality::inspection::Inspection;
use crate::quality::rule::Records;
use crate::scope::{Below, Scope, any_of};
use sea_orm::sea_query::{Expr, SelectStatement};

/// Which records of a table an inspection is about: those of [`CHECKED`].
pub(super) struct Asked<'a> {
    pub dialect: Dialect,
    pub inspection: &'a Inspection,
    pub records: &'a Records,
}

impl Asked<'_> {
    /// Whether the caller sees a record; none where they see all. Needs [`Asked::add_teams`].
    pub fn seen(&self) -> Option<Expr> {
        let scope = &self.inspection.scope;
        if *scope == Scope::All {
            return None;
        }
        let shown = self.rep().and_then(|rep| scope.shows_rep(self.dialect, rep));
        // What is credited to nobody is only inside of everything.
        Some(shown.unwrap_or(Expr::cust("1 = 0")))
    }

    /// The conditions of the caller's filters; all must hold. Needs [`Asked::add_teams`] and the join of [`OWNER`].
    pub fn wanted(&self) -> impl Iterator<Item = Expr> {
        let team = self.records.rep.map(|_| Expr::col((OWNER, "team_id")));
        let filters = [(self.rep(), &self.inspection.reps, Below::Left), (team, &self.inspection.teams, Below::Taken)];
        filters.into_iter().filter(|(_, ids, _)| !ids.is_empty()).map(|(key, ids, below)| {
            // Nobody is credited with what has no rep: its key is not set.
            let unset = || Expr::cust(if ids.iter().any(String::is_empty) { "1 = 1" } else { "1 = 0" });
            key.map_or_else(unset, |key| any_of(self.dialect, key, ids, below))
        })
    }

    /// Adds the tables of teams that the conditions read.
    pub fn add_teams(&self, select: &mut SelectStatement) {
        let Inspection { scope, teams, .. } = self.inspection;
        if self.records.rep.is_some() && (*scope != Scope::All || !teams.is_empty()) {
            select.with_cte(scope.tables(self.dialect));
        }
    }

    fn rep(&self) -> Option<Expr> {
        self.records.rep.map(|rep| Expr::col((CHECKED, rep)))
    }
}
