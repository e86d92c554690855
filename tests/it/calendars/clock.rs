use super::{calendar, order, orders_of};
use crate::support::{Kind, TestDatabase, TestServer, on_every_database};
use crm_kpi::database::upsert;
use crm_kpi::proto::CalendarSystem::{Gregorian, SolarHijri};
use crm_kpi::proto::Comparison::{PreviousPeriod, PreviousYear};
use crm_kpi::proto::{self, CalendarSystem, Comparison, Grain, RelativePeriod, Weekday};

on_every_database!(midnight_is_the_zones);

/// A question that is asked around a midnight of its zone. The rep has an order at each of the two instants.
struct Case {
    name: &'static str,
    /// Zone, system, first day of the week, first month of the year.
    calendar: (&'static str, CalendarSystem, Weekday, i32),
    /// Unit, offset, count, to date.
    period: (Grain, i32, i32, bool),
    compare_to: Comparison,
    seen: [Seen; 2],
}

struct Seen {
    now: &'static str,
    /// The period, as the header states it.
    dates: [&'static str; 2],
    /// The name of its last unit.
    label: &'static str,
    /// What it is compared with.
    compared: [&'static str; 2],
    /// How many of the rep's orders are in it.
    orders: &'static str,
}

const CASES: [Case; 8] = [
    Case {
        name: "this year to date at Nowruz",
        calendar: ("Asia/Tehran", SolarHijri, Weekday::Saturday, 1),
        period: (Grain::Year, 0, 1, true),
        compare_to: PreviousYear,
        seen: [
            Seen {
                now: "2025-03-20T20:29:59.999Z",
                dates: ["2024-03-20", "2025-03-20"],
                label: "1403",
                compared: ["2023-03-21", "2024-03-19"],
                orders: "1",
            },
            Seen {
                now: "2025-03-20T20:30:00Z",
                dates: ["2025-03-21", "2025-03-21"],
                label: "1404",
                compared: ["2024-03-20", "2024-03-20"],
                orders: "1",
            },
        ],
    },
    Case {
        name: "this month at Nowruz, an hour earlier than in Tehran",
        calendar: ("Asia/Kabul", SolarHijri, Weekday::Saturday, 1),
        period: (Grain::Month, 0, 1, false),
        compare_to: PreviousPeriod,
        seen: [
            Seen {
                now: "2025-03-20T19:29:59.999Z",
                dates: ["2025-02-19", "2025-03-20"],
                label: "1403-12",
                compared: ["2025-01-20", "2025-02-18"],
                orders: "1",
            },
            Seen {
                now: "2025-03-20T19:30:00Z",
                dates: ["2025-03-21", "2025-04-20"],
                label: "1404-01",
                compared: ["2025-02-19", "2025-03-20"],
                orders: "1",
            },
        ],
    },
    Case {
        name: "the last 90 days after a day of 23 hours",
        calendar: ("America/New_York", Gregorian, Weekday::Sunday, 1),
        period: (Grain::Day, -1, 90, false),
        compare_to: PreviousPeriod,
        seen: [
            Seen {
                now: "2024-03-11T03:59:59.999Z",
                dates: ["2023-12-11", "2024-03-09"],
                label: "2024-03-09",
                compared: ["2023-09-12", "2023-12-10"],
                orders: "0",
            },
            Seen {
                now: "2024-03-11T04:00:00Z",
                dates: ["2023-12-12", "2024-03-10"],
                label: "2024-03-10",
                compared: ["2023-09-13", "2023-12-11"],
                orders: "1",
            },
        ],
    },
    Case {
        name: "this week from Sunday",
        calendar: ("Asia/Kathmandu", Gregorian, Weekday::Sunday, 1),
        period: (Grain::Week, 0, 1, false),
        compare_to: PreviousYear,
        seen: [
            Seen {
                now: "2026-02-14T18:14:59.999Z",
                dates: ["2026-02-08", "2026-02-14"],
                label: "2026-02-08",
                compared: ["2025-02-09", "2025-02-15"],
                orders: "1",
            },
            Seen {
                now: "2026-02-14T18:15:00Z",
                dates: ["2026-02-15", "2026-02-21"],
                label: "2026-02-15",
                compared: ["2025-02-16", "2025-02-22"],
                orders: "1",
            },
        ],
    },
    Case {
        name: "the last fiscal year",
        calendar: ("Asia/Kolkata", Gregorian, Weekday::Monday, 4),
        period: (Grain::Year, -1, 1, false),
        compare_to: PreviousPeriod,
        seen: [
            Seen {
                now: "2026-03-31T18:29:59.999Z",
                dates: ["2024-04-01", "2025-03-31"],
                label: "FY2025",
                compared: ["2023-04-01", "2024-03-31"],
                orders: "0",
            },
            Seen {
                now: "2026-03-31T18:30:00Z",
                dates: ["2025-04-01", "2026-03-31"],
                label: "FY2026",
                compared: ["2024-04-01", "2025-03-31"],
                orders: "1",
            },
        ],
    },
    Case {
        name: "this quarter to date when clocks went half an hour forward",
        calendar: ("Australia/Lord_Howe", Gregorian, Weekday::Monday, 1),
        period: (Grain::Quarter, 0, 1, true),
        compare_to: PreviousPeriod,
        seen: [
            Seen {
                now: "2024-10-06T12:59:59.999Z",
                dates: ["2024-10-01", "2024-10-06"],
                label: "2024-Q4",
                compared: ["2024-07-01", "2024-07-06"],
                orders: "1",
            },
            Seen {
                now: "2024-10-06T13:00:00Z",
                dates: ["2024-10-01", "2024-10-07"],
                label: "2024-Q4",
                compared: ["2024-07-01", "2024-07-07"],
                orders: "2",
            },
        ],
    },
    Case {
        // At 00:01 clocks went back to 23:01: the second instant is in the hour that comes twice.
        name: "today after clocks were put back past midnight",
        calendar: ("America/St_Johns", Gregorian, Weekday::Monday, 1),
        period: (Grain::Day, 0, 1, true),
        compare_to: PreviousPeriod,
        seen: [
            Seen {
                now: "2010-11-07T02:29:59.999Z",
                dates: ["2010-11-06", "2010-11-06"],
                label: "2010-11-06",
                compared: ["2010-11-05", "2010-11-05"],
                orders: "1",
            },
            Seen {
                now: "2010-11-07T02:45:00Z",
                dates: ["2010-11-07", "2010-11-07"],
                label: "2010-11-07",
                compared: ["2010-11-06", "2010-11-06"],
                orders: "1",
            },
        ],
    },
    Case {
        name: "29 February",
        calendar: ("UTC", Gregorian, Weekday::Monday, 1),
        period: (Grain::Day, 0, 1, false),
        compare_to: PreviousYear,
        seen: [
            Seen {
                now: "2024-02-28T23:59:59.999Z",
                dates: ["2024-02-28", "2024-02-28"],
                label: "2024-02-28",
                compared: ["2023-02-28", "2023-02-28"],
                orders: "1",
            },
            Seen {
                now: "2024-02-29T00:00:00Z",
                dates: ["2024-02-29", "2024-02-29"],
                label: "2024-02-29",
                compared: ["", ""],
                orders: "1",
            },
        ],
    },
];

async fn midnight_is_the_zones(kind: Kind) {
    let mut database = TestDatabase::migrated(kind).await;
    let at = |case: &Case, seen: &Seen| order(seen.now.into(), case.name, seen.now.parse().unwrap(), 100);
    let orders = CASES.iter().flat_map(|case| case.seen.iter().map(move |seen| at(case, seen))).collect();
    upsert(&database.connection, orders).await.unwrap();
    for (case, seen) in CASES.iter().flat_map(|case| case.seen.iter().map(move |seen| (case, seen))) {
        let server = TestServer::start_at(database, seen.now).await;
        let (zone, system, week_start, month) = case.calendar;
        let (unit, offset, count, to_date) = case.period;
        let relative = RelativePeriod { unit: unit.into(), offset, count, to_date };
        let mut query = orders_of(case.name, calendar(zone, system, week_start, month));
        query.period = Some(proto::Period { kind: Some(proto::period::Kind::Relative(relative)) });
        query.compare_to = case.compare_to.into();
        let answer = server.query(query.clone()).await;
        let header = answer.header.unwrap();
        let context = format!("{} at {}", case.name, seen.now);
        assert_eq!([header.first_date.as_str(), header.last_date.as_str()], seen.dates, "{context}");
        assert_eq!(header.calendar, query.calendar, "{context}");
        assert_eq!(header.time_zone, zone, "{context}");
        let compared = header.compared.unwrap();
        assert_eq!([compared.first_date.as_str(), compared.last_date.as_str()], seen.compared, "{context}");
        assert_eq!(answer.rows[0].values[0].value.as_deref(), Some(seen.orders), "{context}");

        query.grain = unit.into();
        let by_unit = server.query(query).await;
        let header = by_unit.header.unwrap();
        assert_eq!(header.buckets.last().unwrap().label, seen.label, "{context}");
        let counts = by_unit.rows.iter().map(|row| row.values[0].value.as_ref().unwrap().parse::<i64>().unwrap());
        assert_eq!(counts.sum::<i64>().to_string(), seen.orders, "{context}");
        database = server.stop().await;
    }
}
