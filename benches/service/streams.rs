//! Row d: a stream with a row for every rep, beside what the database itself sends.

use crate::data::All;
use crate::measure::{Ratio, median, pairs};
use crate::options::Options;
use crate::questions::{REP_COLUMNS, Span, add_row, comparable, ids, sql_file};
use crate::sql::{Asking, Cell, Pool};
use crate::support::Kind;
use crate::table::{self, Table, number, ratio, verdict};
use crate::{Database, Outcome, progress, same, server};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::stream_rep_breakdown_response::Frame;
use crm_kpi::proto::{KpiQuery, ResultRow, StreamRepBreakdownRequest};
use rust_decimal::Decimal;
use std::time::Duration;
use tonic::transport::Channel;

/// How many reps there are. Of a million there are as many as of opportunities a half, so that each may have some.
const REPS: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// Opportunities of a rep, up to as many as the main database has.
const OPPORTUNITIES_EACH: u32 = 20;

/// The least part of COPY's rows a second, and at how many reps.
const GOAL: f64 = 0.60;
const GOAL_REPS: u32 = 100_000;

/// How much later than the first page's SQL the first batch may come.
const FIRST_GOAL: Duration = Duration::from_millis(50);

/// How much memory may grow, in KiB, and at how many reps.
const MEMORY_GOAL: u64 = 32 * 1024;
const MEMORY_GOAL_REPS: u32 = 1_000_000;

const PAGE: i32 = 100;

pub async fn tables(data: &mut All, options: &Options) -> Outcome<Vec<Table>> {
    let against = "service / COPY (middle half)";
    let headings = ["reps", "rows", "service rows/s", "COPY rows/s", against, "goal", ""];
    let mut rows = Table::new("### d. A stream by rep", &headings);
    let headings = ["reps", "first batch of 100 rows", "SQL of the first 100 reps", "later by", "goal", ""];
    let mut first = Table::new("How soon it begins:", &headings);
    let headings = ["reps", "resident before", "growth at most", "goal", ""];
    let mut memory = Table::new("The server's memory:", &headings);
    let sizes: &[u32] = if options.quick { &[500] } else { &REPS };
    for &reps in sizes.iter().filter(|&&reps| reps <= options.opportunities() / 2) {
        let opportunities = (reps.saturating_mul(OPPORTUNITIES_EACH)).min(options.opportunities());
        let database = data.of(reps, opportunities).await?;
        progress(database.kind, &format!("d: a stream of {reps} reps"));
        let measured = measure(&database, options).await?;
        data.drop(database).await?;
        let Measured { count, service, copy, ratio: found, first_batch, first_page, before, growth } = measured;
        rows.row([
            number(reps.into()),
            number(count),
            number((count as f64 / service.as_secs_f64()) as u64),
            number((count as f64 / copy.as_secs_f64()) as u64),
            ratio(found),
            format!("≥ {GOAL:.2} at {} reps", number(GOAL_REPS.into())),
            verdict(reps == GOAL_REPS, found.median >= GOAL),
        ]);
        let later = first_batch.saturating_sub(first_page);
        first.row([
            number(reps.into()),
            table::time(first_batch),
            table::time(first_page),
            table::time(later),
            format!("≤ {}", table::time(FIRST_GOAL)),
            verdict(true, later <= FIRST_GOAL),
        ]);
        memory.row([
            number(reps.into()),
            format!("{:.1} MiB", before as f64 / 1024.0),
            format!("{:.1} MiB", growth as f64 / 1024.0),
            format!("≤ {} MiB at {} reps", MEMORY_GOAL / 1024, number(MEMORY_GOAL_REPS.into())),
            verdict(reps == MEMORY_GOAL_REPS, growth <= MEMORY_GOAL),
        ]);
    }
    rows.notes.push(
        "Rows are reps who closed a deal in the year. In place of COPY, SQLite is sent the same SQL by sqlx, which reads it row \
         by row. The service sends totals as well, and batches of 1,000 rows."
            .into(),
    );
    Ok(vec![rows, first, memory])
}

struct Measured {
    count: u64,
    service: Duration,
    copy: Duration,
    /// Of rows a second.
    ratio: Ratio,
    first_batch: Duration,
    first_page: Duration,
    /// In KiB.
    before: u64,
    growth: u64,
}

async fn measure(database: &Database, options: &Options) -> Outcome<Measured> {
    let pool = Pool::open(database).await?;
    let server = server::uncached(database).await?;
    let mut client = server::client(&server).await?;
    let year = Span::last(12)?;
    let query = KpiQuery { kpi_ids: ids(&["won_value", "win_rate"]), period: year.period(), ..Default::default() };
    let whole = StreamRepBreakdownRequest { query: Some(query), ..Default::default() };
    let copy = Copy::new(database.kind, &year);
    // Read once before it counts, and compared.
    let mut answer = Vec::new();
    stream(&mut client, &whole, |rows| answer.extend(rows)).await?;
    compare(&answer, &copy.rows(&pool).await?)?;
    let count = u64::try_from(answer.len())?;
    drop(answer);
    let before = server.memory()?;
    let read = async || {
        let mut read = 0;
        stream(&mut client, &whole, |rows| read += rows.len()).await?;
        if u64::try_from(read)? == count { Ok(()) } else { Err(format!("{read} rows instead of {count}").into()) }
    };
    let streams = pairs(options.pairs(), read, async || copy.read(&pool).await).await?;
    let growth = server.peak()?.saturating_sub(before);

    let asking = Asking {
        sql: sql_file!(database.kind, "first_page").into(),
        parameters: year.parameters(),
        columns: REP_COLUMNS.into(),
    };
    let paged = StreamRepBreakdownRequest { batch_rows: PAGE, ..whole };
    let firsts = pairs(
        options.pairs(),
        async || first_batch(&mut client, &paged).await,
        async || pool.fetch(&asking).await.map(drop),
    )
    .await?;
    server.stop().await?;
    pool.close().await;
    let (service, copy) = streams.medians();
    let ratio = Ratio::of(streams.service.iter().zip(&streams.other).map(|(a, b)| b.as_secs_f64() / a.as_secs_f64()));
    let (first_batch, first_page) = (median(&firsts.service), median(&firsts.other));
    Ok(Measured { count, service, copy, ratio, first_batch, first_page, before, growth })
}

/// Reads a stream to its summary.
async fn stream(
    client: &mut KpiServiceClient<Channel>,
    request: &StreamRepBreakdownRequest,
    mut take: impl FnMut(Vec<ResultRow>),
) -> Outcome<()> {
    let mut stream = client.stream_rep_breakdown(request.clone()).await?.into_inner();
    let mut complete = false;
    while let Some(message) = stream.message().await? {
        match message.frame {
            Some(Frame::Batch(batch)) => take(batch.rows),
            Some(Frame::Summary(_)) => complete = true,
            _ => {}
        }
    }
    if complete { Ok(()) } else { Err("the stream was cut off".into()) }
}

/// Reads a stream up to its first batch, and gives up the rest.
async fn first_batch(client: &mut KpiServiceClient<Channel>, request: &StreamRepBreakdownRequest) -> Outcome<()> {
    let mut stream = client.stream_rep_breakdown(request.clone()).await?.into_inner();
    while let Some(message) = stream.message().await? {
        if let Some(Frame::Batch(_)) = message.frame {
            return Ok(());
        }
    }
    Err("the stream was cut off".into())
}

/// The database's own way to send the same.
struct Copy {
    kind: Kind,
    sql: String,
}

/// Rep, name, won value, win rate, won, closed.
const COLUMNS: usize = 6;

impl Copy {
    fn new(kind: Kind, year: &Span) -> Self {
        let instant = |day: chrono::NaiveDate| format!("{day}T00:00:00+00:00");
        let sql =
            sql_file!(kind, "breakdown").replace(":from", &instant(year.first)).replace(":until", &instant(year.end));
        let sql = match kind {
            Kind::Sqlite => sql,
            Kind::Postgres => format!("COPY ({sql}) TO STDOUT"),
        };
        Self { kind, sql }
    }

    async fn read(&self, pool: &Pool) -> Outcome<()> {
        match self.kind {
            Kind::Sqlite => pool.each(&Asking::texts(&self.sql, COLUMNS), drop).await,
            Kind::Postgres => pool.copy(&self.sql, |_| {}).await,
        }
    }

    async fn rows(&self, pool: &Pool) -> Outcome<Vec<Vec<String>>> {
        if self.kind == Kind::Postgres {
            let mut text = Vec::new();
            pool.copy(&self.sql, |chunk| text.extend_from_slice(chunk)).await?;
            let text = String::from_utf8(text)?;
            return Ok(text.lines().map(|line| line.split('\t').map(Into::into).collect()).collect());
        }
        let rows = pool.fetch(&Asking::texts(&self.sql, COLUMNS)).await?;
        let text = |cell| match cell {
            Cell::Text(text) => text,
            _ => String::new(),
        };
        Ok(rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect())
    }
}

/// Cell by cell; a rate that the SQL rounds may be a millionth beside.
fn compare(answer: &[ResultRow], copied: &[Vec<String>]) -> Outcome<()> {
    let mut service = Vec::with_capacity(answer.len());
    for row in answer {
        let mut cells = Vec::new();
        add_row(row, &[true], &mut cells)?;
        service.push(cells);
    }
    let mut sql = Vec::with_capacity(copied.len());
    for row in copied {
        let [rep, name, value, rate, won, closed] = row.as_slice() else {
            return Err(format!("a row of {} columns", row.len()).into());
        };
        let (won, closed): (i64, i64) = (won.parse()?, closed.parse()?);
        let exact = Decimal::from(won) / Decimal::from(closed);
        if (rate.parse::<Decimal>()? - exact).abs() > Decimal::new(1, 6) {
            return Err(format!("{won} of {closed} is copied as {rate}").into());
        }
        let minor = value.parse::<Decimal>()? * Decimal::ONE_HUNDRED;
        let figures = [i64::try_from(minor)?, won, closed].map(Cell::Integer);
        sql.push([rep, name].map(|text| Cell::Text(text.clone())).into_iter().chain(figures).collect());
    }
    same("d: a stream by rep", &comparable(service), &comparable(sql))
}
