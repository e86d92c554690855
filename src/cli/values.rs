//! Lists the values of a dimension, by which a question can be filtered.

use super::connection::ConnectionArgs;
use super::{Failure, output};
use crate::proto;
use comfy_table::{Table, presets};

/// Options of `values`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The dimension, as `crm-kpi catalog` lists them
    dimension: String,
    /// Only values whose id or label contains this text
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    search: String,
    #[command(flatten)]
    connection: ConnectionArgs,
}

pub(super) async fn run(args: Args) -> Result<(), Failure> {
    let mut client = args.connection.client().await?;
    let mut request = proto::ListDimensionValuesRequest {
        dimension: args.dimension,
        search: args.search,
        page_size: 10_000,
        ..Default::default()
    };
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["Value", "Label"]);
    let mut count = 0;
    loop {
        let page = client.list_dimension_values(request.clone()).await?.into_inner();
        for value in page.values {
            count += 1;
            let id = if value.id.is_empty() { "(not set)" } else { &value.id };
            table.add_row([id, &value.label]);
        }
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    output::line(format_args!("{table}\n{}", output::counted(count, "value")))
}
