//! Which teams a question by team has rows of, as SQL.

use super::writer::Writer;
use crate::catalog::{Column, Dimension, Source};
use crate::crm::teams::Column as Team;
use crate::engine::model::{Filter, HierarchyRows, Question, Test};
use crate::scope::TEAM_PATHS;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};

const TEAMS: &str = "teams";

/// Which teams have rows: whole ones, so that no row shows a part as if it were the whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TeamRows<'a> {
    /// Those by team let only teams in that are wholly inside.
    pub filters: &'a [Filter],
    /// Which of these.
    pub hierarchy: Option<&'a HierarchyRows>,
}

impl<'a> TeamRows<'a> {
    /// Those of a question.
    pub fn of(question: &'a Question) -> Self {
        Self { filters: &question.filters, hierarchy: question.hierarchy.as_ref() }
    }
}

impl Writer<'_> {
    /// What must hold of a record and a team that it is in or below for it to count in the team's row.
    pub fn is_row(&mut self, source: &Source, (team, own): (Dimension, Column), question: &Question) -> Vec<Expr> {
        let Some(key) = self.key(source, team) else { return Vec::new() };
        let mut all = self.has_rows(TeamRows::of(question), &key);
        if !question.rolls_up() {
            let own = self.column(own);
            all.push(key.eq(Expr::from(Func::coalesce([own, Expr::val("")]))));
        }
        all
    }

    /// What must hold of the key of a team for it to have rows.
    pub fn has_rows(&mut self, rows: TeamRows<'_>, key: &Expr) -> Vec<Expr> {
        let mut all = self.inside(rows.filters, key);
        match rows.hierarchy {
            None => {}
            Some(HierarchyRows::Leaves) => {
                let above = self.paths("ancestor_id").and_where(is_above()).take();
                all.push(key.clone().not_in_subquery(above));
            }
            Some(HierarchyRows::Top) => {
                let mut below = self.paths("team_id");
                below.and_where(is_above());
                for inside in self.inside(rows.filters, &Expr::col((TEAM_PATHS, "ancestor_id"))) {
                    below.and_where(inside);
                }
                all.push(key.clone().not_in_subquery(below));
            }
            Some(HierarchyRows::ChildrenOf(parent)) => {
                // A path from a team to its parent is there only where the caller sees both.
                let on = Expr::col((TEAMS, Team::Id)).equals((TEAM_PATHS, "team_id"));
                let mut children = self.paths("team_id");
                children
                    .inner_join(TEAMS, on.and(Expr::col((TEAMS, Team::ParentId)).equals((TEAM_PATHS, "ancestor_id"))))
                    .and_where(Expr::col((TEAM_PATHS, "ancestor_id")).eq(parent.as_str()))
                    .and_where(is_above());
                all.push(key.clone().in_subquery(children));
            }
        }
        all
    }

    /// Whether a team is wholly inside filters by team: it or one above it is named; or neither it, nor one above, nor one below.
    fn inside(&mut self, filters: &[Filter], key: &Expr) -> Vec<Expr> {
        let mut all = Vec::new();
        for filter in filters.iter().filter(|filter| filter.dimension == Dimension::Team) {
            match &filter.test {
                Test::AnyOf(ids) => all.push(self.any_of(Dimension::Team, key.clone(), ids)),
                Test::NoneOf(ids) => {
                    let named = self.dialect.one_of(Expr::col((TEAM_PATHS, "team_id")), ids.iter().map(String::as_str));
                    let above = self.paths("ancestor_id").and_where(named).take();
                    all.push(self.any_of(Dimension::Team, key.clone(), ids).not());
                    all.push(key.clone().not_in_subquery(above));
                }
            }
        }
        all
    }

    /// An end of the paths from teams to those above them.
    fn paths(&mut self, end: &'static str) -> SelectStatement {
        self.team_tables = true;
        Query::select().column((TEAM_PATHS, end)).from(TEAM_PATHS).take()
    }
}

/// Whether a path leads to another team.
fn is_above() -> Expr {
    Expr::col((TEAM_PATHS, "ancestor_id")).not_equals((TEAM_PATHS, "team_id"))
}
