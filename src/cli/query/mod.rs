//! Asks a running service and prints the answer.

mod args;
mod ask;
mod csv;
mod json;
mod table;
mod unknown;
mod words;

pub use args::Args;

use super::{Failure, output};
use crate::proto;

/// A whole answer, however it came.
#[derive(Debug, Default)]
struct Answer {
    header: proto::ResultHeader,
    rows: Vec<proto::ResultRow>,
    totals: Vec<proto::ResultRow>,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let (query, language) = (args.question.query(args.stream), args.question.language());
    let client = args.connection.client().await?;
    let (mut other, filters) = (client.clone(), query.filters.clone());
    let answer = if args.stream { ask::stream(client, query).await? } else { ask::pages(client, query).await? };
    unknown::warn(&mut other, &filters, language).await;
    if args.json {
        output::line(json::render(&answer, args.totals))
    } else if args.csv {
        output::print(csv::render(&answer, args.totals)?)
    } else {
        output::line(table::render(&answer, args.totals, language, output::width()))
    }
}
