//! Reads a file of hand-written SQL and runs its sections.
//!
//! A file says in words what the KPI is, then what its integers are (`-- value in ones`, or `-- numerator in minor units,
//! denominator in ones`), then has sections: a heading that is the question (`-- by rep, month where segment =
//! enterprise|smb and region != north`, `-- total`) and the SQL that answers it. A section returns its keys under the
//! names of their dimensions, the month as `2017-03`, and the integers; an unset integer is 0.

use super::period::Period;
use crate::support::{Kind, TestDatabase};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};
use std::collections::BTreeMap;

/// The oracle of a KPI.
pub struct Oracle {
    pub kpi: String,
    /// What the value is, or the numerator of a quotient.
    pub numerator: Quantity,
    /// Only of a quotient.
    pub denominator: Option<Quantity>,
    pub sections: Vec<Section>,
}

/// What an integer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Ones,
    MinorUnits,
    MinorUnitsTimes10000,
    Milliseconds,
    /// Milliseconds, which the service shows in hours.
    MillisecondsAsHours,
    Seconds,
}

/// A question and the SQL that answers it.
pub struct Section {
    pub heading: String,
    /// The dimensions that it is grouped by.
    pub dimensions: Vec<String>,
    /// A row per month, too.
    pub by_month: bool,
    pub filters: Vec<Filter>,
    sql: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub dimension: String,
    pub negated: bool,
    pub values: Vec<String>,
}

/// What a row is about: a month, where the section has months, and the ids of its dimensions.
pub type Key = (Option<String>, Vec<String>);

/// The integers of a row; the denominator is 1 of what is no quotient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    pub numerator: i128,
    pub denominator: i128,
}

impl Quantity {
    fn parse(words: &str) -> Self {
        match words.trim() {
            "ones" => Self::Ones,
            "minor units" => Self::MinorUnits,
            "minor units x 10000" => Self::MinorUnitsTimes10000,
            "milliseconds" => Self::Milliseconds,
            "milliseconds as hours" => Self::MillisecondsAsHours,
            "seconds" => Self::Seconds,
            other => panic!("unknown quantity {other:?}"),
        }
    }

    /// How many make one of what the service answers in: units of a currency with two decimals, days,
    /// hours, seconds.
    pub fn per_unit(self) -> i128 {
        match self {
            Self::Ones | Self::Seconds => 1,
            Self::MinorUnits => 100,
            Self::MinorUnitsTimes10000 => 1_000_000,
            Self::Milliseconds => 86_400_000,
            Self::MillisecondsAsHours => 3_600_000,
        }
    }
}

impl Oracle {
    pub fn parse(kpi: &str, file: &str) -> Self {
        let mut quantities = None;
        let mut sections: Vec<Section> = Vec::new();
        for line in file.lines() {
            if line == "-- total" || line.starts_with("-- total where ") || line.starts_with("-- by ") {
                sections.push(Section::parse(line.trim_start_matches("-- ")));
            } else if let Some(section) = sections.last_mut() {
                section.sql.push_str(line);
                section.sql.push('\n');
            } else if let Some(quantity) = line.strip_prefix("-- value in ") {
                quantities = Some((Quantity::parse(quantity), None));
            } else if let Some(both) = line.strip_prefix("-- numerator in ") {
                let (numerator, denominator) = both.split_once(", denominator in ").expect(line);
                quantities = Some((Quantity::parse(numerator), Some(Quantity::parse(denominator))));
            }
        }
        let (numerator, denominator) =
            quantities.unwrap_or_else(|| panic!("{kpi}.sql does not say what its integers are"));
        Self { kpi: kpi.into(), numerator, denominator, sections }
    }

    /// The section with these properties.
    pub fn find(&self, dimensions: &[&str], by_month: bool, filters: &[Filter]) -> Option<&Section> {
        self.sections
            .iter()
            .find(|s| s.dimensions == dimensions && s.by_month == by_month && s.filters.as_slice() == filters)
    }
}

impl Section {
    fn parse(heading: &str) -> Self {
        let (group, conditions) = heading.split_once(" where ").unwrap_or((heading, ""));
        let mut dimensions: Vec<String> = match group.strip_prefix("by ") {
            Some(dimensions) => dimensions.split(", ").map(Into::into).collect(),
            None => Vec::new(),
        };
        let by_month = dimensions.iter().any(|dimension| dimension == "month");
        dimensions.retain(|dimension| dimension != "month");
        let filters = conditions.split(" and ").filter(|condition| !condition.is_empty()).map(Filter::parse).collect();
        Self { heading: heading.into(), dimensions, by_month, filters, sql: String::new() }
    }

    /// What the section answers for a period.
    pub async fn run(&self, database: &TestDatabase, period: &Period) -> BTreeMap<Key, Figure> {
        let sql = self.statement(database.kind, period);
        let backend = match database.kind {
            Kind::Sqlite => DbBackend::Sqlite,
            Kind::Postgres => DbBackend::Postgres,
        };
        let statement = Statement::from_string(backend, sql.clone());
        let rows =
            database.connection.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{error} in {sql}"));
        let columns = self.columns();
        let text = |row: &QueryResult, place| row.try_get_by_index::<Option<String>>(place).unwrap();
        self.answer(rows.iter().map(|row| (0..columns).map(|place| text(row, place)).collect()))
    }

    /// How many columns [`Self::statement`] has.
    pub fn columns(&self) -> usize {
        self.dimensions.len() + usize::from(self.by_month) + if self.is_quotient() { 2 } else { 1 }
    }

    /// The SQL for a period. Its columns are texts: the dimensions, the month, the integers.
    pub fn statement(&self, kind: Kind, period: &Period) -> String {
        let sql = substitute(&self.sql, kind, period);
        let figures: &[&str] = if self.is_quotient() { &["numerator", "denominator"] } else { &["value"] };
        let month = self.by_month.then_some("month");
        let columns = self.dimensions.iter().map(String::as_str).chain(month).chain(figures.iter().copied());
        let texts: Vec<_> = columns.map(|column| format!("CAST({column} AS TEXT)")).collect();
        format!("SELECT {} FROM ({sql}) answer", texts.join(", "))
    }

    /// What the rows of [`Self::statement`] say.
    pub fn answer(&self, rows: impl Iterator<Item = Vec<Option<String>>>) -> BTreeMap<Key, Figure> {
        let heading = &self.heading;
        let integer = |text: Option<String>| match text.as_deref() {
            None | Some("") => 0,
            Some(digits) => digits.parse::<i128>().unwrap_or_else(|_| panic!("{digits:?} of {heading} is no integer")),
        };
        let mut answer = BTreeMap::new();
        for row in rows {
            let mut cells = row.into_iter();
            let ids = cells.by_ref().take(self.dimensions.len()).map(Option::unwrap_or_default).collect();
            let month = if self.by_month { cells.next() } else { None };
            let mut figures = cells.map(integer);
            let numerator = figures.next().unwrap_or_default();
            let figure = Figure { numerator, denominator: figures.next().unwrap_or(1) };
            let twice = answer.insert((month.map(Option::unwrap_or_default), ids), figure);
            assert_eq!(twice, None, "a key comes twice in {heading}");
        }
        answer
    }

    fn is_quotient(&self) -> bool {
        self.sql.contains(" AS denominator")
    }
}

impl Filter {
    fn parse(condition: &str) -> Self {
        let (dimension, negated, values) = match condition.split_once(" != ") {
            Some((dimension, values)) => (dimension, true, values),
            None => {
                let (dimension, values) = condition.split_once(" = ").expect(condition);
                (dimension, false, values)
            }
        };
        let values = values.split('|').map(|value| value.trim_matches('\'').to_owned()).collect();
        Self { dimension: dimension.into(), negated, values }
    }
}

/// Orders, each refund with what its order says of it.
const ORDERS: &str = "\
SELECT o.id, o.amount_minor, o.currency, o.ordered_at, o.refund_of, \
       CASE WHEN COALESCE(o.rep_id, '') = '' AND r.id IS NOT NULL THEN r.rep_id ELSE o.rep_id END AS rep_id, \
       COALESCE(r.account_id, o.account_id) AS account_id, COALESCE(r.product_id, o.product_id) AS product_id, \
       COALESCE(r.source_id, o.source_id) AS source_id, COALESCE(r.campaign_id, o.campaign_id) AS campaign_id, \
       COALESCE(r.kind, o.kind) AS kind, COALESCE(r.ordered_at, o.ordered_at) AS bought_at, \
       COALESCE(r.customer_order_number, o.customer_order_number) AS customer_order_number, \
       COALESCE(r.by_subscriber, o.by_subscriber) AS by_subscriber \
FROM orders o LEFT JOIN orders r ON o.refund_of <> '' AND r.id = o.refund_of";

/// Deals, open as their status says: one without a closing time was closed long ago if it is not open.
fn deals(long_ago: &str) -> String {
    format!(
        "(SELECT id, rep_id, account_id, product_id, source_id, pipeline_id, status, amount_minor, created_at, \
                 expected_close_on, forecast_category, \
                 CASE WHEN status = 'open' THEN NULL WHEN status IN ('won', 'lost') THEN COALESCE(closed_at, {long_ago}) \
                      ELSE {long_ago} END AS closed_at FROM opportunities) o"
    )
}

/// Writes the few words that the databases, or periods, have differently.
fn substitute(sql: &str, kind: Kind, period: &Period) -> String {
    let instant = |text: &str| match kind {
        Kind::Sqlite => format!("'{text}'"),
        Kind::Postgres => format!("TIMESTAMPTZ '{text}'"),
    };
    let months: Vec<_> = period
        .months()
        .into_iter()
        .map(|(label, month)| {
            format!(
                "SELECT '{label}' AS month, '{}' AS last_day, {} AS starts, {} AS ends, {} AS year_before_starts, {} AS year_before_ends, \
                 {} AS before_starts, {} AS before_ends",
                month.last,
                instant(&month.from()),
                instant(&month.until()),
                instant(&month.year_before_from()),
                instant(&month.year_before_until()),
                instant(&month.month_before_from()),
                instant(&month.month_before_until())
            )
        })
        .collect();
    let sql = sql
        .replace(":year_before_from", &instant(&period.year_before_from()))
        .replace(":year_before_until", &instant(&period.year_before_until()))
        .replace(":before_from", &instant(&period.before_from()))
        .replace(":before_until", &instant(&period.from()))
        .replace(":from", &instant(&period.from()))
        .replace(":until", &instant(&period.until()))
        .replace(":last_day", &format!("'{}'", period.last))
        .replace("MONTHS m", &format!("({}) m", months.join(" UNION ALL ")))
        .replace("DEALS o", &deals(&instant("0001-01-01T00:00:00+00:00")))
        .replace("ORDERS o", &format!("({ORDERS}) o"));
    let sql = call(&sql, "DUE", |cost| {
        let [amount, starts, ends, at] = cost else { panic!("DUE takes an amount and three instants") };
        due(amount, starts, ends, at)
    });
    let sql = call(&sql, "DAYS", |days| format!("({} * CAST(86400000 AS BIGINT))", days[0]));
    let sql = call(&sql, "MILLIS", |between| {
        let [from, to] = between else { panic!("MILLIS takes two instants") };
        format!("({} - {})", millis(kind, to), millis(kind, from))
    });
    let sql = call(&sql, "DAY", |instant| match kind {
        Kind::Sqlite => format!("substr({}, 1, 10)", instant[0]),
        Kind::Postgres => format!("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD')", instant[0]),
    });
    let sql = call(&sql, "SPREAD", |cost| {
        let [cost, from, until] = cost else { panic!("SPREAD takes a cost and two instants") };
        spread(kind, cost, from, until)
    });
    call(&sql, "MONTH", |instant| match kind {
        Kind::Sqlite => format!("substr({}, 1, 7)", instant[0]),
        Kind::Postgres => format!("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM')", instant[0]),
    })
}

/// What of an amount, spread over a stretch of time by whole minutes, has fallen due before an instant. A stretch that
/// has no whole minute falls due when it starts.
fn due(amount: &str, starts: &str, ends: &str, at: &str) -> String {
    let minutes = |to: &str| format!("(MILLIS({starts}, {to}) / 60000)");
    format!(
        "(CASE WHEN {starts} >= {at} THEN 0 WHEN {ends} IS NULL OR {ends} <= {at} OR {length} < 1 THEN {amount} \
         ELSE {amount} * {passed} / {length} END)",
        length = minutes(ends),
        passed = minutes(at),
    )
}

/// Milliseconds since 1970.
fn millis(kind: Kind, instant: &str) -> String {
    match kind {
        Kind::Sqlite => format!(
            "(CAST(strftime('%s', {instant}) AS INTEGER) * 1000 + CAST(substr(strftime('%f', {instant}), 4) AS INTEGER))"
        ),
        Kind::Postgres => format!("CAST(EXTRACT(EPOCH FROM {instant}) * 1000 AS BIGINT)"),
    }
}

/// The part of a cost's amount that falls between two instants: what is due by the second less what is by the first. Due
/// is as much of the amount as whole minutes of its stretch have passed, rounded toward zero. A cost whose stretch has
/// no end or no whole minute counts whole where it starts.
fn spread(kind: Kind, cost: &str, from: &str, until: &str) -> String {
    let (starts, ends, amount) =
        (format!("{cost}.starts_at"), format!("{cost}.ends_at"), format!("{cost}.amount_minor"));
    let minutes = |until: &str| format!("(({} - {}) / 60000)", millis(kind, until), millis(kind, &starts));
    let due = |at: &str| {
        let passed = format!("{amount} * {} / {}", minutes(at), minutes(&ends));
        format!("CASE WHEN {at} <= {starts} THEN 0 WHEN {at} >= {ends} THEN {amount} ELSE {passed} END")
    };
    let point = format!("CASE WHEN {starts} >= {from} AND {starts} < {until} THEN {amount} ELSE 0 END");
    let (by_until, by_from) = (due(until), due(from));
    format!("CASE WHEN {ends} IS NULL OR {} < 1 THEN {point} ELSE {by_until} - {by_from} END", minutes(&ends))
}

/// Replaces `NAME(argument, …)`; arguments hold no parentheses.
fn call(sql: &str, name: &str, write: impl Fn(&[&str]) -> String) -> String {
    let opening = format!("{name}(");
    let mut written = String::new();
    let mut rest = sql;
    while let Some(start) = rest.find(&opening) {
        let (arguments, after) = rest[start + opening.len()..].split_once(')').expect(sql);
        let arguments: Vec<_> = arguments.split(',').map(str::trim).collect();
        written.push_str(&rest[..start]);
        written.push_str(&write(&arguments));
        rest = after;
    }
    written + rest
}
