use super::{cut, day, named};
use crate::period::{Calendar, Grain};
use chrono::Weekday;

/// A day, and the first day of its week where weeks start on Saturday, Sunday and Monday.
const FIRST_DAYS: [(&str, [&str; 3]); 10] = [
    ("2015-12-31", ["2015-12-26", "2015-12-27", "2015-12-28"]),
    ("2016-01-01", ["2015-12-26", "2015-12-27", "2015-12-28"]),
    ("2020-12-31", ["2020-12-26", "2020-12-27", "2020-12-28"]),
    ("2021-01-01", ["2020-12-26", "2020-12-27", "2020-12-28"]),
    ("2021-01-02", ["2021-01-02", "2020-12-27", "2020-12-28"]),
    ("2021-01-03", ["2021-01-02", "2021-01-03", "2020-12-28"]),
    ("2021-01-04", ["2021-01-02", "2021-01-03", "2021-01-04"]),
    ("2024-12-31", ["2024-12-28", "2024-12-29", "2024-12-30"]),
    ("2026-01-01", ["2025-12-27", "2025-12-28", "2025-12-29"]),
    ("2026-02-14", ["2026-02-14", "2026-02-08", "2026-02-09"]),
];

/// Mondays and the week of ISO 8601 that they begin.
const ISO: [(&str, &str); 12] = [
    ("2014-12-29", "2015-W01"),
    ("2015-12-28", "2015-W53"),
    ("2016-01-04", "2016-W01"),
    ("2018-12-31", "2019-W01"),
    ("2020-12-28", "2020-W53"),
    ("2021-01-04", "2021-W01"),
    ("2022-01-03", "2022-W01"),
    ("2023-01-02", "2023-W01"),
    ("2024-12-30", "2025-W01"),
    ("2026-02-09", "2026-W07"),
    ("2026-12-28", "2026-W53"),
    ("2027-01-04", "2027-W01"),
];

fn from(week_start: Weekday) -> Calendar {
    Calendar { week_start, ..Calendar::default() }
}

#[test]
fn weeks_start_on_the_day_asked_for() {
    for (today, firsts) in FIRST_DAYS {
        for (week_start, first) in [Weekday::Sat, Weekday::Sun, Weekday::Mon].into_iter().zip(firsts) {
            assert_eq!(Grain::Week.start(day(today), &from(week_start)), day(first), "{today} {week_start}");
        }
    }
}

#[test]
fn weeks_from_monday_have_their_iso_names() {
    for (monday, label) in ISO {
        assert_eq!(Grain::Week.label(day(monday), &Calendar::default()), label);
    }
}

#[test]
fn other_weeks_go_by_their_first_day() {
    assert_eq!(
        named(&cut("2020-12-30", "2021-01-08", Grain::Week, from(Weekday::Sat))),
        ["2020-12-26~ 2020-12-30/2021-01-01", "2021-01-02 2021-01-02/2021-01-08"]
    );
    assert_eq!(
        named(&cut("2020-12-27", "2021-01-04", Grain::Week, from(Weekday::Sun))),
        ["2020-12-27 2020-12-27/2021-01-02", "2021-01-03~ 2021-01-03/2021-01-04"]
    );
    assert_eq!(
        named(&cut("2020-12-31", "2021-01-10", Grain::Week, from(Weekday::Mon))),
        ["2020-W53~ 2020-12-31/2021-01-03", "2021-W01 2021-01-04/2021-01-10"]
    );
}
