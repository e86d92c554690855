//! Asks the service what a section of an oracle asks, and lists the differences.

use super::period::Period;
use super::sql::{Figure, Key, Oracle, Section};
use super::value::{describe, right_value, same};
use crate::support::{TestServer, dates};
use crm_kpi::proto;
use std::collections::{BTreeMap, BTreeSet};

/// Where the answers come from, and what they are compared over.
pub struct Comparison<'a> {
    pub server: &'a TestServer,
    pub period: Period,
}

/// What was compared.
#[derive(Default)]
pub struct Outcome {
    pub differences: Vec<String>,
    /// Headings of sections whose every figure is 0 in the oracle: they prove nothing.
    pub vacuous: BTreeSet<String>,
}

impl Comparison<'_> {
    /// Compares every section of an oracle, its rows and its totals.
    pub async fn compare(&self, oracle: &Oracle, scale: usize, outcome: &mut Outcome) {
        for section in &oracle.sections {
            let expected = section.run(&self.server.database, &self.period).await;
            if expected.values().all(|figure| figure.numerator == 0) {
                outcome.vacuous.insert(format!("{}: {}", oracle.kpi, section.heading));
            }
            let (rows, totals) = self.ask(oracle, section).await;
            let mut differ = |what: &str, expected: &BTreeMap<Key, Figure>, found: &BTreeMap<Key, proto::KpiValue>| {
                for difference in differences(oracle, scale, expected, found) {
                    let (kpi, heading) = (&oracle.kpi, &section.heading);
                    let Period { first, last } = self.period;
                    outcome.differences.push(format!("{kpi}: {what} of {heading:?} over {first}/{last}: {difference}"));
                }
            };
            differ("a row", &expected, &rows);
            let buckets: BTreeMap<_, _> =
                totals.iter().filter(|(key, _)| key.0.is_some() == section.by_month).collect();
            let buckets = buckets.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            if let Some(all) = oracle.find(&[], section.by_month, &section.filters) {
                differ("a total", &all.run(&self.server.database, &self.period).await, &buckets);
            }
            let whole = totals.into_iter().filter(|(key, _)| key.0.is_none()).collect();
            if let Some(all) = oracle.find(&[], false, &section.filters) {
                differ("the total", &all.run(&self.server.database, &self.period).await, &whole);
            }
        }
    }

    /// The rows and totals of the service's answer; a whole period's total has no month.
    async fn ask(
        &self,
        oracle: &Oracle,
        section: &Section,
    ) -> (BTreeMap<Key, proto::KpiValue>, BTreeMap<Key, proto::KpiValue>) {
        let query = proto::KpiQuery {
            kpi_ids: vec![oracle.kpi.clone()],
            period: dates(&self.period.first.to_string(), &self.period.last.to_string()),
            grain: if section.by_month { proto::Grain::Month } else { proto::Grain::Unspecified }.into(),
            filters: section.filters.iter().map(filter).collect(),
            group_by: section.dimensions.clone(),
            ..Default::default()
        };
        let answer = self.server.query(query).await;
        let header = answer.header.unwrap();
        let gather = |rows: Vec<proto::ResultRow>| {
            let mut figures = BTreeMap::new();
            for row in rows {
                let bucket = usize::try_from(row.bucket).ok().filter(|_| section.by_month);
                let month = bucket.map(|bucket| header.buckets[bucket].label.clone());
                let ids = row.keys.into_iter().map(|key| key.id).collect();
                let [value] = row.values.try_into().expect("one value");
                let twice = figures.insert((month, ids), value);
                assert_eq!(twice, None, "{}: a row of {:?} comes twice", oracle.kpi, section.heading);
            }
            figures
        };
        (gather(answer.rows), gather(answer.totals))
    }
}

fn filter(filter: &super::sql::Filter) -> proto::Filter {
    let (any_of, none_of) =
        if filter.negated { (vec![], filter.values.clone()) } else { (filter.values.clone(), vec![]) };
    proto::Filter { dimension: filter.dimension.clone(), any_of, none_of }
}

/// Where rows differ. A row of zeros is as good as none.
fn differences(
    oracle: &Oracle,
    scale: usize,
    expected: &BTreeMap<Key, Figure>,
    found: &BTreeMap<Key, proto::KpiValue>,
) -> Vec<String> {
    let nothing = Figure { numerator: 0, denominator: if oracle.denominator.is_some() { 0 } else { 1 } };
    let mut differences = Vec::new();
    for key in expected.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
        let expected = expected.get(key).copied().unwrap_or(nothing);
        match found.get(key) {
            None if expected == nothing => {}
            None => differences.push(format!("{key:?} is missing: {expected:?}")),
            Some(found) => {
                let right = right_value(oracle, scale, expected);
                if !same(&right, found) {
                    differences.push(format!("{key:?}: expected {}, found {}", describe(&right), describe(found)));
                }
            }
        }
    }
    differences
}
