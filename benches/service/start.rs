//! Row f: from exec to the first answer, beside a plain tonic server.

use crate::measure::{Pairs, median};
use crate::options::Options;
use crate::table::{self, Table, ratio, verdict};
use crate::{Database, Outcome, echo, progress, server};
use crm_kpi::proto::GetDataVersionRequest;
use std::time::{Duration, Instant};

const STARTS: usize = 10;

/// How long it may take until the server is ready.
const GOAL: Duration = Duration::from_millis(100);

pub async fn table(database: &Database, options: &Options) -> Outcome<Table> {
    progress(database.kind, "f: starting");
    let starts = if options.quick { 3 } else { STARTS };
    let (mut ready, mut answered) = (Pairs::default(), Pairs::default());
    // The programs are read from the disk before it counts.
    server::cached(database).await?.stop().await?;
    echo::start().await?.stop().await?;
    for _ in 0..starts {
        let began = Instant::now();
        let server = server::cached(database).await?;
        ready.service.push(began.elapsed());
        server::client(&server).await?.get_data_version(GetDataVersionRequest {}).await?;
        answered.service.push(began.elapsed());
        server.stop().await?;
        let began = Instant::now();
        let plain = echo::start().await?;
        ready.other.push(began.elapsed());
        echo::Caller::connect(&plain.address, 16, 16).await?.call().await?;
        answered.other.push(began.elapsed());
        plain.stop().await?;
    }
    let headings = ["from exec to", "service", "plain tonic server", "service / plain (middle half)", "goal", ""];
    let mut table = Table::new("### f. Starting on an existing database", &headings);
    for (what, pairs, goal) in [("the ready line", &ready, Some(GOAL)), ("the first answered call", &answered, None)] {
        let (service, plain) = (median(&pairs.service), median(&pairs.other));
        table.row([
            format!("{what}, {starts} starts"),
            table::time(service),
            table::time(plain),
            ratio(pairs.ratio()),
            goal.map_or("none".into(), |goal| format!("service ≤ {}", table::time(goal))),
            goal.map_or(String::new(), |goal| verdict(true, service <= goal)),
        ]);
    }
    Ok(table)
}
