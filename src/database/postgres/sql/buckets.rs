use super::PostgresSql;
use crate::database::sql::{BucketSql, Choices, NUMBER_COLUMN};
use sea_orm::Value;
use sea_orm::sea_query::{ArrayType, Expr, ExprTrait, Func, Query, SelectStatement};

impl BucketSql for PostgresSql {
    fn bucket(&self, at: Expr, edges: Choices<'_>) -> Expr {
        let edges = array(edges);
        Func::coalesce([Expr::cust_with_exprs("width_bucket($1, $2)", [at, edges]), Expr::val(0)]).into()
    }

    fn begun_before(&self, at: Expr, edges: Choices<'_>) -> Expr {
        let before = match edges {
            // Instants are whole microseconds.
            Choices::Instants(_) => Expr::cust_with_exprs("($1 - INTERVAL '1 microsecond')", [at]),
            Choices::Days(_) | Choices::Numbers(_) => at.sub(1),
        };
        self.bucket(before, edges)
    }

    fn numbers(&self, last: usize) -> Option<SelectStatement> {
        const SERIES: &str = "series";
        let bounds = [Expr::cust("0"), Expr::val(i32::try_from(last).unwrap_or(i32::MAX))];
        let series = Func::cust("generate_series").args(bounds);
        let mut numbers = Query::select();
        numbers.expr_as(Expr::col((SERIES, SERIES)), NUMBER_COLUMN).from_function(series, SERIES);
        Some(numbers)
    }

    fn nth(&self, number: Expr, choices: Choices<'_>) -> Expr {
        of_array(array(choices), number)
    }

    fn elements(&self, choices: Choices<'_>, first: Expr, last: Expr) -> Expr {
        let slice = Expr::cust_with_exprs("$1 : $2", [first, last]);
        Func::cust("unnest").arg(of_array(array(choices), slice)).into()
    }
}

/// All values as one parameter.
fn array(choices: Choices<'_>) -> Expr {
    let (kind, values): (_, Vec<Value>) = match choices {
        Choices::Instants(instants) => (ArrayType::ChronoDateTimeUtc, instants.iter().map(|&at| at.into()).collect()),
        Choices::Days(days) => (ArrayType::ChronoDate, days.iter().map(|&day| day.into()).collect()),
        Choices::Numbers(numbers) => (ArrayType::Int, numbers.iter().map(|&number| number.into()).collect()),
    };
    Value::Array(kind, Some(Box::new(values))).into()
}

/// An element of an array, or a slice. The brackets stand apart, since text in brackets is taken for a name there.
fn of_array(array: Expr, place: Expr) -> Expr {
    Expr::cust_with_exprs("$1 $2 $3 $4", [array, Expr::cust("["), place, Expr::cust("]")])
}
