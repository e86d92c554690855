//! Row e: the same questions of 1, 10 and 100 times as much data.

use crate::Outcome;
use crate::answers::{Asked, ask};
use crate::data::All;
use crate::measure::Pairs;
use crate::options::Options;
use crate::table::{self, Table, number};
use std::time::Duration;

/// The parts of the main database's size that the others have.
const PARTS: [u32; 2] = [100, 10];

pub async fn table(data: &mut All, options: &Options, whole: Asked) -> Outcome<Table> {
    let mut sizes = Vec::new();
    for part in PARTS {
        let opportunities = (options.opportunities() / part).max(10);
        let database = data.of(options.reps(), opportunities).await?;
        sizes.push((opportunities, pairs(ask(&database, options, false).await?)));
        data.drop(database).await?;
    }
    sizes.push((options.opportunities(), pairs(whole)));
    let headings = ["question", "", "1×", "10×", "100×", "10× / 1×", "100× / 1×"];
    let mut table = Table::new("### e. How cost grows", &headings);
    let [small, middle, large] = sizes.as_slice() else { return Err("three sizes".into()) };
    for (place, (name, _)) in small.1.iter().enumerate() {
        for (side, service) in [("service", true), ("SQL", false)] {
            let times = [small, middle, large].map(|(_, asked)| {
                let (ours, theirs) = asked.get(place).map(|(_, pairs)| pairs.medians()).unwrap_or_default();
                if service { ours } else { theirs }
            });
            table.row([
                name.clone(),
                side.into(),
                table::time(times[0]),
                table::time(times[1]),
                table::time(times[2]),
                factor(times[1], times[0]),
                factor(times[2], times[0]),
            ]);
        }
    }
    let counts = [small, middle, large].map(|(opportunities, _)| number(u64::from(*opportunities)));
    table.notes.push(format!("1×, 10× and 100× are {} opportunities, of as many reps.", counts.join(", ")));
    Ok(table)
}

fn factor(time: Duration, base: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() / base.as_secs_f64())
}

/// The questions' names and warm pairs.
fn pairs(asked: Asked) -> Vec<(String, Pairs)> {
    let all = asked.catalogue.map(|catalogue| ("b: every KPI per month, a year".to_owned(), catalogue.pairs));
    asked.questions.into_iter().map(|question| (question.name, question.warm)).chain(all).collect()
}
