use super::{RECORD, Writer};
use crate::quality::rule::{Check, Fold, Folded, Neighbour, Which};
use sea_orm::JoinType;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, OverStatement, Query, SelectStatement, WindowStatement};

impl Writer<'_> {
    pub(super) fn with_neighbours(&self, check: &Check) -> SelectStatement {
        let record = self.with_parents(check);
        if check.related.neighbours.is_empty() {
            return record;
        }
        let mut select = Query::select();
        select.column((RECORD, sea_orm::sea_query::Asterisk)).from_subquery(record, RECORD);
        for &Neighbour { name, which, value, among, by } in &check.related.neighbours {
            let function = match which {
                Which::First => "FIRST_VALUE",
                Which::Previous => "LAG",
                Which::Next => "LEAD",
            };
            let mut window = WindowStatement::new();
            for column in among {
                window.add_partition_by(Expr::col((RECORD, *column)));
            }
            window.order_by((RECORD, by), Order::Asc);
            select.expr_window_as(Func::cust(function).arg(Expr::col((RECORD, value))), window, name);
        }
        select
    }

    fn with_parents(&self, check: &Check) -> SelectStatement {
        let table = check.records.table;
        let mut select = Query::select();
        select.columns(check.records.columns.iter().map(|column| (table, *column))).from(table);
        // Before neighbours are looked for among them.
        if let Some(shown) = self.shown_records(check) {
            select.and_where(shown);
        }
        for parent in &check.related.parents {
            // A parent is joined once for each of its columns: joins by key cost little.
            let on = Expr::col((parent.name, "id")).equals((table, parent.reference));
            select.join_as(JoinType::LeftJoin, parent.table, parent.name, on);
            select.expr_as(Expr::col((parent.name, parent.column)), parent.name);
        }
        for sum in &check.related.sums {
            let mut sums = Query::select();
            let column = Expr::col(sum.column);
            let amount = match sum.unset {
                Some((times, other)) => Func::coalesce([column, Expr::col(other).mul(times)]).into(),
                None => column,
            };
            sums.column(sum.reference)
                .expr_as(self.dialect.sum(Func::sum(amount)), "total")
                .from(sum.table)
                .add_group_by([Expr::col(sum.reference)]);
            if let Some(shown) = self.shown_ids(table) {
                sums.and_where(Expr::col(sum.reference).in_subquery(shown));
            }
            let on = Expr::col((sum.name, sum.reference)).equals((table, "id"));
            select.join_subquery(JoinType::LeftJoin, sums, sum.name, on);
            select.expr_as(Func::coalesce([Expr::col((sum.name, "total")), Expr::val(0_i64)]), sum.name);
        }
        for &Folded { name, column, how } in &check.related.folded {
            let column = Expr::col((table, column));
            let folded = match how {
                Fold::Name => self.dialect.folded_name(column),
                Fold::Email => self.dialect.folded(column),
            };
            select.expr_as(folded, name);
        }
        select
    }

    /// Which records the caller sees, or sees as parts of a whole.
    fn shown_records(&self, check: &Check) -> Option<Expr> {
        let (table, scope) = (check.records.table, &self.inspection.scope);
        match check.related.whole {
            Some(whole) => Some(Expr::col((table, whole.reference)).in_subquery(self.shown_ids(whole.table)?)),
            None => scope.shows_rep(self.dialect, Expr::col((table, check.records.rep?))),
        }
    }

    /// The ids of a table that has reps, of those that the caller sees; none where these are all.
    fn shown_ids(&self, table: &'static str) -> Option<SelectStatement> {
        let shown = self.inspection.scope.shows_rep(self.dialect, Expr::col((table, "rep_id")))?;
        Some(Query::select().column((table, "id")).from(table).and_where(shown).take())
    }
}
