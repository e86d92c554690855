use super::{cut, named, relative, seen, solar_hijri, span, to_date};
use crate::period::{Calendar, Grain};

fn from(month: u32) -> Calendar {
    Calendar { year_start: month, ..Calendar::default() }
}

/// From Mehr.
fn mehr() -> Calendar {
    Calendar { year_start: 7, ..solar_hijri() }
}

#[test]
fn years_are_named_after_the_one_they_end_in() {
    let years = |first, last, calendar| named(&cut(first, last, Grain::Year, calendar));
    assert_eq!(years("2025-04-01", "2026-03-31", from(4)), ["FY2026 2025-04-01/2026-03-31"]);
    assert_eq!(years("2025-07-01", "2026-06-30", from(7)), ["FY2026 2025-07-01/2026-06-30"]);
    assert_eq!(years("2025-10-01", "2026-09-30", from(10)), ["FY2026 2025-10-01/2026-09-30"]);
    assert_eq!(years("2025-02-01", "2026-01-31", from(2)), ["FY2026 2025-02-01/2026-01-31"]);
    assert_eq!(years("2025-12-01", "2026-11-30", from(12)), ["FY2026 2025-12-01/2026-11-30"]);
    assert_eq!(years("2025-01-01", "2025-12-31", from(1)), ["2025 2025-01-01/2025-12-31"]);
    assert_eq!(
        years("2025-01-01", "2025-12-31", from(4)),
        ["FY2025~ 2025-01-01/2025-03-31", "FY2026~ 2025-04-01/2025-12-31"]
    );
    assert_eq!(
        years("2023-09-23", "2025-09-22", mehr()),
        ["FY1403 2023-09-23/2024-09-21", "FY1404 2024-09-22/2025-09-22"]
    );
}

#[test]
fn quarters_are_counted_from_the_years_first_month() {
    let quarters = |first, last, calendar| named(&cut(first, last, Grain::Quarter, calendar));
    assert_eq!(
        quarters("2025-04-01", "2026-03-31", from(4)),
        [
            "FY2026 Q1 2025-04-01/2025-06-30",
            "FY2026 Q2 2025-07-01/2025-09-30",
            "FY2026 Q3 2025-10-01/2025-12-31",
            "FY2026 Q4 2026-01-01/2026-03-31",
        ]
    );
    assert_eq!(quarters("2025-10-01", "2025-12-31", from(7)), ["FY2026 Q2 2025-10-01/2025-12-31"]);
    assert_eq!(quarters("2026-01-01", "2026-03-31", from(10)), ["FY2026 Q2 2026-01-01/2026-03-31"]);
    // Quarters of a year from February are not the usual ones.
    assert_eq!(
        quarters("2024-01-01", "2024-04-30", from(2)),
        ["FY2024 Q4~ 2024-01-01/2024-01-31", "FY2025 Q1 2024-02-01/2024-04-30"]
    );
    assert_eq!(
        quarters("2024-09-22", "2025-09-22", mehr()),
        [
            "FY1404 Q1 2024-09-22/2024-12-20",
            "FY1404 Q2 2024-12-21/2025-03-20",
            "FY1404 Q3 2025-03-21/2025-06-21",
            "FY1404 Q4 2025-06-22/2025-09-22",
        ]
    );
}

#[test]
fn months_keep_their_names() {
    let months = named(&cut("2025-12-01", "2026-01-31", Grain::Month, from(4)));
    assert_eq!(months, ["2025-12 2025-12-01/2025-12-31", "2026-01 2026-01-01/2026-01-31"]);
}

/// First month, today, the last fiscal year, this fiscal quarter to date.
const BESIDE_TODAY: [(u32, &str, &str, &str); 12] = [
    (4, "2026-02-14", "2024-04-01/2025-03-31", "2026-01-01/2026-02-14"),
    (4, "2026-03-31", "2024-04-01/2025-03-31", "2026-01-01/2026-03-31"),
    (4, "2026-04-01", "2025-04-01/2026-03-31", "2026-04-01/2026-04-01"),
    (7, "2026-02-14", "2024-07-01/2025-06-30", "2026-01-01/2026-02-14"),
    (7, "2026-06-30", "2024-07-01/2025-06-30", "2026-04-01/2026-06-30"),
    (7, "2026-07-01", "2025-07-01/2026-06-30", "2026-07-01/2026-07-01"),
    (10, "2026-02-14", "2024-10-01/2025-09-30", "2026-01-01/2026-02-14"),
    (10, "2026-09-30", "2024-10-01/2025-09-30", "2026-07-01/2026-09-30"),
    (10, "2026-10-01", "2025-10-01/2026-09-30", "2026-10-01/2026-10-01"),
    (2, "2026-01-31", "2024-02-01/2025-01-31", "2025-11-01/2026-01-31"),
    (2, "2026-02-14", "2025-02-01/2026-01-31", "2026-02-01/2026-02-14"),
    (2, "2024-02-29", "2023-02-01/2024-01-31", "2024-02-01/2024-02-29"),
];

/// The same from Mehr: 30 Esfand 1403, 31 Shahrivar and 1 Mehr 1404.
const BESIDE_TODAY_FROM_MEHR: [(&str, &str, &str); 3] = [
    ("2025-03-20", "2023-09-23/2024-09-21", "2024-12-21/2025-03-20"),
    ("2025-09-22", "2023-09-23/2024-09-21", "2025-06-22/2025-09-22"),
    ("2025-09-23", "2024-09-22/2025-09-22", "2025-09-23/2025-09-23"),
];

#[test]
fn last_year_and_this_quarter_are_the_fiscal_ones() {
    let check = |calendar, today, year, quarter| {
        let whole = |period| span(&seen(period, None, calendar, today).buckets[0]);
        assert_eq!(whole(relative(Grain::Year, -1, 1)), year, "{calendar:?} {today}");
        assert_eq!(whole(to_date(Grain::Quarter, 1)), quarter, "{calendar:?} {today}");
    };
    for (month, today, year, quarter) in BESIDE_TODAY {
        check(from(month), today, year, quarter);
    }
    for (today, year, quarter) in BESIDE_TODAY_FROM_MEHR {
        check(mehr(), today, year, quarter);
    }
}
