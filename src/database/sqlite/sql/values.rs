use super::{FEW, SqliteSql};
use crate::database::sql::{ValueSql, fold};
use sea_orm::sea_query::{Expr, ExprTrait, Func, FunctionCall, QueryBuilder, SqliteQueryBuilder, Value};
use std::iter::repeat_n;

impl ValueSql for SqliteSql {
    fn parameter(&self, place: usize) -> String {
        format!("?{place}")
    }

    fn literal(&self, value: &Value) -> String {
        SqliteQueryBuilder.value_to_string(value)
    }

    fn sum(&self, sum: FunctionCall) -> Expr {
        Expr::cust_with_exprs("COALESCE(?, 0)", [sum.into()])
    }

    fn contains(&self, text: Expr, part: &str) -> Expr {
        let part = Expr::val(part.to_ascii_lowercase());
        Expr::cust_with_exprs("instr(lower(?), ?) > 0", [text, part])
    }

    fn bytes(&self, text: Expr) -> Expr {
        text
    }

    fn is_decimal(&self, text: Expr, above_zero: bool) -> Expr {
        let sql = match above_zero {
            false => {
                "((? GLOB '[0-9]*' OR ? GLOB '-[0-9]*') AND ? GLOB '*[0-9]' AND substr(?, 2) NOT GLOB '*[^0-9.]*' \
                 AND ? NOT GLOB '*.*.*')"
            }
            true => {
                "(? GLOB '[0-9]*' AND ? GLOB '*[0-9]' AND ? NOT GLOB '*[^0-9.]*' AND ? NOT GLOB '*.*.*' \
                 AND ? GLOB '*[1-9]*')"
            }
        };
        Expr::cust_with_exprs(sql, repeat_n(text, 5))
    }

    /// Many values are one parameter. SQLite plans better for a list, though.
    fn is_among(&self, text: Expr, values: Vec<&str>) -> Expr {
        if values.len() <= FEW {
            return text.is_in(values);
        }
        let values: serde_json::Value = values.into_iter().collect();
        let values = values.to_string().into();
        Expr::cust_with_exprs("? IN (SELECT value FROM json_each(?))", [text, values])
    }

    fn fold_characters(&self, text: Expr) -> Expr {
        let lower: Expr = Func::lower(text).into();
        fold::characters().fold(lower, |text, (from, to)| fold::replaced(text, &from.to_string(), &to.to_string()))
    }
}
