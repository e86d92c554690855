//! Questions as a caller puts them, and as the best SQL for them does.

use crate::data::{LAST_DAY, YEARS, day};
use crate::oracle::value::rounded;
use crate::sql::{Asking, Cell, Column, Parameter, Pool};
use crate::{Database, Outcome};
use chrono::{Days, Months, NaiveDate};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{
    DatePeriod, Filter, Grain, KpiQuery, KpiValue, Period, QueryKpisRequest, QueryKpisResponse, ResultRow, period,
};
use rust_decimal::Decimal;
use tonic::transport::Channel;

/// The SQL of a name for a kind of database.
macro_rules! sql_file {
    ($kind:expr, $name:literal) => {
        match $kind {
            $crate::support::Kind::Sqlite => include_str!(concat!("sql/", $name, ".sqlite.sql")),
            $crate::support::Kind::Postgres => include_str!(concat!("sql/", $name, ".postgres.sql")),
        }
    };
}
pub(crate) use sql_file;

/// A question in both forms.
pub struct Question {
    pub name: String,
    pub query: KpiQuery,
    pub asking: Asking,
}

/// Whole months up to the last day of the data.
#[derive(Clone, Copy)]
pub struct Span {
    pub first: NaiveDate,
    /// The day after the last.
    pub end: NaiveDate,
}

impl Span {
    pub fn last(months: u32) -> Outcome<Self> {
        let end = day(LAST_DAY)? + Days::new(1);
        Ok(Self { first: end - Months::new(months), end })
    }

    pub fn last_day(&self) -> NaiveDate {
        self.end - Days::new(1)
    }

    pub fn period(&self) -> Option<Period> {
        let (first, last) = (self.first.to_string(), self.last_day().to_string());
        Some(Period { kind: Some(period::Kind::Dates(DatePeriod { first_date: first, last_date: last })) })
    }

    pub fn parameters(&self) -> Vec<Parameter> {
        vec![Parameter::Midnight(self.first), Parameter::Midnight(self.end)]
    }
}

/// The columns of `reps` and `first_page`.
pub const REP_COLUMNS: [Column; 5] = [Column::Text, Column::Text, Column::Integer, Column::Integer, Column::Integer];

/// The questions of row a.
pub async fn questions(database: &Database, pool: &Pool) -> Outcome<Vec<Question>> {
    let kind = database.kind;
    let (quarter, year, years) = (Span::last(3)?, Span::last(12)?, Span::last(12 * YEARS)?);
    let region = region(pool).await?;
    let filtered = years.parameters().into_iter().chain([Parameter::Text(region.clone())]).collect();
    Ok(vec![
        Question {
            name: "a1: won value of a quarter".into(),
            query: KpiQuery { kpi_ids: ids(&["won_value"]), period: quarter.period(), ..Default::default() },
            asking: Asking {
                sql: sql_file!(kind, "won_value_of_a_quarter").into(),
                parameters: quarter.parameters(),
                columns: vec![Column::Integer],
            },
        },
        Question {
            name: "a2: win rate and won value per rep, a year".into(),
            query: KpiQuery {
                kpi_ids: ids(&["win_rate", "won_value"]),
                period: year.period(),
                group_by: ids(&["rep"]),
                ..Default::default()
            },
            asking: Asking {
                sql: sql_file!(kind, "reps").into(),
                parameters: year.parameters(),
                columns: REP_COLUMNS.into(),
            },
        },
        Question {
            name: format!("a3: won value per month and segment, {YEARS} years, in one region"),
            query: KpiQuery {
                kpi_ids: ids(&["won_value"]),
                period: years.period(),
                grain: Grain::Month.into(),
                group_by: ids(&["segment"]),
                filters: vec![Filter { dimension: "region".into(), any_of: vec![region], ..Default::default() }],
                ..Default::default()
            },
            asking: Asking {
                sql: sql_file!(kind, "months_and_segments").into(),
                parameters: filtered,
                columns: vec![Column::Text, Column::Text, Column::Integer],
            },
        },
    ])
}

pub fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().copied().map(Into::into).collect()
}

/// The region with the most accounts.
async fn region(pool: &Pool) -> Outcome<String> {
    pool.text(
        "SELECT region FROM accounts WHERE region IS NOT NULL GROUP BY region ORDER BY COUNT(*) DESC, region LIMIT 1",
    )
    .await
}

/// The whole answer, all pages of it.
pub async fn ask(client: &mut KpiServiceClient<Channel>, query: &KpiQuery) -> Outcome<QueryKpisResponse> {
    let mut request = QueryKpisRequest { query: Some(query.clone()), ..Default::default() };
    let mut whole = client.query_kpis(request.clone()).await?.into_inner();
    while !whole.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut whole.next_page_token);
        let page = client.query_kpis(request.clone()).await?.into_inner();
        whole.rows.extend(page.rows);
        whole.next_page_token = page.next_page_token;
    }
    Ok(whole)
}

/// An answer as the SQL has it: the month, keys (of reps with their names), amounts in minor units, rates as numerator and
/// denominator; sorted, without what is all zero.
pub fn cells(answer: &QueryKpisResponse) -> Outcome<Vec<Vec<Cell>>> {
    let header = answer.header.as_ref().ok_or("an answer without a header")?;
    let by_rep = header.keys.iter().map(|key| key.id == "rep").collect::<Vec<_>>();
    let mut rows = Vec::with_capacity(answer.rows.len());
    for row in &answer.rows {
        let mut cells = Vec::new();
        if header.buckets.len() > 1 {
            let bucket = usize::try_from(row.bucket).ok().and_then(|bucket| header.buckets.get(bucket));
            cells.push(Cell::Text(bucket.ok_or("a bucket that the header lacks")?.label.clone()));
        }
        add_row(row, &by_rep, &mut cells)?;
        rows.push(cells);
    }
    Ok(comparable(rows))
}

/// The keys and figures of a row. `by_rep` tells which keys have their names beside them.
pub fn add_row(row: &ResultRow, by_rep: &[bool], cells: &mut Vec<Cell>) -> Outcome<()> {
    for (key, named) in row.keys.iter().zip(by_rep) {
        cells.push(Cell::Text(key.id.clone()));
        if *named {
            cells.push(Cell::Text(key.label.clone()));
        }
    }
    for value in &row.values {
        add_value(value, cells)?;
    }
    Ok(())
}

fn add_value(value: &KpiValue, cells: &mut Vec<Cell>) -> Outcome<()> {
    let (Some(numerator), Some(denominator)) = (&value.numerator, &value.denominator) else {
        cells.push(Cell::Integer(minor_units(value.value())?));
        return Ok(());
    };
    let (numerator, denominator): (i64, i64) = (numerator.parse()?, denominator.parse()?);
    if denominator != 0 && rounded(numerator.into(), denominator.into(), 6) != value.value() {
        return Err(format!("{numerator} of {denominator} is answered as {}", value.value()).into());
    }
    cells.extend([Cell::Integer(numerator), Cell::Integer(denominator)]);
    Ok(())
}

/// An amount of a currency with two decimals.
fn minor_units(amount: &str) -> Outcome<i64> {
    let minor = amount.parse::<Decimal>()? * Decimal::ONE_HUNDRED;
    if !minor.is_integer() {
        return Err(format!("{amount} has more than two decimals").into());
    }
    Ok(i64::try_from(minor)?)
}

/// Sorted, without rows whose figures are all zero: they are as good as none.
pub fn comparable(mut rows: Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    rows.retain(|row| row.iter().any(|cell| matches!(cell, Cell::Integer(figure) if *figure != 0)));
    rows.sort();
    rows
}
