//! Has a running service check its records, and prints what it finds.

mod args;
mod print;

pub use args::Args;

use super::Failure;
use crate::proto::check_data_quality_response::Frame;
use print::Printer;
use std::process::ExitCode;

/// The exit status where errors were found: 1 is a check that failed, 2 a command line that is wrong.
const ERRORS_FOUND: u8 = 3;

pub(super) async fn run(args: Args) -> Result<ExitCode, Failure> {
    let mut client = args.connection.client().await?;
    let mut messages = client.check_data_quality(args.request()).await?.into_inner();
    let mut printer = Printer::new(args.json);
    while let Some(message) = messages.message().await? {
        match message.frame {
            Some(Frame::Header(header)) => printer.header(header),
            Some(Frame::Batch(batch)) => printer.batch(&batch)?,
            Some(Frame::RuleSummary(summary)) => printer.rule(&summary)?,
            Some(Frame::Summary(summary)) => {
                printer.summary(&summary)?;
                let clean = summary.errors == 0;
                return Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(ERRORS_FOUND) });
            }
            None => {}
        }
    }
    Err(Failure::new("the stream was cut off").hint("Try again"))
}
