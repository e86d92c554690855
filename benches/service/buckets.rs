//! Row g: how much longer the same question takes with more buckets, and how long PostgreSQL plans for it.

use crate::measure::{median, time};
use crate::options::Options;
use crate::questions::{Span, ask, ids};
use crate::sql::{Asking, Cell, Column, Pool};
use crate::support::Kind;
use crate::table::{self, Table, number};
use crate::{Database, Outcome, progress, server};
use chrono::Days;
use crm_kpi::proto::{Calendar, Grain, KpiQuery};
use std::time::Duration;

/// KPIs of every kind of scan: events, stocks, gains and losses within a bucket, stretches of time, days of a time zone.
const KPIS: [&str; 6] =
    ["won_value", "pipeline_value", "churn_rate", "customer_retention_rate", "cost_per_lead", "same_day_closure_rate"];

/// Reads what PostgreSQL has planned for since the counts were set back.
const PLANNED: &str = "SELECT CAST(SUM(plans) AS bigint), CAST(SUM(total_plan_time) * 1000 AS bigint), \
                       CAST(MAX(max_plan_time) * 1000 AS bigint) FROM pg_stat_statements \
                       WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                       AND query LIKE 'SELECT%' AND query NOT LIKE '%pg_stat_statements%'";

/// What PostgreSQL plans for one answer.
struct Planning {
    statements: i64,
    all: Duration,
    longest: Duration,
}

pub async fn table(database: &Database, options: &Options) -> Outcome<Table> {
    let pool = Pool::open(database).await?;
    let counts = database.kind == Kind::Postgres && counts_plans(&pool).await;
    let server = server::uncached(database).await?;
    let mut client = server::client(&server).await?;
    let year = Span::last(12)?;
    let years = Span { first: year.end - Days::new(3_650), ..year };
    let headings = ["buckets", "rows", "service", "statements", "planning, all", "planning, the longest"];
    let mut table = Table::new("### g. More buckets", &headings);
    for (grain, span) in [(Grain::Month, year), (Grain::Day, year), (Grain::Day, years)] {
        let query = KpiQuery {
            kpi_ids: ids(&KPIS),
            period: span.period(),
            grain: grain.into(),
            calendar: Some(Calendar { time_zone: "Europe/Berlin".into(), ..Default::default() }),
            ..Default::default()
        };
        let answer = ask(&mut client, &query).await?;
        let buckets = answer.header.as_ref().map_or(0, |header| header.buckets.len());
        progress(database.kind, &format!("g: {buckets} buckets"));
        let mut planned = None;
        if counts {
            pool.fetch(&Asking::texts("SELECT CAST(pg_stat_statements_reset() AS text)", 1)).await?;
            ask(&mut client, &query).await?;
            planned = Some(planning(&pool).await?);
        }
        let mut times = Vec::new();
        for _ in 0..options.pairs() {
            times.push(time(&mut async || ask(&mut client, &query).await.map(drop)).await?);
        }
        let cell = |cell: fn(&Planning) -> String| planned.as_ref().map_or("–".into(), cell);
        table.row([
            number(u64::try_from(buckets)?),
            number(u64::try_from(answer.rows.len())?),
            table::time(median(&times)),
            cell(|planned| planned.statements.to_string()),
            cell(|planned| table::time(planned.all)),
            cell(|planned| table::time(planned.longest)),
        ]);
    }
    table.notes.push(format!("{} over months of a year, its days, and the days of ten years.", KPIS.join(", ")));
    if database.kind == Kind::Postgres && !counts {
        table.notes.push("The server does not count plans: pg_stat_statements.track_planning is off.".into());
    }
    pool.close().await;
    server.stop().await?;
    Ok(table)
}

/// Whether the server can tell how long it plans.
async fn counts_plans(pool: &Pool) -> bool {
    let create =
        Asking { columns: Vec::new(), ..Asking::texts("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", 0) };
    let counts = "SELECT current_setting('pg_stat_statements.track_planning')";
    pool.fetch(&create).await.is_ok() && pool.text(counts).await.is_ok_and(|setting| setting == "on")
}

async fn planning(pool: &Pool) -> Outcome<Planning> {
    let asking = Asking { columns: vec![Column::Integer; 3], ..Asking::texts(PLANNED, 0) };
    let rows = pool.fetch(&asking).await?;
    let number = |place: usize| match rows.first().and_then(|row| row.get(place)) {
        Some(Cell::Integer(number)) => Ok(*number),
        other => Err(format!("plans are counted as {other:?}")),
    };
    let micros = |place: usize| Ok::<_, String>(Duration::from_micros(number(place)?.unsigned_abs()));
    Ok(Planning { statements: number(0)?, all: micros(1)?, longest: micros(2)? })
}
