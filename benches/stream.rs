//! Streams a breakdown over very many reps from the real server in a process of its own: rows a second, how long the first
//! batch takes, and how much the server's resident memory grows.
//!
//! `cargo bench --bench stream [-- --reps 100000]`, on SQLite and, where CRM_KPI_TEST_POSTGRES names a server, on PostgreSQL.
//! Linux only: memory is read from /proc. Fails where memory grows by more than 64 MiB.

#[path = "../tests/it/support/bulk.rs"]
mod bulk;
#[path = "../tests/it/support/database.rs"]
#[allow(dead_code)]
mod database;
#[path = "support/server.rs"]
mod server;

use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::stream_rep_breakdown_response::Frame;
use crm_kpi::proto::{DatePeriod, Grain, KpiQuery, Period, StreamRepBreakdownRequest, period};
use database::{Kind, TestDatabase};
use server::Server;
use std::error::Error;
use std::time::{Duration, Instant};

const MAX_GROWTH_KIB: u64 = 64 * 1024;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let reps = arguments.iter().position(|argument| argument == "--reps").and_then(|place| arguments.get(place + 1));
    let reps: u32 = reps.map_or(Ok(100_000), |reps| reps.parse())?;
    let mut kinds = vec![Kind::Sqlite];
    if std::env::var_os("CRM_KPI_TEST_POSTGRES").is_some() {
        kinds.push(Kind::Postgres);
    }
    println!("| database | rows | rows/s | first batch | whole stream | resident before | growth |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut grown = false;
    for kind in kinds {
        let database = TestDatabase::migrated(kind).await;
        bulk::reps_with_a_win_a_month(&database, reps).await;
        let server = Server::start(&database.url, &[]).await?;
        let measured = measure(&server).await;
        server.stop().await?;
        let Measured { rows, first, whole, before, peak } = measured?;
        let growth = peak.saturating_sub(before);
        println!(
            "| {kind:?} | {rows} | {:.0} | {first:.1?} | {whole:.2?} | {:.1} MiB | {:.1} MiB |",
            rows as f64 / whole.as_secs_f64(),
            before as f64 / 1024.0,
            growth as f64 / 1024.0,
        );
        if rows != u64::from(reps) * 12 {
            return Err(format!("{rows} rows of {reps} reps and 12 months").into());
        }
        grown |= growth > MAX_GROWTH_KIB;
    }
    if grown { Err("resident memory grew by more than 64 MiB".into()) } else { Ok(()) }
}

struct Measured {
    rows: u64,
    first: Duration,
    whole: Duration,
    /// Resident memory in KiB before, and at most during the stream.
    before: u64,
    peak: u64,
}

async fn measure(server: &Server) -> Outcome<Measured> {
    let mut client = KpiServiceClient::connect(server.address.clone()).await?;
    let query = |last: &str| {
        let dates = DatePeriod { first_date: "2024-01-01".into(), last_date: last.into() };
        KpiQuery {
            kpi_ids: ["won_value", "win_rate", "open_opportunities"].map(Into::into).to_vec(),
            period: Some(Period { kind: Some(period::Kind::Dates(dates)) }),
            grain: Grain::Month.into(),
            ..Default::default()
        }
    };
    // Connections, prepared statements and the page cache are there before it counts.
    let warm =
        StreamRepBreakdownRequest { query: Some(KpiQuery { limit: 10, ..query("2024-01-31") }), ..Default::default() };
    let mut stream = client.stream_rep_breakdown(warm).await?.into_inner();
    while stream.message().await?.is_some() {}

    let before = server.memory()?;
    let started = Instant::now();
    let request = StreamRepBreakdownRequest { query: Some(query("2024-12-31")), ..Default::default() };
    let mut stream = client.stream_rep_breakdown(request).await?.into_inner();
    let (mut rows, mut first, mut complete) = (0, None, false);
    while let Some(message) = stream.message().await? {
        match message.frame {
            Some(Frame::Batch(batch)) => {
                first.get_or_insert_with(|| started.elapsed());
                rows += batch.rows.len() as u64;
            }
            Some(Frame::Summary(summary)) => complete = summary.row_count == i64::try_from(rows)?,
            _ => {}
        }
    }
    if !complete {
        return Err("the stream was cut off".into());
    }
    let whole = started.elapsed();
    Ok(Measured { rows, first: first.unwrap_or_default(), whole, before, peak: server.peak()? })
}
