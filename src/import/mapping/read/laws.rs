//! What holds between the fields of a row.

use super::row::Maker;
use crate::catalog::{Catalog, Dimension, Kpi, Unit};
use crate::import::mapping::value::Value;
use crate::import::suggest::suggestion;

impl Maker<'_> {
    /// A closed deal needs to know when it was closed. CRMs write the expected date of an open one in the same column.
    pub(super) fn closing(&mut self, values: &mut [Option<Value>]) {
        let place = |name| self.section.table.field(name).unwrap_or_default();
        let (status, closed_at) = (place("status"), place("closed_at"));
        match values[status] {
            Some(Value::Word("open")) => values[closed_at] = None,
            Some(Value::Word(status)) if values[closed_at].is_none() => match &self.section.rules[closed_at] {
                Some(rule) => {
                    // A date that cannot be read has been reported.
                    if matches!(self.context.value(rule, self.line, None), Ok(None)) {
                        self.report(rule, format!("a deal that is {status} needs closed_at"));
                    }
                }
                None => self
                    .report_row(format!("a deal that is {status} needs closed_at, and the mapping does not fill it")),
            },
            _ => {}
        }
    }

    /// A target does not end before it begins, and one of an amount has a currency; others have none. A member is one of a
    /// dimension that the KPI has.
    pub(super) fn target(&mut self, values: &mut [Option<Value>]) {
        let (first, last) = (self.place("first_date"), self.place("last_date"));
        if let (Some(Value::Day(from)), Some(Value::Day(until))) = (&values[first], &values[last])
            && until < from
        {
            self.report_field(last, format!("last_date: is before first_date, {from}"));
        }
        let (dimension, member) = (self.place("dimension"), self.place("member"));
        let Some(Value::Text(id)) = &values[self.place("kpi_id")] else { return };
        let kpi = Catalog::get().kpi(id);
        match (&values[dimension], kpi) {
            (Some(Value::Text(named)), Some(kpi)) => {
                if let Some(reason) = other_dimension(kpi, named) {
                    self.report_field(dimension, format!("dimension: {reason}"));
                }
            }
            (None, _) if values[member].is_some() => {
                self.report_field(member, "member: needs a dimension, such as product".into());
            }
            _ => {}
        }
        let is_amount = kpi.is_some_and(|kpi| kpi.unit == Unit::Currency);
        let currency = self.place("currency");
        if !is_amount {
            values[currency] = None;
        } else if values[currency].is_none() {
            let reason = format!("a target of {id} needs a currency");
            match self.reads_nothing(currency) {
                Some(true) => self.report_field(currency, reason),
                // A currency that cannot be read has been reported.
                Some(false) => {}
                None => self.report_row(format!("{reason}, and the mapping does not fill it")),
            }
        }
    }

    /// A rate is between two currencies.
    pub(super) fn rate(&mut self, values: &[Option<Value>]) {
        let (currency, quote) = (self.place("currency"), self.place("quote_currency"));
        if values[quote].is_some() && values[quote] == values[currency] {
            self.report_field(quote, "quote_currency: is the currency itself".into());
        }
    }

    fn place(&self, field: &str) -> usize {
        self.section.table.field(field).unwrap_or_default()
    }

    /// Whether the cells that fill a field are empty; nothing where the mapping does not fill it.
    fn reads_nothing(&self, field: usize) -> Option<bool> {
        let rule = self.section.rules[field].as_ref()?;
        Some(matches!(self.context.value(rule, self.line, None), Ok(None)))
    }

    fn report_field(&mut self, field: usize, reason: String) {
        if let Some(rule) = self.section.rules[field].as_ref() {
            self.report(rule, reason);
        }
    }
}

/// What is wrong with a dimension that targets of a KPI are set by, if anything is.
fn other_dimension(kpi: &Kpi, named: &str) -> Option<String> {
    let by = |dimension: &Dimension| !matches!(dimension, Dimension::Rep | Dimension::Team);
    let known: Vec<&str> = kpi.dimensions().into_iter().filter(by).map(Dimension::id).collect();
    match named {
        _ if known.contains(&named) => None,
        "rep" | "team" => Some(format!("a {named} is told by {named}_id")),
        _ => Some(format!("{} has no dimension {named:?}: {}", kpi.id, suggestion(named, known.iter().copied()))),
    }
}
