use super::{Failure, output};
use crate::config::{DEFAULTS, Origin, ServiceArgs, redact};
use crate::server;
use clap::Subcommand;

/// Options of `config`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Tell everything that is wrong with the settings, or what they come to and where each comes from
    Check(ServiceArgs),
    /// Print the file of defaults, which explains every setting
    Default,
}

pub(super) async fn run(args: &Args) -> Result<(), Failure> {
    match &args.action {
        Action::Default => output::print(DEFAULTS)?,
        Action::Check(service) => {
            let layers = service.layers(None);
            let settings = layers.clone().settings()?;
            let unusable = server::check(&settings).await;
            if !unusable.is_empty() {
                let lines: String = unusable.iter().map(|problem| format!("\n  {problem}")).collect();
                return Err(Failure::new(format_args!("the configuration is wrong:{lines}")));
            }
            for (key, value, origin) in
                layers.values().filter(|(_, value, origin)| **origin != Origin::Default && value.as_str() != Some(""))
            {
                let value = match key {
                    "database" => format!("{:?}", settings.database),
                    _ => redact(&value.to_string()).into_owned(),
                };
                output::line(format_args!("{key} = {value}  # {origin}"))?;
            }
            for name in settings.database.ignored() {
                output::line(format_args!("# The parameter {name} of the database URL has no effect."))?;
            }
            output::line("The configuration is valid; what is not listed is as in `crm-kpi config default`.")?;
        }
    }
    Ok(())
}
