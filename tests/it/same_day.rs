//! Cases closed on the day they were opened: the calendar day of the caller's time zone, also where clocks change.

use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::crm::service_cases;
use crm_kpi::database::upsert;
use crm_kpi::proto::{Calendar, Grain, KpiQuery};
use sea_orm::IntoActiveModel;

on_every_database!(a_day_is_one_of_the_callers_time_zone);

/// Opened, resolved, what it is in local time.
const NEW_YORK: [[&str; 3]; 7] = [
    ["2024-03-09T05:00:00Z", "2024-03-10T04:59:59.999Z", "the whole of 9 March: 00:00 to 23:59:59.999, UTC-5"],
    ["2024-03-10T04:59:59.999Z", "2024-03-10T05:00:00Z", "midnight lies between"],
    ["2024-03-10T05:00:00Z", "2024-03-11T03:59:59.999Z", "the whole of 10 March: 23 hours, UTC-4 at its end"],
    ["2024-03-10T05:00:00Z", "2024-03-11T04:00:00Z", "until 11 March 00:00"],
    ["2024-11-03T04:00:00Z", "2024-11-04T04:59:59.999Z", "the whole of 3 November: 25 hours, UTC-5 at its end"],
    ["2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z", "until 4 November 00:00"],
    ["2024-11-03T03:59:59.999Z", "2024-11-03T04:00:00Z", "midnight lies between"],
];

/// Clocks went from 00:00 to 01:00 on 22 March 2022, and from 24:00 to 23:00 on 21 September.
const TEHRAN: [[&str; 3]; 7] = [
    ["2022-03-20T20:30:00Z", "2022-03-21T20:29:59.999Z", "the whole of 21 March: 00:00 to 23:59:59.999, UTC+3:30"],
    ["2022-03-21T20:29:59.999Z", "2022-03-21T20:30:00Z", "midnight, which clocks skip, lies between"],
    ["2022-03-21T20:30:00Z", "2022-03-22T19:29:59.999Z", "the whole of 22 March: 01:00 to 23:59:59.999, UTC+4:30"],
    ["2022-03-21T20:30:00Z", "2022-03-22T19:30:00Z", "until 23 March 00:00"],
    ["2022-09-20T19:30:00Z", "2022-09-21T20:29:59.999Z", "the whole of 21 September: 25 hours, UTC+3:30 at its end"],
    ["2022-09-20T19:30:00Z", "2022-09-21T20:30:00Z", "until 22 September 00:00"],
    ["2022-09-20T19:29:59.999Z", "2022-09-20T19:30:00Z", "midnight lies between"],
];

fn case((number, [opened, resolved, _]): (usize, &[&str; 3])) -> service_cases::ActiveModel {
    service_cases::Model {
        id: format!("case {number}"),
        opened_at: opened.parse().unwrap(),
        resolved_at: Some(resolved.parse().unwrap()),
        ..Default::default()
    }
    .into_active_model()
}

/// The months of a year in which cases were closed: "month same day/all".
async fn closures(server: &TestServer, year: &str, zone: &str) -> Vec<String> {
    let query = KpiQuery {
        kpi_ids: vec!["same_day_closure_rate".into()],
        period: dates(&format!("{year}-01-01"), &format!("{year}-12-31")),
        grain: Grain::Month.into(),
        calendar: Some(Calendar { time_zone: zone.into(), ..Default::default() }),
        ..Default::default()
    };
    let answer = server.query(query).await;
    let buckets = answer.header.unwrap().buckets;
    let months = answer.totals.iter().filter_map(|row| Some((usize::try_from(row.bucket).ok()?, &row.values[0])));
    let month = |(bucket, value): (usize, &crm_kpi::proto::KpiValue)| {
        let (numerator, denominator) = (value.numerator.as_ref().unwrap(), value.denominator.as_ref().unwrap());
        (denominator != "0").then(|| format!("{} {numerator}/{denominator}", buckets[bucket].label))
    };
    months.filter_map(month).collect()
}

async fn a_day_is_one_of_the_callers_time_zone(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let cases = NEW_YORK.iter().chain(&TEHRAN).enumerate().map(case).collect();
    upsert(&database.connection, cases).await.unwrap();
    let server = TestServer::start(database).await;
    assert_eq!(closures(&server, "2024", "America/New_York").await, ["2024-03 2/4", "2024-11 1/3"]);
    assert_eq!(closures(&server, "2022", "Asia/Tehran").await, ["2022-03 2/4", "2022-09 1/3"]);
    // In UTC only those that lie around a local midnight are of one day.
    assert_eq!(closures(&server, "2024", "").await, ["2024-03 1/4", "2024-11 1/3"]);
    assert_eq!(closures(&server, "2022", "").await, ["2022-03 1/4", "2022-09 1/3"]);
}
