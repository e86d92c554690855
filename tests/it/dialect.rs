//! What only PostgreSQL is told, and how.

use crate::support::{Kind, TestDatabase};
use crm_kpi::database::Dialect;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Durations of microseconds up to centuries, forth and back, each around the edge of a millisecond: as exact as numerics.
#[tokio::test]
async fn durations_are_exact_to_the_millisecond() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let fill = "CREATE TABLE durations AS \
         SELECT TIMESTAMPTZ '2001-02-03 04:05:06.789012+00' AS since, TIMESTAMPTZ '2001-02-03 04:05:06.789012+00' \
         + sign * (days * INTERVAL '1 day' + n * INTERVAL '7.351 s' + micros * INTERVAL '1 microsecond') AS until \
         FROM generate_series(0, 999) AS n, \
         (VALUES (0), (1), (1000), (9999), (10000), (10001), (36525), (365250)) AS days (days), \
         (VALUES (-1), (0), (1), (499), (500), (999)) AS micros (micros), (VALUES (1), (-1)) AS sign (sign)";
    database.connection.execute_unprepared(fill).await.unwrap();
    let column = |name: &'static str| Expr::col(("durations", name));
    let exact = Expr::cust("CAST(FLOOR(EXTRACT(EPOCH FROM until - since) * 1000) AS bigint)");
    let milliseconds = Dialect::Postgres.milliseconds(column("since"), column("until"));
    let mut all = Query::select();
    all.expr(Expr::cust("COUNT(*)")).from("durations");
    let mut wrong = all.clone();
    wrong.and_where(milliseconds.ne(exact));
    let number = async |statement: Statement| {
        let row = database.connection.query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    };
    assert_eq!(number(DbBackend::Postgres.build(&all)).await, 96_000);
    assert_eq!(number(DbBackend::Postgres.build(&wrong)).await, 0);
}

/// From the sixth time on a prepared statement would get a plan for any values.
#[tokio::test]
async fn statements_are_planned_for_their_values() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let show = Statement::from_string(DbBackend::Postgres, "SHOW plan_cache_mode");
    let row = database.connection.query_one_raw(show).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "force_custom_plan");
}
