use super::PostgresSql;
use crate::database::sql::{ValueSql, fold};
use sea_orm::sea_query::{ArrayType, Expr, FunctionCall, PostgresQueryBuilder, QueryBuilder, Value};
use std::iter::repeat_n;

impl ValueSql for PostgresSql {
    fn parameter(&self, place: usize) -> String {
        format!("${place}")
    }

    fn literal(&self, value: &Value) -> String {
        PostgresQueryBuilder.value_to_string(value)
    }

    fn sum(&self, sum: FunctionCall) -> Expr {
        Expr::cust_with_exprs("CAST(COALESCE($1, 0) AS bigint)", [sum.into()])
    }

    fn contains(&self, text: Expr, part: &str) -> Expr {
        let part = Expr::val(part.to_ascii_lowercase());
        Expr::cust_with_exprs("strpos(lower($1 COLLATE \"C\"), $2) > 0", [text, part])
    }

    fn bytes(&self, text: Expr) -> Expr {
        Expr::cust_with_exprs("$1 COLLATE \"C\"", [text])
    }

    fn is_decimal(&self, text: Expr, above_zero: bool) -> Expr {
        match above_zero {
            false => Expr::cust_with_exprs("($1 ~ '^-?[0-9]+([.][0-9]+)?$')", [text]),
            true => Expr::cust_with_exprs("($1 ~ '^[0-9]+([.][0-9]+)?$' AND $2 ~ '[1-9]')", repeat_n(text, 2)),
        }
    }

    /// All values are one parameter.
    fn is_among(&self, text: Expr, values: Vec<&str>) -> Expr {
        let values = values.into_iter().map(Value::from).collect();
        let values = Value::Array(ArrayType::String, Some(Box::new(values)));
        Expr::cust_with_exprs("$1 = ANY($2)", [text, values.into()])
    }

    fn fold_characters(&self, text: Expr) -> Expr {
        let (from, to): (String, String) = fold::characters().unzip();
        Expr::cust_with_exprs("translate(lower($1 COLLATE \"C\"), $2, $3)", [text, from.into(), to.into()])
    }
}
