use sea_orm::sea_query::{Expr, ExprTrait};

/// Whether an edge counts that an instant is equal to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    AtOrBefore,
    Before,
}

impl Side {
    /// Whether an instant is not behind an edge.
    pub fn not_behind(self, at: Expr, edge: Expr) -> Expr {
        match self {
            Self::AtOrBefore => at.lt(edge),
            Self::Before => at.lte(edge),
        }
    }

    pub fn behind(self, at: Expr, edge: Expr) -> Expr {
        match self {
            Self::AtOrBefore => at.gte(edge),
            Self::Before => at.gt(edge),
        }
    }
}
