//! When days begin, as the tz database (2025b) has it; worked out from it by another implementation.

use super::{at, cut, day, in_zone, instants};
use crate::period::{Calendar, Grain};

fn start(zone: &str, text: &str) -> String {
    in_zone(zone).start_of(day(text)).to_rfc3339()
}

/// A zone, a first day, and the starts of that day and the next three: the first change of clocks is on the second day.
const CHANGES: [(&str, &str, [&str; 4]); 19] = [
    ("Asia/Tehran", "2021-03-21", ["2021-03-20T20:30", "2021-03-21T20:30", "2021-03-22T19:30", "2021-03-23T19:30"]),
    ("Asia/Tehran", "2021-09-20", ["2021-09-19T19:30", "2021-09-20T19:30", "2021-09-21T20:30", "2021-09-22T20:30"]),
    ("Asia/Tehran", "2022-03-21", ["2022-03-20T20:30", "2022-03-21T20:30", "2022-03-22T19:30", "2022-03-23T19:30"]),
    ("Asia/Tehran", "2022-09-20", ["2022-09-19T19:30", "2022-09-20T19:30", "2022-09-21T20:30", "2022-09-22T20:30"]),
    ("Asia/Tehran", "2023-03-21", ["2023-03-20T20:30", "2023-03-21T20:30", "2023-03-22T20:30", "2023-03-23T20:30"]),
    ("Asia/Tehran", "2023-09-20", ["2023-09-19T20:30", "2023-09-20T20:30", "2023-09-21T20:30", "2023-09-22T20:30"]),
    ("Europe/Berlin", "2024-03-30", ["2024-03-29T23:00", "2024-03-30T23:00", "2024-03-31T22:00", "2024-04-01T22:00"]),
    ("Europe/Berlin", "2024-10-26", ["2024-10-25T22:00", "2024-10-26T22:00", "2024-10-27T23:00", "2024-10-28T23:00"]),
    (
        "America/New_York",
        "2024-03-09",
        ["2024-03-09T05:00", "2024-03-10T05:00", "2024-03-11T04:00", "2024-03-12T04:00"],
    ),
    (
        "America/New_York",
        "2024-11-02",
        ["2024-11-02T04:00", "2024-11-03T04:00", "2024-11-04T05:00", "2024-11-05T05:00"],
    ),
    ("Asia/Kathmandu", "2023-12-31", ["2023-12-30T18:15", "2023-12-31T18:15", "2024-01-01T18:15", "2024-01-02T18:15"]),
    // Nepal went from +05:30 to +05:45 on 1 January 1986.
    ("Asia/Kathmandu", "1985-12-31", ["1985-12-30T18:30", "1985-12-31T18:30", "1986-01-01T18:15", "1986-01-02T18:15"]),
    ("Asia/Kolkata", "2023-12-31", ["2023-12-30T18:30", "2023-12-31T18:30", "2024-01-01T18:30", "2024-01-02T18:30"]),
    // Half an hour forth and back.
    (
        "Australia/Lord_Howe",
        "2024-04-06",
        ["2024-04-05T13:00", "2024-04-06T13:00", "2024-04-07T13:30", "2024-04-08T13:30"],
    ),
    (
        "Australia/Lord_Howe",
        "2024-10-05",
        ["2024-10-04T13:30", "2024-10-05T13:30", "2024-10-06T13:00", "2024-10-07T13:00"],
    ),
    (
        "America/St_Johns",
        "2024-03-09",
        ["2024-03-09T03:30", "2024-03-10T03:30", "2024-03-11T02:30", "2024-03-12T02:30"],
    ),
    (
        "America/St_Johns",
        "2024-11-02",
        ["2024-11-02T02:30", "2024-11-03T02:30", "2024-11-04T03:30", "2024-11-05T03:30"],
    ),
    ("Pacific/Chatham", "2024-04-06", ["2024-04-05T10:15", "2024-04-06T10:15", "2024-04-07T11:15", "2024-04-08T11:15"]),
    ("Pacific/Chatham", "2024-09-28", ["2024-09-27T11:15", "2024-09-28T11:15", "2024-09-29T10:15", "2024-09-30T10:15"]),
];

#[test]
fn days_begin_at_the_midnights_of_their_zone() {
    for (zone, first, starts) in CHANGES {
        let last = (day(first) + chrono::Days::new(2)).to_string();
        assert_eq!(instants(&cut(first, &last, Grain::Day, in_zone(zone))), starts, "{zone} {first}");
    }
}

#[test]
fn months_and_weeks_begin_at_the_midnights_of_their_zone() {
    let edges = |first, last, grain, zone| instants(&cut(first, last, grain, in_zone(zone)));
    assert_eq!(
        edges("2024-03-01", "2024-04-30", Grain::Month, "Europe/Berlin"),
        ["2024-02-29T23:00", "2024-03-31T22:00", "2024-04-30T22:00"]
    );
    assert_eq!(
        edges("2024-10-28", "2024-11-10", Grain::Week, "America/New_York"),
        ["2024-10-28T04:00", "2024-11-04T05:00", "2024-11-11T05:00"]
    );
    assert_eq!(
        edges("2024-01-01", "2024-12-31", Grain::Quarter, "Australia/Lord_Howe"),
        ["2023-12-31T13:00", "2024-03-31T13:00", "2024-06-30T13:30", "2024-09-30T13:30", "2024-12-31T13:00"]
    );
}

#[test]
fn a_day_begins_at_its_first_instant() {
    assert_eq!(start("UTC", "2017-03-01"), "2017-03-01T00:00:00+00:00");
    // Tehran put clocks forward at midnight of 22 March 2022: the day began at 01:00 (+04:30).
    assert_eq!(start("Asia/Tehran", "2022-03-22"), "2022-03-21T20:30:00+00:00");
    // Samoa left out 30 December 2011.
    assert_eq!(start("Pacific/Apia", "2011-12-30"), start("Pacific/Apia", "2011-12-31"));
    // Havana put clocks back at 01:00 of 6 November 2022: midnight came twice.
    assert_eq!(start("America/Havana", "2022-11-06"), "2022-11-06T04:00:00+00:00");
}

/// Newfoundland put clocks back at 00:01 of 7 November 2010, to 23:01 of the day before.
#[test]
fn an_instant_is_in_the_day_that_has_begun() {
    let zone = in_zone("America/St_Johns");
    assert_eq!(start("America/St_Johns", "2010-11-07"), "2010-11-07T02:30:00+00:00");
    for (instant, of) in [
        ("2010-11-07T02:29:59.999Z", "2010-11-06"),
        ("2010-11-07T02:30:00Z", "2010-11-07"),
        ("2010-11-07T02:31:00Z", "2010-11-07"),
        ("2010-11-07T03:29:59Z", "2010-11-07"),
        ("2010-11-07T03:30:00Z", "2010-11-07"),
        ("2010-11-08T03:29:59Z", "2010-11-07"),
        ("2010-11-08T03:30:00Z", "2010-11-08"),
    ] {
        assert_eq!(zone.day_of(at(instant)), day(of), "{instant}");
    }
}

/// Berlin's clocks changed at 01:00 UTC of 31 March and 27 October 2024.
#[test]
fn offsets_change_with_the_clocks() {
    let calendar: Calendar = in_zone("Europe/Berlin");
    let changes = vec![(at("2024-03-31T01:00:00Z"), 7200), (at("2024-10-27T01:00:00Z"), 3600)];
    assert_eq!(calendar.offsets(at("2024-01-01T00:00:00Z"), at("2025-01-01T00:00:00Z")), (3600, changes));
}
