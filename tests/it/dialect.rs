//! What the two databases are told in different words.

use crate::support::{Kind, TestDatabase, on_every_database};
use chrono::{DateTime, Months, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use crm_kpi::database::{Choices, Dialect, Precision};
use crm_kpi::period::Calendar;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query};
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

/// While PostgreSQL compiles a statement it cannot be interrupted.
#[tokio::test]
async fn statements_are_not_compiled() {
    let database = TestDatabase::empty(Kind::Postgres).await;
    let show = Statement::from_string(DbBackend::Postgres, "SHOW jit");
    let row = database.connection.query_one_raw(show).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "off");
}

/// When days begin in a time zone.
fn days(zone: Tz, first: &str, count: usize) -> Vec<DateTime<Utc>> {
    let calendar = Calendar { zone, ..Calendar::default() };
    let first: NaiveDate = first.parse().unwrap();
    first.iter_days().take(count).map(|day| calendar.start_of(day)).collect()
}

/// Edges of every kind: few and many, regular and not, where clocks are changed, where a day is left out (two are the same).
fn edges() -> Vec<Vec<DateTime<Utc>>> {
    let months = |count: usize| -> Vec<DateTime<Utc>> {
        let first: NaiveDate = "2019-11-01".parse().unwrap();
        let month = |n: usize| (first + Months::new(n as u32)).and_time(NaiveTime::MIN).and_utc();
        (0..count).map(month).collect()
    };
    // A first bucket of two days, then years.
    let years = |count: i32| -> Vec<DateTime<Utc>> {
        let year = |n: i32| NaiveDate::from_ymd_opt(1900 + n, 1, 1).unwrap().and_time(NaiveTime::MIN).and_utc();
        let first = "1899-12-30T00:00:00Z".parse().unwrap();
        [first].into_iter().chain((0..count).map(year)).collect()
    };
    let irregular = |count: i64| -> Vec<DateTime<Utc>> {
        let first: DateTime<Utc> = "2001-02-03T00:00:00Z".parse().unwrap();
        (0..count).map(|n| first + TimeDelta::days(n * n + n)).collect()
    };
    vec![
        months(1),
        months(12),
        months(13),
        months(14),
        months(64),
        months(65),
        months(66),
        years(150),
        irregular(90),
        days(Tz::UTC, "2016-02-20", 3_650),
        days(Tz::Europe__London, "2020-01-01", 400),
        days(Tz::Pacific__Apia, "2011-10-01", 120),
        // Offsets of minutes and seconds.
        days(Tz::Africa__Monrovia, "1971-12-01", 90),
    ]
}

/// Instants at and around edges, and far away.
fn instants(edges: &[DateTime<Utc>]) -> Vec<DateTime<Utc>> {
    let around = [-86_400_000_000, -3_600_000_000, -1, 0, 1, 500_000, 59_000_000, 61_000_000, 43_200_000_000];
    let places = edges.iter().step_by((edges.len() / 60).max(1)).chain(edges.last());
    let mut instants: Vec<_> =
        places.flat_map(|&edge| around.map(|micros| edge + TimeDelta::microseconds(micros))).collect();
    let far: [DateTime<Utc>; 2] = ["1000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"].map(|at| at.parse().unwrap());
    instants.extend(far);
    instants
}

on_every_database!(instants_find_their_buckets);

async fn instants_find_their_buckets(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let dialect = Dialect::try_from(database.connection.get_database_backend()).unwrap();
    let kind = match dialect {
        Dialect::Postgres => "timestamptz",
        Dialect::Sqlite => "text",
    };
    for edges in edges() {
        database.connection.execute_unprepared("DROP TABLE IF EXISTS instants").await.unwrap();
        let create = format!("CREATE TABLE instants (n integer, at {kind})");
        database.connection.execute_unprepared(&create).await.unwrap();
        let instants = instants(&edges);
        for (chunk, part) in instants.chunks(1_000).enumerate() {
            let mut insert = Query::insert();
            insert.into_table("instants").columns(["n", "at"]);
            for (n, &at) in part.iter().enumerate() {
                insert.values_panic([Expr::val((chunk * 1_000 + n) as i32), at.into()]);
            }
            database.connection.execute(&insert).await.unwrap();
        }
        database.connection.execute_unprepared("INSERT INTO instants VALUES (-1, NULL)").await.unwrap();
        let numbers: Vec<i32> = (0..=edges.len() as i32).map(|n| 7 * n - 3).collect();
        // As the column it is and as an expression, which is looked up in another way.
        let column = Expr::col("at");
        for at in [column.clone(), Func::coalesce([column.clone(), column.clone()]).into()] {
            let bucket = dialect.bucket(at.clone(), Choices::Instants(&edges));
            let mut select = Query::select();
            select
                .column("n")
                .expr(bucket.clone())
                .expr(dialect.begun_before(at.clone(), Choices::Instants(&edges)))
                .expr(dialect.pick(&at, Choices::Instants(&edges), Choices::Numbers(&numbers)))
                .expr(dialect.pick(&at, Choices::Instants(&edges[1..]), Choices::Instants(&edges)))
                .expr(dialect.nth(bucket, Choices::Instants(&edges)))
                .from("instants")
                .order_by("n", Order::Asc);
            let rows = database.connection.query_all_raw(dialect.statement(&select)).await.unwrap();
            assert_eq!(rows.len(), instants.len() + 1);
            for row in rows {
                let number = |place: usize| row.try_get_by_index::<i32>(place).unwrap();
                let at = usize::try_from(number(0)).ok().map(|n| instants[n]);
                let begun = edges.partition_point(|edge| at.is_some_and(|at| *edge <= at));
                let before = edges.partition_point(|edge| at.is_some_and(|at| *edge < at));
                let context = format!("{at:?} among {} edges from {}", edges.len(), edges[0]);
                assert_eq!((number(1), number(2)), (begun as i32, before as i32), "{context}");
                assert_eq!(number(3), numbers[begun], "{context}");
                let edge = |place: usize| row.try_get_by_index::<Option<DateTime<Utc>>>(place).unwrap();
                assert_eq!(edge(4), Some(edges[begun.saturating_sub(1)]), "{context}");
                if begun > 0 {
                    assert_eq!(edge(5), Some(edges[begun - 1]), "{context}");
                }
            }
        }
    }
}

on_every_database!(days_find_their_buckets);

/// Days as columns of days, and as numbers; on SQLite texts that begin with the day, whatever is behind it.
async fn days_find_their_buckets(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let dialect = Dialect::try_from(database.connection.get_database_backend()).unwrap();
    let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
    let epoch = NaiveDate::default();
    // Few, many, and so far apart that nothing is looked up.
    for edges in [
        day("2024-01-01").iter_days().step_by(31).take(3).collect::<Vec<_>>(),
        day("2016-02-20").iter_days().take(400).collect(),
        (0..80).map(|n| day("1700-01-01") + TimeDelta::days(4_000 * n)).collect(),
    ] {
        let numbers: Vec<i32> = edges.iter().map(|edge| (*edge - epoch).num_days() as i32).collect();
        let around = edges.iter().flat_map(|edge| [-1, 0, 1].map(|later| *edge + TimeDelta::days(later)));
        let far = [day("0001-01-01"), day("9999-12-31")];
        for at in around.chain(far) {
            let number = (at - epoch).num_days();
            let (text, with_time) = (format!("'{at}'"), format!("'{at}T00:00:00+00:00'"));
            let texts = match dialect {
                Dialect::Postgres => vec![format!("{text}::date")],
                Dialect::Sqlite => vec![text, with_time],
            };
            for text in texts {
                let mut select = Query::select();
                select.expr(dialect.bucket(Expr::cust(text.clone()), Choices::Days(&edges)));
                select
                    .expr(dialect.bucket(Expr::cust(format!("CAST({number} AS bigint)")), Choices::Numbers(&numbers)));
                select.expr(dialect.begun_before(Expr::val(number), Choices::Numbers(&numbers)));
                select.expr(dialect.day_number(Expr::cust(text), Precision::Date));
                let row = database.connection.query_one_raw(dialect.statement(&select)).await.unwrap().unwrap();
                let begun = edges.partition_point(|edge| *edge <= at) as i32;
                let before = edges.partition_point(|edge| *edge < at) as i32;
                let found = [0, 1, 2].map(|place| row.try_get_by_index::<i32>(place).unwrap());
                assert_eq!(found, [begun, begun, before], "{at} among {} edges from {}", edges.len(), edges[0]);
                assert_eq!(row.try_get_by_index::<i64>(3).unwrap(), number, "{at}");
            }
        }
    }
}

/// SQLite keeps a second that clocks count as the 60th, of which its functions know nothing.
#[tokio::test]
async fn a_leap_second_is_in_its_minute() {
    let database = TestDatabase::empty(Kind::Sqlite).await;
    let edges = days(Tz::UTC, "2016-10-01", 200);
    let at: Expr = Expr::cust("'2016-12-31T23:59:60+00:00'");
    let bucket = Dialect::Sqlite.bucket(at, Choices::Instants(&edges));
    let row = database.connection.query_one_raw(Dialect::Sqlite.statement(Query::select().expr(bucket))).await;
    assert_eq!(row.unwrap().unwrap().try_get_by_index::<i32>(0).unwrap(), 92);
}

on_every_database!(texts_are_one_of_others);

async fn texts_are_one_of_others(kind: Kind) {
    let database = TestDatabase::empty(kind).await;
    let dialect = Dialect::try_from(database.connection.get_database_backend()).unwrap();
    let odd = ["plain", "", "a\"b", "c\\d", "e,f", "{g}", "h'i", "Ä\u{1f600}", "1", "null", " k "];
    // SQLite is given many in another way.
    let many: Vec<String> = (0..100).map(|n| format!("value {n}")).collect();
    let with_many = |some: &[&'static str]| -> Vec<String> {
        some.iter().copied().map(String::from).chain(many.iter().cloned()).collect()
    };
    for text in odd {
        let (all, none) = (with_many(&odd), with_many(&[]));
        for (values, expected) in [(&all, true), (&none, false)] {
            let mut select = Query::select();
            let found = dialect.one_of(Expr::val(text), values.iter().map(String::as_str));
            select.expr(Expr::case(found, 1).finally(0));
            let row = database.connection.query_one_raw(dialect.statement(&select)).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), i32::from(expected), "{text:?} among many");
        }
        for (values, expected) in
            [(odd.to_vec(), true), (vec![text], true), (vec!["other", "NULL"], false), (vec![], false)]
        {
            let mut select = Query::select();
            select.expr(Expr::case(dialect.one_of(Expr::val(text), values), 1).finally(0));
            let row = database.connection.query_one_raw(dialect.statement(&select)).await.unwrap().unwrap();
            assert_eq!(row.try_get_by_index::<i32>(0).unwrap(), i32::from(expected), "{text:?}");
        }
    }
}
