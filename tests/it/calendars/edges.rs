use super::{calendar, order, orders_of};
use crate::support::{Kind, TestDatabase, TestServer, dates, on_every_database};
use chrono::{DateTime, TimeDelta, Utc};
use crm_kpi::crm::orders;
use crm_kpi::database::upsert;
use crm_kpi::proto::CalendarSystem::{Gregorian, SolarHijri};
use crm_kpi::proto::{Calendar, CalendarSystem, Comparison, Grain, ResultRow, Weekday};

on_every_database!(every_event_at_an_edge_is_in_its_bucket, compared_events_at_an_edge_are_in_theirs);

/// A period and the instants that its buckets begin at and the last one ends at: midnights of the zone as the tz
/// database (2025b) has them, worked out from it by another implementation.
struct Layout {
    name: &'static str,
    zone: &'static str,
    system: CalendarSystem,
    week_start: Weekday,
    year_start: i32,
    grain: Grain,
    dates: [&'static str; 2],
    labels: &'static [&'static str],
    edges: &'static [&'static str],
}

const PLAIN: Layout = Layout {
    name: "",
    zone: "",
    system: Gregorian,
    week_start: Weekday::Monday,
    year_start: 1,
    grain: Grain::Day,
    dates: ["", ""],
    labels: &[],
    edges: &[],
};

/// The months of 1401, in the second of which clocks were forward, and in the seventh back for good.
const TEHRAN: Layout = Layout {
    name: "months of 1401",
    zone: "Asia/Tehran",
    system: SolarHijri,
    grain: Grain::Month,
    dates: ["1401-01-01", "1401-12-29"],
    labels: &[
        "1401-01", "1401-02", "1401-03", "1401-04", "1401-05", "1401-06", "1401-07", "1401-08", "1401-09", "1401-10",
        "1401-11", "1401-12",
    ],
    edges: &[
        "2022-03-20T20:30",
        "2022-04-20T19:30",
        "2022-05-21T19:30",
        "2022-06-21T19:30",
        "2022-07-22T19:30",
        "2022-08-22T19:30",
        "2022-09-22T20:30",
        "2022-10-22T20:30",
        "2022-11-21T20:30",
        "2022-12-21T20:30",
        "2023-01-20T20:30",
        "2023-02-19T20:30",
        "2023-03-20T20:30",
    ],
    ..PLAIN
};

const LAYOUTS: [Layout; 13] = [
    TEHRAN,
    Layout {
        name: "the midnight that clocks skip",
        zone: "Asia/Tehran",
        dates: ["2022-03-21", "2022-03-23"],
        labels: &["2022-03-21", "2022-03-22", "2022-03-23"],
        edges: &["2022-03-20T20:30", "2022-03-21T20:30", "2022-03-22T19:30", "2022-03-23T19:30"],
        ..PLAIN
    },
    Layout {
        name: "a day of 23 hours",
        zone: "Europe/Berlin",
        dates: ["2024-03-30", "2024-04-01"],
        labels: &["2024-03-30", "2024-03-31", "2024-04-01"],
        edges: &["2024-03-29T23:00", "2024-03-30T23:00", "2024-03-31T22:00", "2024-04-01T22:00"],
        ..PLAIN
    },
    Layout {
        name: "a day of 25 hours",
        zone: "Europe/Berlin",
        dates: ["2024-10-26", "2024-10-28"],
        labels: &["2024-10-26", "2024-10-27", "2024-10-28"],
        edges: &["2024-10-25T22:00", "2024-10-26T22:00", "2024-10-27T23:00", "2024-10-28T23:00"],
        ..PLAIN
    },
    Layout {
        name: "weeks from Monday",
        zone: "America/New_York",
        grain: Grain::Week,
        dates: ["2024-02-26", "2024-03-17"],
        labels: &["2024-W09", "2024-W10", "2024-W11"],
        edges: &["2024-02-26T05:00", "2024-03-04T05:00", "2024-03-11T04:00", "2024-03-18T04:00"],
        ..PLAIN
    },
    Layout {
        name: "weeks from Sunday",
        zone: "America/New_York",
        week_start: Weekday::Sunday,
        grain: Grain::Week,
        dates: ["2024-10-27", "2024-11-09"],
        labels: &["2024-10-27", "2024-11-03"],
        edges: &["2024-10-27T04:00", "2024-11-03T04:00", "2024-11-10T05:00"],
        ..PLAIN
    },
    Layout {
        name: "45 minutes",
        zone: "Asia/Kathmandu",
        grain: Grain::Month,
        dates: ["2024-07-01", "2024-09-30"],
        labels: &["2024-07", "2024-08", "2024-09"],
        edges: &["2024-06-30T18:15", "2024-07-31T18:15", "2024-08-31T18:15", "2024-09-30T18:15"],
        ..PLAIN
    },
    Layout {
        name: "half an hour back",
        zone: "Australia/Lord_Howe",
        dates: ["2024-04-06", "2024-04-08"],
        labels: &["2024-04-06", "2024-04-07", "2024-04-08"],
        edges: &["2024-04-05T13:00", "2024-04-06T13:00", "2024-04-07T13:30", "2024-04-08T13:30"],
        ..PLAIN
    },
    Layout {
        name: "half an hour forward",
        zone: "Australia/Lord_Howe",
        dates: ["2024-10-05", "2024-10-07"],
        labels: &["2024-10-05", "2024-10-06", "2024-10-07"],
        edges: &["2024-10-04T13:30", "2024-10-05T13:30", "2024-10-06T13:00", "2024-10-07T13:00"],
        ..PLAIN
    },
    Layout {
        name: "fiscal years from April",
        zone: "Asia/Kolkata",
        year_start: 4,
        grain: Grain::Year,
        dates: ["2023-04-01", "2025-03-31"],
        labels: &["FY2024", "FY2025"],
        edges: &["2023-03-31T18:30", "2024-03-31T18:30", "2025-03-31T18:30"],
        ..PLAIN
    },
    Layout {
        name: "fiscal quarters from July",
        zone: "Australia/Sydney",
        year_start: 7,
        grain: Grain::Quarter,
        dates: ["2024-07-01", "2025-06-30"],
        labels: &["FY2025 Q1", "FY2025 Q2", "FY2025 Q3", "FY2025 Q4"],
        edges: &["2024-06-30T14:00", "2024-09-30T14:00", "2024-12-31T13:00", "2025-03-31T13:00", "2025-06-30T14:00"],
        ..PLAIN
    },
    Layout {
        name: "fiscal quarters from October",
        zone: "America/Los_Angeles",
        year_start: 10,
        grain: Grain::Quarter,
        dates: ["2024-10-01", "2025-09-30"],
        labels: &["FY2025 Q1", "FY2025 Q2", "FY2025 Q3", "FY2025 Q4"],
        edges: &["2024-10-01T07:00", "2025-01-01T08:00", "2025-04-01T07:00", "2025-07-01T07:00", "2025-10-01T07:00"],
        ..PLAIN
    },
    Layout {
        name: "fiscal quarters from Mehr",
        zone: "Asia/Kabul",
        system: SolarHijri,
        year_start: 7,
        grain: Grain::Quarter,
        dates: ["1402-07-01", "1403-06-31"],
        labels: &["FY1403 Q1", "FY1403 Q2", "FY1403 Q3", "FY1403 Q4"],
        edges: &["2023-09-22T19:30", "2023-12-21T19:30", "2024-03-19T19:30", "2024-06-20T19:30", "2024-09-21T19:30"],
        ..PLAIN
    },
];

impl Layout {
    fn calendar(&self) -> Calendar {
        calendar(self.zone, self.system, self.week_start, self.year_start)
    }

    /// Two orders at every edge: one in the last millisecond before it and one at it. The n-th of them all is of 2 to the
    /// power of n cents: a sum tells which ones it has.
    fn orders(&self) -> Vec<orders::ActiveModel> {
        let edge = |text: &&str| format!("{text}:00Z").parse::<DateTime<Utc>>().unwrap();
        let instants = self.edges.iter().map(edge).flat_map(|edge| [edge - TimeDelta::milliseconds(1), edge]);
        let order = |(number, at)| order(format!("{} {number}", self.name), self.name, at, 1_i64 << number);
        instants.enumerate().map(order).collect()
    }
}

/// What a bucket has: the order at its first millisecond and the one in its last.
fn cents(bucket: usize) -> i64 {
    (1_i64 << (2 * bucket + 1)) + (1_i64 << (2 * bucket + 2))
}

fn dollars(cents: i64) -> Option<String> {
    Some(format!("{}.{:02}", cents / 100, cents % 100))
}

/// The bucket, the number of orders and the sales of each row.
fn read(rows: &[ResultRow]) -> Vec<(i32, Option<String>, Option<String>)> {
    rows.iter().map(|row| (row.bucket, row.values[0].value.clone(), row.values[1].value.clone())).collect()
}

async fn with_orders(kind: Kind) -> TestServer {
    let database = TestDatabase::migrated(kind).await;
    upsert(&database.connection, LAYOUTS.iter().flat_map(Layout::orders).collect()).await.unwrap();
    TestServer::start(database).await
}

async fn every_event_at_an_edge_is_in_its_bucket(kind: Kind) {
    let server = with_orders(kind).await;
    for layout in &LAYOUTS {
        let mut query = orders_of(layout.name, layout.calendar());
        query.period = dates(layout.dates[0], layout.dates[1]);
        query.grain = layout.grain.into();
        let answer = server.query(query.clone()).await;
        let buckets = &answer.header.as_ref().unwrap().buckets;
        let labels: Vec<_> = buckets.iter().map(|bucket| bucket.label.as_str()).collect();
        assert_eq!(labels, layout.labels, "{}", layout.name);
        assert!(buckets.iter().all(|bucket| !bucket.partial), "{}", layout.name);

        let places = 0..layout.labels.len();
        let mut expected: Vec<_> = places
            .clone()
            .map(|place| (i32::try_from(place).unwrap(), Some("2".into()), dollars(cents(place))))
            .collect();
        assert_eq!(read(&answer.rows), expected, "{}", layout.name);
        let all = (Some((2 * places.len()).to_string()), dollars(places.map(cents).sum()));
        expected.push((-1, all.0.clone(), all.1.clone()));
        let mut totals = read(&answer.totals);
        totals.sort_by_key(|(bucket, ..)| if *bucket < 0 { i32::MAX } else { *bucket });
        assert_eq!(totals, expected, "{}", layout.name);

        query.grain = Grain::Unspecified.into();
        assert_eq!(read(&server.query(query).await.rows), [(0, all.0, all.1)], "{}", layout.name);
    }
}

/// The second half of 1401 beside the first.
async fn compared_events_at_an_edge_are_in_theirs(kind: Kind) {
    let server = with_orders(kind).await;
    let mut query = orders_of(TEHRAN.name, TEHRAN.calendar());
    query.period = dates("1401-07-01", "1401-12-29");
    query.grain = Grain::Month.into();
    query.compare_to = Comparison::PreviousPeriod.into();
    let answer = server.query(query).await;
    let compared = answer.header.unwrap().compared.unwrap();
    assert_eq!((compared.first_date.as_str(), compared.last_date.as_str()), ("2022-03-21", "2022-09-22"));
    let labels: Vec<_> = compared.buckets.iter().map(|bucket| bucket.label.as_str()).collect();
    assert_eq!(labels, TEHRAN.labels[..6]);
    assert_eq!(answer.rows.len(), 6);
    for (month, row) in answer.rows.iter().enumerate() {
        let [count, sales] = [&row.values[0], &row.values[1]];
        assert_eq!((&count.compared_value, &count.change), (&Some("2".into()), &Some("0".into())), "{month}");
        assert_eq!(
            (&sales.value, &sales.compared_value),
            (&dollars(cents(month + 6)), &dollars(cents(month))),
            "{month}"
        );
    }
    let whole = answer.totals.iter().find(|row| row.bucket == -1).unwrap();
    assert_eq!(whole.values[1].compared_value, dollars((0..6).map(cents).sum()));
}
