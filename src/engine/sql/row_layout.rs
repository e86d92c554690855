//! Which column of a scan's rows holds what: the statement is written by it, and its rows are read by it.

use crate::catalog::{Axis, Column, Dimension};
use crate::database::DayColumns;
use crate::engine::model::Question;
use crate::engine::plan::{Part, Plan, Scan};

/// What a column of a scan's rows holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field {
    /// The key of a dimension. An unset one may come apart from an empty one where a group's rows add up.
    Key(Dimension),
    /// The number of the bucket.
    Bucket,
    /// The currency of the row's amounts, in this column of the source.
    Currency(Column),
    /// The number of the span of exchange rates.
    Span,
    /// A measure: always a 64-bit integer.
    Measure(Part),
    /// A currency, in this column of the source, that is not the answer's.
    ForeignCurrency(Column),
    /// When the first event was: its instant, or the number of its day where only that is known.
    FirstEvent,
    /// The key of the thing that rows are of, in this column, where those of the columns before it are unset.
    Thing(usize),
    /// The number of the day; 0 before the first bucket.
    Day,
    /// The most that a row adds to the thing.
    Most(Part),
}

/// The columns of a scan's rows, in their order: keys, the thing that rows are of, bucket, day, currency and span of rates where
/// amounts are converted, measures, then what tells of missing conversions. Measures of things share one column.
#[derive(Debug)]
pub(crate) struct RowLayout {
    pub(super) fields: Vec<Field>,
    /// How many keys there are: they come first.
    pub keys: usize,
    /// The column of the bucket.
    pub bucket: usize,
    /// The column of the currency, in a scan that converts.
    pub currency: Option<usize>,
    /// The column of the span of rates, in a scan that converts and has one for each row.
    pub span: Option<usize>,
    /// The column of the first measure: the others follow in the order of the scan's.
    pub measures: usize,
    /// The column of a foreign currency, in a scan that does not convert and could meet one.
    pub foreign_currency: Option<usize>,
    /// The column that says when the first event was, in a scan of events that converts.
    pub first_event: Option<usize>,
    /// Events are known to the day only.
    pub days: bool,
    /// The first of the columns with the key of the thing that rows are of, and how many there are.
    pub things: Option<(usize, usize)>,
    /// The columns of the day and of the most that a row adds, in a scan that tells of changes from day to day.
    pub changes: Option<(usize, usize)>,
}

impl RowLayout {
    pub(super) fn new(plan: &Plan, question: &Question, scan: &Scan, days: &DayColumns) -> Self {
        let converted = scan.source.currency.filter(|_| scan.converts);
        let spans = converted.filter(|_| !matches!(scan.axis, Axis::State { .. }));
        let events = converted.filter(|_| matches!(scan.axis, Axis::Event { .. }));
        let checked = scan.source.currency.filter(|_| checks_currency(plan, question, scan));
        let mut fields: Vec<Field> = scan.keys.iter().copied().map(Field::Key).collect();
        let keys = fields.len();
        let things = scan.each.as_ref().map(|each| (fields.len(), each.of.len()));
        fields.extend((0..things.map_or(0, |(_, columns)| columns)).map(Field::Thing));
        let bucket = add(&mut fields, Field::Bucket);
        let day = scan.tells_days(plan).then(|| add(&mut fields, Field::Day));
        let currency = converted.map(|column| add(&mut fields, Field::Currency(column)));
        let span = spans.map(|_| add(&mut fields, Field::Span));
        let measures = fields.len();
        let told = if things.is_some() { 1 } else { scan.measures.len() };
        fields.extend(scan.measures.iter().take(told).copied().map(Field::Measure));
        let first = scan.measures.first().copied();
        let changes = day.zip(first).map(|(day, part)| (day, add(&mut fields, Field::Most(part))));
        let foreign_currency = checked.map(|column| add(&mut fields, Field::ForeignCurrency(column)));
        let first_event = events.map(|_| add(&mut fields, Field::FirstEvent));
        let holds_days = |column: Column| days.precision(column.table, column.name).is_day();
        let days = matches!(scan.axis, Axis::Event { at, .. } if at.is_day(holds_days));
        Self { fields, keys, bucket, currency, span, measures, foreign_currency, first_event, days, things, changes }
    }
}

/// Adds a column, and returns its place.
fn add(fields: &mut Vec<Field>, field: Field) -> usize {
    fields.push(field);
    fields.len() - 1
}

/// Whether the scan adds amounts up that may be of other currencies than they are answered in.
fn checks_currency(plan: &Plan, question: &Question, scan: &Scan) -> bool {
    let own = question.own_currency && scan.keys.contains(&Dimension::Currency);
    !(scan.converts || own) && scan.measures.iter().any(|part| plan.measures[part.measure].has_currency())
}
