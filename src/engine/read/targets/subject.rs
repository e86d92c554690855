//! What rows are about, as targets are set for it.

use crate::catalog::Dimension;
use crate::engine::model::{Filter, Question, Test};
use crate::scope::Scope;

/// Who rows are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// Each of the rep at this place of its keys.
    Rep(usize),
    /// Each of the team at this place.
    Team(usize),
    /// All of whatever the question is about.
    Everything,
}

/// What rows are of beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member<'a> {
    /// Everything, whichever member it belongs to.
    All,
    /// The one member of a dimension that the question filters by.
    One(Dimension, &'a str),
    /// Each of the member of a dimension at this place of its keys.
    Each(Dimension, usize),
}

/// Of what a question about everything has targets of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whole<'a> {
    Company,
    Team(&'a str),
    Rep,
    /// Of several, or of a part: there are no targets of its own.
    Part,
}

/// Whether a dimension tells who rows are of.
fn is_owner(dimension: Dimension) -> bool {
    matches!(dimension, Dimension::Rep | Dimension::Team)
}

impl Owner {
    /// Of the question's rows.
    pub fn of_rows(question: &Question) -> Self {
        let place = |wanted: Dimension| question.group_by.iter().position(|dimension| *dimension == wanted);
        match (place(Dimension::Rep), place(Dimension::Team)) {
            // A rep is in one team: what both are about is the rep's.
            (Some(rep), _) => Self::Rep(rep),
            (None, Some(team)) => Self::Team(team),
            (None, None) => Self::Everything,
        }
    }

    /// Where it stands in the keys.
    pub fn place(self) -> Option<usize> {
        match self {
            Self::Rep(place) | Self::Team(place) => Some(place),
            Self::Everything => None,
        }
    }
}

impl<'a> Member<'a> {
    /// Of the question's rows; none where these are about more than one dimension, or several members of one.
    pub fn of_rows(question: &'a Question) -> Option<Self> {
        let mut keys = question.group_by.iter().enumerate().filter(|(_, dimension)| !is_owner(**dimension));
        match (keys.next(), keys.next()) {
            (None, _) => Self::of_totals(question),
            (Some((place, &dimension)), None) => {
                let same = |filter: &Filter| is_owner(filter.dimension) || filter.dimension == dimension;
                question.filters.iter().all(same).then_some(Self::Each(dimension, place))
            }
            (Some(_), Some(_)) => None,
        }
    }

    /// Of everything that the question is about.
    pub fn of_totals(question: &'a Question) -> Option<Self> {
        let mut filters = question.filters.iter().filter(|filter| !is_owner(filter.dimension));
        match (filters.next(), filters.next()) {
            (None, _) => Some(Self::All),
            (Some(Filter { dimension, test: Test::AnyOf(ids) }), None) => {
                let [id] = <&[String; 1]>::try_from(ids.as_slice()).ok()?;
                Some(Self::One(*dimension, id))
            }
            _ => None,
        }
    }

    /// The dimension.
    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Self::All => None,
            Self::One(dimension, _) | Self::Each(dimension, _) => Some(dimension),
        }
    }

    /// Where its key stands.
    pub fn place(self) -> Option<usize> {
        match self {
            Self::Each(_, place) => Some(place),
            _ => None,
        }
    }
}

impl<'a> Whole<'a> {
    /// What the question is about, by its filters of reps and teams and its scope.
    pub fn of(question: &'a Question) -> Self {
        let one = |ids: &'a [String]| <&[String; 1]>::try_from(ids).ok().map(|[id]| id.as_str());
        let only = |scope: &'a Scope| {
            let ids = scope.ids();
            ids.first().copied().filter(|_| ids.len() == 1)
        };
        let filters: Vec<&Filter> = question.filters.iter().filter(|filter| is_owner(filter.dimension)).collect();
        match (&question.scope, filters.as_slice()) {
            (_, [Filter { dimension: Dimension::Rep, test: Test::AnyOf(ids) }]) if one(ids).is_some() => Self::Rep,
            (scope @ Scope::Reps(_), []) if only(scope).is_some() => Self::Rep,
            (Scope::All, []) => Self::Company,
            (scope @ Scope::Teams(_), []) => only(scope).map_or(Self::Part, Self::Team),
            (Scope::All | Scope::Teams(_), [Filter { dimension: Dimension::Team, test: Test::AnyOf(ids) }]) => {
                one(ids).map_or(Self::Part, Self::Team)
            }
            _ => Self::Part,
        }
    }
}
