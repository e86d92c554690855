//! Random questions that the catalogue allows.

use crate::support::dates;
use chrono::{Days, NaiveDate};
use crm_kpi::proto::kpi_service_client::KpiServiceClient;
use crm_kpi::proto::{self, Calendar, CalendarSystem, Filter, Grain, KpiQuery, Weekday};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use tonic::transport::Channel;

/// What can be asked for.
pub struct Catalogue {
    kpis: Vec<proto::Kpi>,
    /// The values on record of every dimension.
    pub values: BTreeMap<String, Vec<String>>,
}

/// How many of what a question has.
#[derive(Clone)]
pub struct Shape {
    pub kpis: RangeInclusive<usize>,
    pub dimensions: RangeInclusive<usize>,
    pub filters: RangeInclusive<usize>,
    /// Dimensions that are not grouped by.
    pub without: &'static [&'static str],
}

impl Default for Shape {
    fn default() -> Self {
        Self { kpis: 1..=3, dimensions: 0..=2, filters: 0..=1, without: &[] }
    }
}

impl Catalogue {
    pub async fn read(mut client: KpiServiceClient<Channel>) -> Self {
        let answer = client.list_kpis(proto::ListKpisRequest::default()).await.unwrap().into_inner();
        let mut values = BTreeMap::new();
        for dimension in answer.dimensions {
            let request = proto::ListDimensionValuesRequest { dimension: dimension.id.clone(), ..Default::default() };
            let listed = client.list_dimension_values(request).await.unwrap().into_inner().values;
            values.insert(dimension.id, listed.into_iter().map(|value| value.id).collect());
        }
        Self { kpis: answer.kpis, values }
    }

    /// The same with some KPIs only.
    pub fn only(&self, ids: &[&str]) -> Self {
        let kpis = ids.iter().map(|id| self.kpi(id).clone()).collect();
        Self { kpis, values: self.values.clone() }
    }

    pub fn kpi(&self, id: &str) -> &proto::Kpi {
        self.kpis.iter().find(|kpi| kpi.id == id).unwrap()
    }

    /// Every KPI's id.
    pub fn ids(&self) -> Vec<String> {
        self.kpis.iter().map(|kpi| kpi.id.clone()).collect()
    }

    /// Every dimension whose rows do not overlap.
    pub fn plain_dimensions(&self) -> Vec<String> {
        self.values.keys().filter(|dimension| *dimension != "team").cloned().collect()
    }

    /// Random questions.
    pub fn questions(&self, shape: Shape) -> impl Strategy<Value = KpiQuery> {
        let kpis = subsequence(self.kpis.clone(), shape.kpis.clone()).prop_shuffle();
        let group_by = prop::collection::vec(any::<Index>(), shape.dimensions.clone());
        let values = prop::collection::vec(any::<Index>(), 1..4);
        let filters = prop::collection::vec((any::<Index>(), values, any::<bool>()), shape.filters.clone());
        let grains = [Grain::Unspecified, Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];
        let zones = ["", "", "Asia/Kathmandu", "America/New_York"];
        let systems = [CalendarSystem::Gregorian, CalendarSystem::SolarHijri];
        let weeks = [Weekday::Unspecified, Weekday::Saturday, Weekday::Sunday];
        let calendar = (select(zones.to_vec()), select(systems.to_vec()), select(weeks.to_vec()), 0..=12);
        let calendar = calendar.prop_map(|(zone, system, week_start, year_start)| Calendar {
            time_zone: zone.into(),
            system: system.into(),
            week_start: week_start.into(),
            fiscal_year_start_month: year_start,
        });
        let times = (0u64..400, 0u64..260, select(grains.to_vec()), calendar);
        (kpis, group_by, filters, times).prop_map(move |(kpis, group_by, filters, (start, days, grain, calendar))| {
            let reached = |id: &String| kpis.iter().all(|kpi| kpi.dimensions.contains(id));
            let common: Vec<&String> = kpis[0].dimensions.iter().filter(|id| reached(id)).collect();
            let groups: Vec<_> = common.iter().filter(|id| !shape.without.contains(&id.as_str())).collect();
            let mut group_by: Vec<String> = group_by.iter().map(|pick| pick.get(&groups).to_string()).collect();
            let mut seen = Vec::new();
            group_by.retain(|id| {
                !seen.contains(id) && {
                    seen.push(id.clone());
                    true
                }
            });
            let first = NaiveDate::from_ymd_opt(2023, 6, 1).unwrap() + Days::new(start);
            let longest = match grain {
                Grain::Day => 12,
                Grain::Week => 60,
                _ => 260,
            };
            let last = first + Days::new(days % longest);
            KpiQuery {
                kpi_ids: kpis.iter().map(|kpi| kpi.id.clone()).collect(),
                period: dates(&first.to_string(), &last.to_string()),
                grain: grain.into(),
                calendar: Some(calendar),
                filters: filters.iter().map(|filter| self.filter(&common, filter)).collect(),
                group_by,
                ..Default::default()
            }
        })
    }

    /// A filter on one of the dimensions by values on record, "not set", and one that does not exist.
    fn filter(&self, dimensions: &[&String], (dimension, values, any): &(Index, Vec<Index>, bool)) -> Filter {
        let dimension = dimension.get(dimensions).to_string();
        let mut known = self.values[&dimension].clone();
        known.extend([String::new(), "gone".into()]);
        let mut ids: Vec<_> = values.iter().map(|pick| pick.get(&known).clone()).collect();
        ids.sort();
        ids.dedup();
        let (any_of, none_of) = if *any { (ids, vec![]) } else { (vec![], ids) };
        Filter { dimension, any_of, none_of }
    }
}
