//! Row b: every KPI of the catalogue by month in one question, beside a hand-written query for each.

use crate::measure::{Pairs, median, pairs};
use crate::options::Options;
use crate::oracle::period::Period;
use crate::oracle::value::{describe, right_value, same, scale};
use crate::oracle::{self, sql::Figure, sql::Oracle};
use crate::questions::{Span, ask};
use crate::sql::{Asking, Cell, Pool};
use crate::table::{self, Table, ratio, verdict};
use crate::{Database, Outcome, progress};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{Grain, Kpi, KpiQuery, KpiValue, ListKpisRequest, QueryKpisResponse};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tonic::transport::Channel;

/// The most of the sum that the one answer may take.
const GOAL: f64 = 0.35;

const SLOWEST: usize = 10;

/// What was measured.
pub struct Catalogue {
    pub pairs: Pairs,
    /// How long the hand-written query of each KPI took.
    queries: Vec<(String, Duration)>,
}

pub async fn measure(
    database: &Database,
    options: &Options,
    pool: &Pool,
    client: &mut KpiServiceClient<Channel>,
) -> Outcome<Catalogue> {
    let kpis = client.list_kpis(ListKpisRequest::default()).await?.into_inner().kpis;
    progress(database.kind, &format!("b: {} KPIs per month", kpis.len()));
    let year = Span::last(12)?;
    let period = Period { first: year.first, last: year.last_day() };
    let query = KpiQuery {
        kpi_ids: kpis.iter().map(|kpi| kpi.id.clone()).collect(),
        period: year.period(),
        grain: Grain::Month.into(),
        ..Default::default()
    };
    let answer = ask(client, &query).await?;
    let mut askings = Vec::new();
    for (place, kpi) in kpis.iter().enumerate() {
        let oracle = oracle::read(&kpi.id)?;
        let section = oracle.find(&[], true, &[]).ok_or_else(|| format!("{} has no months", kpi.id))?;
        let asking = Asking::texts(&section.statement(database.kind, &period), section.columns());
        let began = Instant::now();
        let rows = pool.fetch(&asking).await.map_err(|error| format!("the oracle of {}: {error}", kpi.id))?;
        if began.elapsed() > Duration::from_secs(2) {
            progress(database.kind, &format!("b: {} takes {:.1?}", kpi.id, began.elapsed()));
        }
        let expected = section.answer(rows.into_iter().map(|row| row.into_iter().map(text).collect()));
        let expected = expected.into_iter().filter_map(|((month, _), figure)| Some((month?, figure))).collect();
        compare(kpi, &oracle, &expected, &figures(&answer, place)?)?;
        askings.push(asking);
    }
    let mut times = vec![Vec::new(); askings.len()];
    let pairs = pairs(
        options.pairs(),
        async || ask(client, &query).await.map(drop),
        async || {
            for (asking, times) in askings.iter().zip(&mut times) {
                let began = Instant::now();
                pool.fetch(asking).await?;
                times.push(began.elapsed());
            }
            Ok(())
        },
    )
    .await?;
    let mut queries: Vec<_> = kpis.into_iter().zip(times).map(|(kpi, times)| (kpi.id, median(&times))).collect();
    queries.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    Ok(Catalogue { pairs, queries })
}

fn text(cell: Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text),
        _ => None,
    }
}

/// The values of a KPI by month.
fn figures(answer: &QueryKpisResponse, place: usize) -> Outcome<BTreeMap<String, KpiValue>> {
    let header = answer.header.as_ref().ok_or("an answer without a header")?;
    let mut figures = BTreeMap::new();
    for row in &answer.rows {
        let bucket = usize::try_from(row.bucket).ok().and_then(|bucket| header.buckets.get(bucket));
        let bucket = bucket.ok_or("a bucket that the header lacks")?;
        figures.insert(bucket.label.clone(), row.values.get(place).ok_or("a row without a value")?.clone());
    }
    Ok(figures)
}

/// A month that the SQL lacks is one of zeros.
fn compare(
    kpi: &Kpi,
    oracle: &Oracle,
    expected: &BTreeMap<String, Figure>,
    found: &BTreeMap<String, KpiValue>,
) -> Outcome<()> {
    let nothing = Figure { numerator: 0, denominator: i128::from(oracle.denominator.is_none()) };
    for month in expected.keys().chain(found.keys()) {
        let expected = *expected.get(month).unwrap_or(&nothing);
        let right = right_value(oracle, scale(kpi), expected);
        match found.get(month) {
            Some(found) if same(&right, found) => {}
            // In small data some tables are empty: then there is nothing that could be 0.
            Some(found) if found.null_reason() == crm_kpi::proto::NullReason::NoSource && expected.numerator == 0 => {}
            None if expected == nothing => {}
            found => {
                let (found, right) = (found.map_or("nothing".into(), describe), describe(&right));
                return Err(format!("{} in {month}: the service answers {found}, the SQL {right}", kpi.id).into());
            }
        }
    }
    Ok(())
}

/// Row b.
pub fn tables(catalogue: &Option<Catalogue>) -> Vec<Table> {
    let Some(Catalogue { pairs, queries }) = catalogue else { return Vec::new() };
    let headings = ["", "service, one question", "SQL, the sum", "service / SQL (middle half)", "goal", ""];
    let mut whole = Table::new("### b. Every KPI per month, a year", &headings);
    let (service, sql) = pairs.medians();
    let found = pairs.ratio();
    whole.row([
        format!("{} KPIs, {} pairs", queries.len(), pairs.service.len()),
        table::time(service),
        table::time(sql),
        ratio(found),
        format!("≤ {GOAL:.2}"),
        verdict(true, found.median <= GOAL),
    ]);
    let mut slowest = Table::new("The hand-written queries that take longest:", &["KPI", "SQL"]);
    for (kpi, time) in queries.iter().take(SLOWEST) {
        slowest.row([format!("`{kpi}`"), table::time(*time)]);
    }
    vec![whole, slowest]
}
