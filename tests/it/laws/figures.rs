//! What the figures of answers add up to, and which of them must.

use crm_kpi::proto::{Kpi, KpiKind, KpiQuery, KpiUnit, KpiValue, ResultRow};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::iter::Sum;

/// The value of what is no quotient, or numerator and denominator; durations in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums(Decimal, Decimal);

impl Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self(Decimal::ZERO, Decimal::ZERO), |sum, part| Self(sum.0 + part.0, sum.1 + part.1))
    }
}

impl Sums {
    /// Whether it is the same, but for what the rounding of parts to cents can make: less than a unit, or a thousandth.
    pub fn is_about(self, other: Self) -> bool {
        let room = |number: Decimal| (number.abs() / Decimal::ONE_THOUSAND).max(Decimal::new(9, 1));
        let about = |one: Decimal, other: Decimal| (one - other).abs() <= room(one);
        about(self.0, other.0) && about(self.1, other.1)
    }
}

/// What a value adds to a sum.
pub fn sums(kpi: &Kpi, value: &KpiValue) -> Sums {
    let number = |text: &Option<String>| text.as_ref().map_or(Decimal::ZERO, |text| text.parse().unwrap());
    if value.numerator.is_none() {
        return Sums(number(&value.value), Decimal::ZERO);
    }
    let numerator = number(&value.numerator);
    let numerator = match kpi.unit() {
        KpiUnit::Days => (numerator * Decimal::from(86_400_000)).round(),
        KpiUnit::Hours => (numerator * Decimal::from(3_600_000)).round(),
        _ => numerator,
    };
    Sums(numerator.normalize(), number(&value.denominator).normalize())
}

/// Whether the figures of groups, which do not overlap, add up to those of all. Distinct customers and addresses do not, nor
/// what becomes of accounts; nor do products, rounded figures, and shares of a whole that is the same for all groups, such as the days of
/// a bucket.
pub fn groups_add_up(kpi: &Kpi, group_by: &[String]) -> bool {
    let by = |start: &str| group_by.iter().any(|dimension| dimension.starts_with(start));
    match kpi.id.as_str() {
        "upsell_rate" | "cross_sell_rate" | "sales_velocity" | "weighted_pipeline_value" => false,
        "calls_per_opportunity" | "service_calls_per_day" | "weighted_expected_value" => false,
        "customer_lifetime_value" | "clv_to_cac" | "quick_ratio" | "arpa" => false,
        "gross_revenue_retention" | "net_revenue_retention" | "email_list_size" | "email_list_growth_rate" => false,
        "new_mrr" | "expansion_mrr" | "contraction_mrr" | "churned_mrr" | "reactivation_mrr" => false,
        "revenue_share_by_source" => !by("source"),
        "churn_rate" | "churn_reason_share" => !by("churn_reason"),
        _ => true,
    }
}

/// Whether the figures of buckets add up to those of the period: those of events do.
pub fn buckets_add_up(kpi: &Kpi) -> bool {
    match kpi.id.as_str() {
        "upsell_rate" | "cross_sell_rate" | "sales_velocity" | "close_rate" => false,
        "calls_per_opportunity" | "adoption_rate" | "records_per_user" | "arpa" | "weighted_expected_value" => false,
        "churn_rate" | "customer_retention_rate" | "gross_revenue_retention" | "net_revenue_retention" => false,
        "customer_lifetime_value" | "clv_to_cac" | "customer_retention_cost" => false,
        _ => matches!(kpi.kind(), KpiKind::Flow | KpiKind::Ratio | KpiKind::Average),
    }
}

/// Values by bucket, keys and KPI.
pub type Cells = BTreeMap<(i32, Vec<String>, String), KpiValue>;

/// The values of rows, but for those that are nothing: a group without data may have a row or none.
pub fn by_bucket(query: &KpiQuery, rows: &[ResultRow]) -> Cells {
    let mut cells = Cells::new();
    for row in rows {
        for (kpi, value) in query.kpi_ids.iter().zip(&row.values) {
            if !is_nothing(kpi, value) {
                let twice = cells.insert((row.bucket, group(row), kpi.clone()), value.clone());
                assert_eq!(twice, None, "{kpi} of {:?} comes twice", group(row));
            }
        }
    }
    cells
}

/// The same, whatever place the bucket has.
pub fn cells(query: &KpiQuery, rows: &[ResultRow]) -> Cells {
    let rows: Vec<_> = rows.iter().map(|row| ResultRow { bucket: 0, ..row.clone() }).collect();
    by_bucket(query, &rows)
}

/// Of a whole that heeds no groups: 0 of what others made is as good as nothing, and so are no calls in some days.
const SHARES: [&str; 4] = ["revenue_share_by_source", "churn_rate", "churn_reason_share", "service_calls_per_day"];

/// A source that sold nothing has a share of 0 of a whole that others made.
fn is_nothing(kpi: &str, value: &KpiValue) -> bool {
    let zero = |text: &Option<String>| text.as_ref().is_none_or(|text| text.parse::<Decimal>().unwrap().is_zero());
    let of_nothing = zero(&value.denominator) || SHARES.contains(&kpi);
    zero(&value.value) && zero(&value.numerator) && of_nothing
}

/// The ids of a row's keys.
pub fn group(row: &ResultRow) -> Vec<String> {
    row.keys.iter().map(|key| key.id.clone()).collect()
}

/// Every item once, as long as the same ones stand together.
pub fn without_repeats<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = items.collect();
    all.dedup();
    all
}

/// The value as a number.
pub fn value(value: &KpiValue) -> Option<Decimal> {
    value.value.as_ref().map(|text| text.parse().unwrap())
}

/// Whether a row's value at a place goes before another's: absent values come last.
pub fn goes_before(row: &ResultRow, other: &ResultRow, place: usize, descending: bool) -> bool {
    match (value(&row.values[place]), value(&other.values[place])) {
        (Some(own), Some(other)) if descending => own > other,
        (Some(own), Some(other)) => own < other,
        (own, other) => own.is_some() && other.is_none(),
    }
}
