//! Row c: questions that are asked again and again, beside a plain tonic server that moves as many bytes.

use crate::measure::{Ratio, median};
use crate::options::Options;
use crate::questions::{Span, ids};
use crate::table::{self, Table, number, ratio, verdict};
use crate::{Database, Outcome, echo, progress, server};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{GetDataVersionRequest, Grain, KpiQuery, QueryKpisRequest};
use prost::Message;
use std::future::Future;
use std::time::{Duration, Instant};
use tonic::Status;
use tonic::transport::Channel;

/// The least part of the plain server's requests a second that an unchanged poll may have.
const GOAL: f64 = 0.70;

/// How many callers there are at once, and on how many connections.
const CALLERS: [(usize, usize); 2] = [(1, 1), (64, 8)];

/// Slices of each side.
const SLICES: usize = 5;

const DASHBOARD: [&str; 10] = [
    "total_sales",
    "won_value",
    "win_rate",
    "opportunities_created",
    "open_opportunities",
    "pipeline_value",
    "average_won_value",
    "sales_cycle_length",
    "new_customers",
    "mrr",
];

/// Somebody who asks the same again and again.
trait Caller: Clone + Send + 'static {
    fn call(&mut self) -> impl Future<Output = Result<(), Status>> + Send;
}

impl Caller for echo::Caller {
    async fn call(&mut self) -> Result<(), Status> {
        self.call().await
    }
}

#[derive(Clone)]
struct Poller {
    client: KpiServiceClient<Channel>,
    /// Unset: the version of the data.
    request: Option<QueryKpisRequest>,
    unchanged: bool,
}

impl Caller for Poller {
    async fn call(&mut self) -> Result<(), Status> {
        let Some(request) = &self.request else {
            return self.client.get_data_version(GetDataVersionRequest {}).await.map(drop);
        };
        let answer = self.client.query_kpis(request.clone()).await?.into_inner();
        if answer.not_modified == self.unchanged {
            Ok(())
        } else {
            Err(Status::internal("the data have changed while nobody changed them"))
        }
    }
}

/// What is polled, and how many bytes the request and the answer have.
struct Poll {
    name: &'static str,
    request: Option<QueryKpisRequest>,
    bytes: (usize, usize),
}

/// Calls in a stretch of time.
#[derive(Default)]
struct Slice {
    times: Vec<Duration>,
    length: Duration,
}

impl Slice {
    fn rate(&self) -> f64 {
        self.times.len() as f64 / self.length.as_secs_f64()
    }
}

pub async fn table(database: &Database, options: &Options) -> Outcome<Table> {
    let server = server::cached(database).await?;
    let plain = echo::start().await?;
    let headings = [
        "poll",
        "bytes asked, answered",
        "callers",
        "service /s",
        "plain /s",
        "service / plain (middle half)",
        "median service",
        "median plain",
        "goal",
        "",
    ];
    let mut table = Table::new("### c. Polls of unchanged data", &headings);
    for poll in polls(&mut server::client(&server).await?).await? {
        for (callers, connections) in CALLERS {
            progress(database.kind, &format!("c: {}, {callers} at once", poll.name));
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            for _ in 0..connections {
                let client = server::client(&server).await?;
                let unchanged = poll.request.as_ref().is_some_and(|request| !request.known_etag.is_empty());
                ours.push(Poller { client, request: poll.request.clone(), unchanged });
                theirs.push(echo::Caller::connect(&plain.address, poll.bytes.0, poll.bytes.1).await?);
            }
            // To warm up.
            slice(&ours, callers, options.slice() / 4).await?;
            slice(&theirs, callers, options.slice() / 4).await?;
            let (mut service, mut echo) = (Vec::new(), Vec::new());
            for pair in 0..SLICES {
                if pair % 2 == 0 {
                    service.push(slice(&ours, callers, options.slice()).await?);
                }
                echo.push(slice(&theirs, callers, options.slice()).await?);
                if pair % 2 == 1 {
                    service.push(slice(&ours, callers, options.slice()).await?);
                }
            }
            let found = Ratio::of(service.iter().zip(&echo).map(|(service, echo)| service.rate() / echo.rate()));
            let rate = |slices: &[Slice]| {
                let calls: usize = slices.iter().map(|slice| slice.times.len()).sum();
                let length: Duration = slices.iter().map(|slice| slice.length).sum();
                format!("{:.0}", calls as f64 / length.as_secs_f64())
            };
            let middle = |slices: &[Slice]| {
                let times: Vec<_> = slices.iter().flat_map(|slice| slice.times.iter().copied()).collect();
                table::time(median(&times))
            };
            let has_goal = poll.request.as_ref().is_none_or(|request| !request.known_etag.is_empty());
            table.row([
                poll.name.into(),
                format!("{}, {}", number(poll.bytes.0 as u64), number(poll.bytes.1 as u64)),
                callers.to_string(),
                rate(&service),
                rate(&echo),
                ratio(found),
                middle(&service),
                middle(&echo),
                if has_goal { format!("≥ {GOAL:.2}") } else { "none".into() },
                if has_goal { verdict(true, found.median >= GOAL) } else { String::new() },
            ]);
        }
    }
    server.stop().await?;
    plain.stop().await?;
    Ok(table)
}

async fn polls(client: &mut KpiServiceClient<Channel>) -> Outcome<Vec<Poll>> {
    let small = KpiQuery { kpi_ids: ids(&["won_value"]), period: Span::last(3)?.period(), ..Default::default() };
    let dashboard = KpiQuery {
        kpi_ids: ids(&DASHBOARD),
        period: Span::last(12)?.period(),
        grain: Grain::Month.into(),
        ..Default::default()
    };
    let mut polls = Vec::new();
    for (unchanged, again, query) in [
        ("QueryKpis with known_etag, a small question", "QueryKpis in full, a small question", small),
        ("QueryKpis with known_etag, 10 KPIs by 12 months", "QueryKpis in full, 10 KPIs by 12 months", dashboard),
    ] {
        let request = QueryKpisRequest { query: Some(query), ..Default::default() };
        let full = client.query_kpis(request.clone()).await?.into_inner();
        let known = QueryKpisRequest { known_etag: full.etag.clone(), ..request.clone() };
        let same = client.query_kpis(known.clone()).await?.into_inner();
        if !same.not_modified {
            return Err("the data have changed while nobody changed them".into());
        }
        let bytes = (known.encoded_len(), same.encoded_len());
        polls.push(Poll { name: unchanged, request: Some(known), bytes });
        let bytes = (request.encoded_len(), full.encoded_len());
        polls.push(Poll { name: again, request: Some(request), bytes });
    }
    let version = client.get_data_version(GetDataVersionRequest {}).await?.into_inner();
    polls.push(Poll { name: "GetDataVersion", request: None, bytes: (0, version.encoded_len()) });
    Ok(polls)
}

/// So many callers, spread over connections, ask for so long, and then hear their last answer.
async fn slice<C: Caller>(connections: &[C], callers: usize, length: Duration) -> Outcome<Slice> {
    let began = Instant::now();
    let mut tasks = Vec::new();
    for mut caller in connections.iter().cycle().take(callers).cloned() {
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while began.elapsed() < length {
                let asked = Instant::now();
                caller.call().await?;
                times.push(asked.elapsed());
            }
            Ok::<_, Status>(times)
        }));
    }
    let mut slice = Slice::default();
    for task in tasks {
        slice.times.extend(task.await??);
    }
    slice.length = began.elapsed();
    Ok(slice)
}
