//! What a caller may see, and how statements keep to it.

use crate::crm::{reps::Column as Rep, teams::Column as Team};
use crate::database::Dialect;
use sea_orm::JoinType;
use sea_orm::sea_query::{CommonTableExpression, Expr, ExprTrait, Query, SelectStatement, UnionType, WithClause};
use std::collections::BTreeSet;

/// The recursive table of which team is in or below which: `(team_id, ancestor_id)`, every team with itself too.
pub(crate) const TEAM_PATHS: &str = "team_paths";

/// The table of the teams on record that a caller sees: `(id)`.
const SCOPE_TEAMS: &str = "scope_teams";

const TEAMS: &str = "teams";
const REPS: &str = "reps";

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

impl Scope {
    /// What is credited to reps of these teams and the teams below them. The empty id, which is nobody's, is left out.
    pub fn teams(ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Teams(normalised(ids))
    }

    /// What is credited to these reps. The empty id, which is nobody's, is left out.
    pub fn reps(ids: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::Reps(normalised(ids))
    }

    /// The ids that it names: sorted, each once, none of them empty.
    pub fn ids(&self) -> BTreeSet<&str> {
        let ids: &[String] = match self {
            Self::All => &[],
            Self::Teams(ids) | Self::Reps(ids) => ids,
        };
        ids.iter().map(String::as_str).filter(|id| !id.is_empty()).collect()
    }

    /// Whether what is credited to a rep is shown; none where everything is. Needs [`Scope::tables`].
    pub(crate) fn shows_rep(&self, dialect: Dialect, rep: Expr) -> Option<Expr> {
        Some(match self {
            Self::All => return None,
            Self::Reps(_) => dialect.one_of(rep, self.ids()),
            Self::Teams(_) => {
                let team = Expr::col((REPS, Rep::TeamId));
                let in_teams = dialect.one_of(team.clone(), self.ids()).or(team.in_subquery(scope_teams()));
                rep.in_subquery(Query::select().column((REPS, Rep::Id)).from(REPS).and_where(in_teams).take())
            }
        })
    }

    /// Whether a team is shown; none where every team is. Needs [`Scope::tables`].
    pub(crate) fn shows_team(&self, dialect: Dialect, team: Expr) -> Option<Expr> {
        match self {
            Self::All => None,
            Self::Reps(_) => Some(team.in_subquery(scope_teams())),
            Self::Teams(_) => Some(dialect.one_of(team.clone(), self.ids()).or(team.in_subquery(scope_teams()))),
        }
    }

    /// The tables that conditions on teams read. A path ends where a parent does not exist or is not shown, and with a
    /// circle.
    pub(crate) fn tables(&self, dialect: Dialect) -> WithClause {
        let mut clause = WithClause::new();
        clause.recursive(true);
        let shown = self.teams_on_record(dialect);
        let (first, parents) = match &shown {
            Some(_) => (SCOPE_TEAMS, SCOPE_TEAMS),
            None => (TEAMS, TEAMS),
        };
        if let Some(shown) = shown {
            clause.cte(table(SCOPE_TEAMS, &["id"], shown));
        }
        let mut paths = Query::select();
        paths.expr(Expr::col(Team::Id)).expr(Expr::col(Team::Id)).from(first);
        let above = Query::select()
            .column((TEAM_PATHS, "team_id"))
            .column(("parents", Team::Id))
            .from(TEAM_PATHS)
            .inner_join(TEAMS, Expr::col((TEAMS, Team::Id)).equals((TEAM_PATHS, "ancestor_id")))
            .join_as(
                JoinType::InnerJoin,
                parents,
                "parents",
                Expr::col(("parents", Team::Id)).equals((TEAMS, Team::ParentId)),
            )
            .take();
        paths.union(UnionType::Distinct, above);
        clause.cte(table(TEAM_PATHS, &["team_id", "ancestor_id"], paths));
        clause
    }

    /// The teams on record that it shows: those that it names with all below them, or those that its reps are in.
    fn teams_on_record(&self, dialect: Dialect) -> Option<SelectStatement> {
        let mut teams = Query::select();
        teams.column((TEAMS, Team::Id)).from(TEAMS);
        match self {
            Self::All => return None,
            Self::Teams(_) => {
                teams.and_where(dialect.one_of(Expr::col((TEAMS, Team::Id)), self.ids()));
                let below = Query::select()
                    .column((TEAMS, Team::Id))
                    .from(SCOPE_TEAMS)
                    .inner_join(TEAMS, Expr::col((TEAMS, Team::ParentId)).equals((SCOPE_TEAMS, "id")))
                    .take();
                teams.union(UnionType::Distinct, below);
            }
            Self::Reps(_) => {
                let own = dialect.one_of(Expr::col((REPS, Rep::Id)), self.ids());
                let own = Query::select().column((REPS, Rep::TeamId)).from(REPS).and_where(own).take();
                teams.and_where(Expr::col((TEAMS, Team::Id)).in_subquery(own));
            }
        }
        Some(teams)
    }
}

/// Whether teams below a team count as the team itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Below {
    /// They do. Needs [`Scope::tables`].
    Taken,
    /// They do not.
    Left,
}

/// Whether a key is one of these, of which the empty id is "not set"; never NULL.
pub(crate) fn any_of(dialect: Dialect, key: Expr, ids: &[String], below: Below) -> Expr {
    let set: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !id.is_empty()).collect();
    let mut tests = Vec::new();
    if set.len() < ids.len() {
        tests.push(key.clone().is_null().or(key.clone().eq("")));
    }
    if !set.is_empty() {
        let mut is_set = dialect.one_of(key.clone(), set.iter().copied());
        if below == Below::Taken {
            let below = Query::select()
                .column("team_id")
                .from(TEAM_PATHS)
                .and_where(dialect.one_of(Expr::col("ancestor_id"), set))
                .take();
            is_set = is_set.or(key.clone().in_subquery(below));
        }
        tests.push(key.is_not_null().and(is_set));
    }
    tests.into_iter().reduce(Expr::or).unwrap_or(Expr::cust("1 = 0"))
}

fn normalised(ids: impl IntoIterator<Item = impl Into<String>>) -> Vec<String> {
    let ids: BTreeSet<String> = ids.into_iter().map(Into::into).filter(|id| !id.is_empty()).collect();
    ids.into_iter().collect()
}

fn scope_teams() -> SelectStatement {
    Query::select().column("id").from(SCOPE_TEAMS).take()
}

fn table(name: &'static str, columns: &[&'static str], query: SelectStatement) -> CommonTableExpression {
    let mut table = CommonTableExpression::new();
    table.table_name(name).columns(columns.iter().copied()).query(query);
    table
}
