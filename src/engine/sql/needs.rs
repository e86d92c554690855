//! Whether anybody fills what measures need, as SQL.

use crate::catalog::Need;
use crate::database::Dialect;
use sea_orm::Statement;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

/// A row with a number for each need: 1 where it is met, otherwise 0.
pub(crate) fn needs_met(dialect: Dialect, needs: &[Need]) -> Statement {
    let mut select = Query::select();
    for need in needs {
        let mut some = Query::select();
        some.expr(Expr::cust("1"));
        match need {
            Need::Rows(table) => some.from(*table),
            Need::Values(column) => {
                let value = Expr::col(column.name);
                some.from(column.table).and_where(value.clone().is_not_null().and(value.cast_as("text").ne("")))
            }
        };
        select.expr(Expr::case(Expr::exists(some), Expr::cust("1")).finally(Expr::cust("0")));
    }
    dialect.statement(&select)
}
