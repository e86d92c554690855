//! Asks a running service and prints the answer.

mod args;
mod ask;
mod json;
mod period;
mod table;

pub use args::Args;
pub(super) use ask::client;

use super::Failure;
use crate::proto;

/// A whole answer, however it came.
#[derive(Debug, Default)]
struct Answer {
    header: proto::ResultHeader,
    rows: Vec<proto::ResultRow>,
    totals: Vec<proto::ResultRow>,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let query = args.query()?;
    let answer =
        if args.stream { ask::stream(&args.endpoint, query).await? } else { ask::pages(&args.endpoint, query).await? };
    if args.json {
        println!("{}", json::render(&answer, args.totals));
    } else {
        println!("{}", table::render(&answer, args.totals));
    }
    Ok(())
}
