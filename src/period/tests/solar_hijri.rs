//! The Solar Hijri calendar against its published leap years and days of Nowruz, which follow the spring equinox in Tehran.

use super::{cut, dates, day, in_zone, instants, named, noon, relative, seen, solar_hijri};
use crate::period::{Calendar, Grain, Month, System};
use chrono::{Datelike, Days};

const SYSTEM: System = System::SolarHijri;

/// Years with a 30 Esfand.
const LEAP: [i32; 13] = [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420];

/// The day of March that 1 Farvardin fell or falls on, year by year from 1375 (1996).
const NOWRUZ: [u32; 41] = [
    20, 21, 21, 21, 20, 21, 21, 21, 20, 21, 21, 21, 20, 21, 21, 21, 20, 21, 21, 21, 20, 21, 21, 21, 20, 21, 21, 21, 20,
    21, 21, 21, 20, 20, 21, 21, 20, 20, 21, 21, 20,
];

/// The first days of the months of a common and of a leap year, and of the year after.
const MONTHS: [(i32, [&str; 12]); 3] = [
    (
        1402,
        [
            "2023-03-21",
            "2023-04-21",
            "2023-05-22",
            "2023-06-22",
            "2023-07-23",
            "2023-08-23",
            "2023-09-23",
            "2023-10-23",
            "2023-11-22",
            "2023-12-22",
            "2024-01-21",
            "2024-02-20",
        ],
    ),
    (
        1403,
        [
            "2024-03-20",
            "2024-04-20",
            "2024-05-21",
            "2024-06-21",
            "2024-07-22",
            "2024-08-22",
            "2024-09-22",
            "2024-10-22",
            "2024-11-21",
            "2024-12-21",
            "2025-01-20",
            "2025-02-19",
        ],
    ),
    (
        1404,
        [
            "2025-03-21",
            "2025-04-21",
            "2025-05-22",
            "2025-06-22",
            "2025-07-23",
            "2025-08-23",
            "2025-09-23",
            "2025-10-23",
            "2025-11-22",
            "2025-12-22",
            "2026-01-21",
            "2026-02-20",
        ],
    ),
];

#[test]
fn leap_years_are_the_published_ones() {
    let leap: Vec<_> = (1370..=1420).filter(|&year| SYSTEM.day(Month::new(year, 12), 30).is_some()).collect();
    assert_eq!(leap, LEAP);
}

#[test]
fn nowruz_is_on_its_published_day() {
    for (year, march) in (1375..).zip(NOWRUZ) {
        let nowruz = chrono::NaiveDate::from_ymd_opt(year + 621, 3, march).unwrap();
        assert_eq!(SYSTEM.first_of(Month::new(year, 1)), Some(nowruz), "{year}");
        assert_eq!(SYSTEM.read(nowruz), (Month::new(year, 1), 1), "{year}");
        let eve = if LEAP.contains(&(year - 1)) { 30 } else { 29 };
        assert_eq!(SYSTEM.read(nowruz.pred_opt().unwrap()), (Month::new(year - 1, 12), eve), "{year}");
    }
}

#[test]
fn months_begin_on_their_published_days() {
    for (year, firsts) in MONTHS {
        for (number, first) in (1..).zip(firsts) {
            assert_eq!(SYSTEM.first_of(Month::new(year, number)), Some(day(first)), "{year}-{number}");
        }
    }
    assert_eq!(SYSTEM.parse("1403-12-30"), Some(day("2025-03-20")));
    assert_eq!(SYSTEM.parse("1402-12-29"), Some(day("2024-03-19")));
    for absent in ["1402-12-30", "1403-12-31", "1403-07-31", "1403-13-01", "1403-00-01", "1403-01-00", "1404-12-30"] {
        assert_eq!(SYSTEM.parse(absent), None, "{absent}");
    }
}

/// The rule of 33 years, which agrees with the spring equinox at Tehran's noon from 1178 to 1633.
#[test]
fn every_day_of_a_century_and_a_half_is_the_rule_of_33_years() {
    let leap = |year: i32| (25 * year + 11).rem_euclid(33) < 8;
    let length = |year: i32, month: u32| match month {
        1..=6 => 31,
        7..=11 => 30,
        _ => 29 + u32::from(leap(year)),
    };
    let (mut year, mut month, mut number) = (1329, 1, 1);
    let mut today = day("1950-03-21");
    while today.year() < 2100 {
        assert_eq!(SYSTEM.read(today), (Month::new(year, month), number), "{today}");
        assert_eq!(SYSTEM.day(Month::new(year, month), number), Some(today), "{today}");
        today = today.checked_add_days(Days::new(1)).unwrap();
        number += 1;
        if number > length(year, month) {
            assert_eq!(SYSTEM.day(Month::new(year, month), number), None);
            (month, number) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
}

#[test]
fn units_have_the_calendars_names() {
    let year = ("2024-03-20", "2025-03-20");
    let months = cut(year.0, year.1, Grain::Month, solar_hijri());
    assert_eq!(months.buckets.len(), 12);
    assert_eq!(named(&months)[6], "1403-07 2024-09-22/2024-10-21");
    assert_eq!(named(&months)[11], "1403-12 2025-02-19/2025-03-20");
    assert_eq!(
        named(&cut(year.0, year.1, Grain::Quarter, solar_hijri())),
        [
            "1403-Q1 2024-03-20/2024-06-20",
            "1403-Q2 2024-06-21/2024-09-21",
            "1403-Q3 2024-09-22/2024-12-20",
            "1403-Q4 2024-12-21/2025-03-20",
        ]
    );
    assert_eq!(
        named(&cut("2023-03-21", "2026-03-20", Grain::Year, solar_hijri())),
        ["1402 2023-03-21/2024-03-19", "1403 2024-03-20/2025-03-20", "1404 2025-03-21/2026-03-20"]
    );
    assert_eq!(
        named(&cut("2024-10-05", "2024-10-05", Grain::Day, solar_hijri())),
        ["1403-07-14 2024-10-05/2024-10-05"]
    );
    let saturdays = Calendar { week_start: chrono::Weekday::Sat, ..solar_hijri() };
    assert_eq!(named(&cut("2024-10-05", "2024-10-11", Grain::Week, saturdays)), ["1403-07-14 2024-10-05/2024-10-11"]);
    let odd = seen(dates("2024-09-22", "2025-03-20"), None, solar_hijri(), "2025-01-01");
    assert_eq!(named(&odd), ["1403-07-01/1403-12-30 2024-09-22/2025-03-20"]);
}

#[test]
fn units_beside_today_are_the_calendars() {
    let whole =
        |unit, offset, today| super::span(&seen(relative(unit, offset, 1), None, solar_hijri(), today).buckets[0]);
    // 30 Esfand 1403 and Nowruz of 1404.
    assert_eq!(whole(Grain::Year, 0, "2025-03-20"), "2024-03-20/2025-03-20");
    assert_eq!(whole(Grain::Year, 0, "2025-03-21"), "2025-03-21/2026-03-20");
    assert_eq!(whole(Grain::Month, 0, "2025-03-20"), "2025-02-19/2025-03-20");
    assert_eq!(whole(Grain::Month, -1, "2025-03-21"), "2025-02-19/2025-03-20");
    assert_eq!(whole(Grain::Quarter, -1, "2025-03-21"), "2024-12-21/2025-03-20");
    assert_eq!(whole(Grain::Year, -1, "2025-03-21"), "2024-03-20/2025-03-20");
}

/// Tehran is at +03:30 and Kabul at +04:30.
#[test]
fn nowruz_is_at_the_midnight_of_each_zone() {
    let year = |zone| {
        let calendar = Calendar { system: SYSTEM, ..in_zone(zone) };
        dates("2025-03-21", "2026-03-20").resolve(Some(Grain::Quarter), calendar, noon("2025-06-01")).unwrap()
    };
    assert_eq!(
        instants(&year("Asia/Tehran")),
        ["2025-03-20T20:30", "2025-06-21T20:30", "2025-09-22T20:30", "2025-12-21T20:30", "2026-03-20T20:30"]
    );
    assert_eq!(
        instants(&year("Asia/Kabul")),
        ["2025-03-20T19:30", "2025-06-21T19:30", "2025-09-22T19:30", "2025-12-21T19:30", "2026-03-20T19:30"]
    );
    assert_eq!(year("Asia/Tehran").buckets, year("Asia/Kabul").buckets);
    // Between the two midnights it is the old year in Tehran and the new one in Kabul.
    let this_year = |zone| {
        let calendar = Calendar { system: SYSTEM, ..in_zone(zone) };
        let now = super::at("2025-03-20T20:00:00Z");
        relative(Grain::Year, 0, 1).resolve(Some(Grain::Year), calendar, now).unwrap().buckets[0].label.clone()
    };
    assert_eq!((this_year("Asia/Tehran"), this_year("Asia/Kabul")), ("1403".into(), "1404".into()));
}
