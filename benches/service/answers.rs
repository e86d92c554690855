//! Rows a and b: answers beside the SQL for them.

use crate::catalogue::{self, Catalogue};
use crate::measure::{Pairs, pairs, time};
use crate::options::{Options, Row};
use crate::questions::{Question, ask as ask_service, cells, comparable, questions};
use crate::sql::Pool;
use crate::table::{self, Table, number, ratio, verdict};
use crate::{Database, Outcome, progress, same, server};

/// The most of the SQL's time that an answer may take.
const GOAL: f64 = 1.10;

/// How often a server is started for a first question.
const STARTS: usize = 5;

/// What a database was asked.
pub struct Asked {
    pub questions: Vec<Measured>,
    pub catalogue: Option<Catalogue>,
}

pub struct Measured {
    pub name: String,
    pub rows: u64,
    pub warm: Pairs,
    pub cold: Pairs,
}

/// Asks what rows a, b and e need. `cold` only where it is wanted.
pub async fn ask(database: &Database, options: &Options, cold: bool) -> Outcome<Asked> {
    let pool = Pool::open(database).await?;
    let server = server::uncached(database).await?;
    let mut client = server::client(&server).await?;
    let mut asked = Asked { questions: Vec::new(), catalogue: None };
    for question in questions(database, &pool).await? {
        progress(database.kind, &question.name);
        let answer = cells(&ask_service(&mut client, &question.query).await?)?;
        same(&question.name, &answer, &comparable(pool.fetch(&question.asking).await?))?;
        let warm = pairs(
            options.pairs(),
            async || ask_service(&mut client, &question.query).await.map(drop),
            async || pool.fetch(&question.asking).await.map(drop),
        )
        .await?;
        let rows = u64::try_from(answer.len())?;
        asked.questions.push(Measured { name: question.name.clone(), rows, warm, cold: Pairs::default() });
        if cold && options.rows.contains(&Row::A) {
            let last = asked.questions.len() - 1;
            asked.questions[last].cold = self::cold(database, &question).await?;
        }
    }
    if options.rows.contains(&Row::B) || options.rows.contains(&Row::E) {
        asked.catalogue = Some(catalogue::measure(database, options, &pool, &mut client).await?);
    }
    pool.close().await;
    server.stop().await?;
    Ok(asked)
}

/// The first question to a server that has just started, and the first statement on a new connection that is open.
async fn cold(database: &Database, question: &Question) -> Outcome<Pairs> {
    let mut measured = Pairs::default();
    for _ in 0..STARTS {
        let server = server::uncached(database).await?;
        let mut client = server::client(&server).await?;
        measured.service.push(time(&mut async || ask_service(&mut client, &question.query).await.map(drop)).await?);
        server.stop().await?;
        let pool = Pool::open(database).await?;
        measured.other.push(time(&mut async || pool.fetch(&question.asking).await.map(drop)).await?);
        pool.close().await;
    }
    Ok(measured)
}

/// Row a.
pub fn table(asked: &Asked, options: &Options) -> Table {
    let mut table = Table::new(
        "### a. Single questions",
        &["question", "rows", "", "service", "SQL", "service / SQL (middle half)", "goal", ""],
    );
    for question in &asked.questions {
        for (name, pairs) in [("warm", &question.warm), ("cold", &question.cold)] {
            let (service, sql) = pairs.medians();
            let found = pairs.ratio();
            let (goal, met) = match name {
                "warm" => (
                    format!("≤ {GOAL:.2}, at 2,000,000 opportunities"),
                    verdict(options.is_goal_size(), found.median <= GOAL),
                ),
                _ => ("none".into(), String::new()),
            };
            table.row([
                question.name.clone(),
                number(question.rows),
                format!("{name}, {} pairs", pairs.service.len()),
                table::time(service),
                table::time(sql),
                ratio(found),
                goal,
                met,
            ]);
        }
    }
    table
}
