use super::asked::Asked;
use super::{CHECKED, OWNER};
use crate::database::Dialect;
use crate::quality::inspection::Inspection;
use crate::quality::rule::Texts;
use sea_orm::sea_query::{
    CaseStatement, Expr, ExprTrait, Func, Order, OverStatement, Query, SelectStatement, WindowStatement,
};

/// Spellings that a finding names.
pub const NAMED: i64 = 8;

/// One row for each spelling, those of a text together and in the order of findings, the most frequent first. Columns: how
/// many texts are spelled in several ways, which of them this is (from 1), the spelling, its records, the spellings of the
/// text, and their records. Only texts that a record has that is asked for; all that the caller sees are counted.
pub fn spellings(dialect: Dialect, inspection: &Inspection, texts: &Texts, limit: u64) -> SelectStatement {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let asked = Asked { dialect, inspection, records: &texts.records };
    let own = |column: &'static str| Expr::col((CHECKED, column));
    let over = |from: SelectStatement, columns: &[&'static str]| {
        let mut select = Query::select();
        select.columns(columns.iter().copied()).from_subquery(from, CHECKED);
        select
    };
    let of_text = || {
        let mut window = WindowStatement::new();
        window.add_partition_by(Expr::col("text"));
        window
    };

    let mut values = Query::select();
    let wanted = asked.wanted().reduce(Expr::and).unwrap_or(Expr::cust("1 = 1"));
    let is_wanted = CaseStatement::new().case(wanted, Expr::cust("1")).finally(Expr::cust("0"));
    values
        .expr_as(dialect.bytes(own(texts.field).cast_as("text")), "spelling")
        .expr_as(is_wanted, "wanted")
        .from_as(texts.records.table, CHECKED)
        .and_where(own(texts.field).is_not_null());
    if let Some(rep) = texts.records.rep {
        values.left_join(OWNER, Expr::col((OWNER, "id")).equals((CHECKED, rep)));
    }
    if let Some(seen) = asked.seen() {
        values.and_where(seen);
    }

    let mut counted = over(values, &["spelling"]);
    counted
        .expr_as(Expr::cust("COUNT(*)"), "records")
        .expr_as(Func::max(own("wanted")), "wanted")
        .add_group_by([own("spelling")]);

    let mut folded = over(counted, &["spelling", "records", "wanted"]);
    // With a limit it is a fence: databases would fold every record to leave out those whose text is unset.
    folded.expr_as(dialect.folded_spelling(own("spelling")), "text").limit(i64::MAX.unsigned_abs());

    let mut ranked = over(folded, &["spelling", "records", "text"]);
    let mut by_records = of_text();
    by_records.order_by("records", Order::Desc).order_by("spelling", Order::Asc);
    ranked
        .expr_window_as(Expr::cust("COUNT(*)"), of_text(), "spellings")
        .expr_window_as(Func::sum(own("records")), of_text(), "all_records")
        .expr_window_as(Func::max(own("wanted")), of_text(), "wanted")
        .expr_window_as(Expr::cust("ROW_NUMBER()"), by_records, "place")
        .and_where(own("text").is_not_null());

    let mut numbered = over(ranked, &["spelling", "records", "spellings", "all_records", "place"]);
    let mut by_text = WindowStatement::new();
    by_text.order_by("text", Order::Asc);
    numbered
        .expr_window_as(Expr::cust("DENSE_RANK()"), by_text, "number")
        .and_where(own("spellings").gt(1))
        .and_where(own("wanted").eq(1));

    let mut told = over(numbered, &["number", "spelling", "records", "spellings", "all_records", "place"]);
    told.expr_window_as(Func::max(own("number")), WindowStatement::new(), "texts");

    let mut select = over(told, &["texts", "number", "spelling", "records", "spellings"]);
    select
        .expr(own("all_records").cast_as("bigint"))
        .and_where(own("place").lte(NAMED))
        .and_where(own("number").lte(limit))
        .order_by((CHECKED, "number"), Order::Asc)
        .order_by((CHECKED, "place"), Order::Asc);
    asked.add_teams(&mut select);
    select
}
