//! What periods are compared with, worked out by hand.

use super::{cut, dates, day, in_zone, instants, noon, relative, seen, solar_hijri, span, to_date};
use crate::period::Comparison::{PreviousPeriod, PreviousYear};
use crate::period::{Bucket, Calendar, Comparison, Grain, Period, Timeline};

const GREGORIAN: fn() -> Calendar = Calendar::default;

fn text(bucket: Option<&Bucket>) -> String {
    bucket.map_or_else(|| "-".into(), span)
}

fn whole(timeline: &Timeline, comparison: Comparison) -> String {
    text(timeline.compared(comparison).whole.as_ref())
}

fn buckets(timeline: &Timeline, comparison: Comparison) -> Vec<String> {
    timeline.compared(comparison).buckets.iter().map(|bucket| text(bucket.as_ref())).collect()
}

/// Explicit dates in the calendar, what they are compared with as the period before and as the year before.
fn check_dates(calendar: Calendar, rows: &[(&str, &str, &str, &str)]) {
    for (first, last, period, year) in rows {
        let timeline = dates(first, last).resolve(None, calendar, noon("2020-01-01")).unwrap();
        assert_eq!(whole(&timeline, PreviousPeriod), *period, "{first}/{last}");
        assert_eq!(whole(&timeline, PreviousYear), *year, "{first}/{last}");
    }
}

/// Periods seen from a day, what they are compared with as the period before and as the year before.
fn check_seen(calendar: Calendar, rows: &[(Period, &str, &str, &str)]) {
    for (period, today, before, year) in rows {
        let timeline = seen(*period, None, calendar, today);
        assert_eq!(whole(&timeline, PreviousPeriod), *before, "{period:?} {today}");
        assert_eq!(whole(&timeline, PreviousYear), *year, "{period:?} {today}");
    }
}

#[test]
fn whole_months_go_with_whole_months() {
    check_dates(
        GREGORIAN(),
        &[
            ("2024-11-01", "2024-11-30", "2024-10-01/2024-10-31", "2023-11-01/2023-11-30"),
            ("2024-12-01", "2024-12-31", "2024-11-01/2024-11-30", "2023-12-01/2023-12-31"),
            ("2024-03-01", "2024-03-31", "2024-02-01/2024-02-29", "2023-03-01/2023-03-31"),
            ("2023-03-01", "2023-03-31", "2023-02-01/2023-02-28", "2022-03-01/2022-03-31"),
            ("2024-02-01", "2024-02-29", "2024-01-01/2024-01-31", "2023-02-01/2023-02-28"),
            ("2025-02-01", "2025-02-28", "2025-01-01/2025-01-31", "2024-02-01/2024-02-29"),
            ("2024-11-01", "2025-01-31", "2024-08-01/2024-10-31", "2023-11-01/2024-01-31"),
            ("2024-01-01", "2024-03-31", "2023-10-01/2023-12-31", "2023-01-01/2023-03-31"),
            ("2024-01-01", "2024-12-31", "2023-01-01/2023-12-31", "2023-01-01/2023-12-31"),
            ("2025-01-01", "2025-12-31", "2024-01-01/2024-12-31", "2024-01-01/2024-12-31"),
            ("2023-01-01", "2024-12-31", "2021-01-01/2022-12-31", "2022-01-01/2023-12-31"),
        ],
    );
    let fiscal = Calendar { year_start: 4, ..GREGORIAN() };
    let last_year = "2024-04-01/2025-03-31";
    check_seen(fiscal, &[(relative(Grain::Year, 0, 1), "2026-02-14", last_year, last_year)]);
}

#[test]
fn buckets_go_with_their_counterparts() {
    let quarter = cut("2024-04-01", "2024-06-30", Grain::Month, GREGORIAN());
    let first_quarter = ["2024-01-01/2024-01-31", "2024-02-01/2024-02-29", "2024-03-01/2024-03-31"];
    assert_eq!(buckets(&quarter, PreviousPeriod), first_quarter);
    let year_before = ["2023-04-01/2023-04-30", "2023-05-01/2023-05-31", "2023-06-01/2023-06-30"];
    assert_eq!(buckets(&quarter, PreviousYear), year_before);

    let by_day = |first, last| buckets(&cut(first, last, Grain::Day, GREGORIAN()), PreviousPeriod);
    let november = by_day("2024-11-01", "2024-11-30");
    assert_eq!((november[0].as_str(), november[29].as_str()), ("2024-10-01/2024-10-01", "2024-10-30/2024-10-30"));
    let december = by_day("2024-12-01", "2024-12-31");
    assert_eq!(december[29..], ["2024-11-30/2024-11-30", "-"]);
    let march = by_day("2024-03-01", "2024-03-31");
    assert_eq!(march[27..], ["2024-02-28/2024-02-28", "2024-02-29/2024-02-29", "-", "-"]);
}

#[test]
fn to_date_goes_with_the_same_stretch() {
    let (month, quarter, year) = (to_date(Grain::Month, 1), to_date(Grain::Quarter, 1), to_date(Grain::Year, 1));
    check_seen(
        GREGORIAN(),
        &[
            (month, "2024-11-01", "2024-10-01/2024-10-01", "2023-11-01/2023-11-01"),
            (month, "2024-11-22", "2024-10-01/2024-10-22", "2023-11-01/2023-11-22"),
            (month, "2024-11-30", "2024-10-01/2024-10-30", "2023-11-01/2023-11-30"),
            (month, "2024-03-30", "2024-02-01/2024-02-29", "2023-03-01/2023-03-30"),
            (month, "2024-03-31", "2024-02-01/2024-02-29", "2023-03-01/2023-03-31"),
            (month, "2023-03-31", "2023-02-01/2023-02-28", "2022-03-01/2022-03-31"),
            (month, "2024-02-29", "2024-01-01/2024-01-29", "2023-02-01/2023-02-28"),
            (month, "2025-02-28", "2025-01-01/2025-01-28", "2024-02-01/2024-02-28"),
            (quarter, "2024-05-31", "2024-01-01/2024-02-29", "2023-04-01/2023-05-31"),
            (quarter, "2024-06-30", "2024-01-01/2024-03-30", "2023-04-01/2023-06-30"),
            (quarter, "2024-12-31", "2024-07-01/2024-09-30", "2023-10-01/2023-12-31"),
            (year, "2024-02-29", "2023-01-01/2023-02-28", "2023-01-01/2023-02-28"),
            (year, "2025-02-28", "2024-01-01/2024-02-28", "2024-01-01/2024-02-28"),
            (year, "2024-12-31", "2023-01-01/2023-12-31", "2023-01-01/2023-12-31"),
            (to_date(Grain::Month, 3), "2024-11-30", "2024-06-01/2024-08-30", "2023-09-01/2023-11-30"),
        ],
    );
    let by_month = |period, today| buckets(&seen(period, Some(Grain::Month), GREGORIAN(), today), PreviousPeriod);
    assert_eq!(by_month(quarter, "2024-05-31"), ["2024-01-01/2024-01-31", "2024-02-01/2024-02-29"]);
    assert_eq!(
        by_month(to_date(Grain::Month, 3), "2024-11-30"),
        ["2024-06-01/2024-06-30", "2024-07-01/2024-07-31", "2024-08-01/2024-08-30"]
    );
    // A period that has ended before today is whole.
    let last_month = Period::Relative { unit: Grain::Month, offset: -1, count: 1, to_date: true };
    check_seen(GREGORIAN(), &[(last_month, "2024-12-30", "2024-10-01/2024-10-31", "2023-11-01/2023-11-30")]);
}

#[test]
fn a_leap_day_has_no_counterpart() {
    check_dates(
        GREGORIAN(),
        &[
            ("2024-02-29", "2024-02-29", "2024-02-28/2024-02-28", "-"),
            ("2024-02-29", "2024-03-10", "2024-02-18/2024-02-28", "2023-03-01/2023-03-10"),
            ("2024-02-10", "2024-02-29", "2024-01-21/2024-02-09", "2023-02-10/2023-02-28"),
            ("2025-02-20", "2025-03-10", "2025-02-01/2025-02-19", "2024-02-20/2024-03-10"),
            ("2023-02-28", "2023-02-28", "2023-02-27/2023-02-27", "2022-02-28/2022-02-28"),
        ],
    );
    let days = cut("2024-02-28", "2024-03-01", Grain::Day, GREGORIAN());
    assert_eq!(whole(&days, PreviousYear), "2023-02-28/2023-03-01");
    assert_eq!(buckets(&days, PreviousYear), ["2023-02-28/2023-02-28", "-", "2023-03-01/2023-03-01"]);
    let months = cut("2024-02-29", "2024-03-31", Grain::Month, GREGORIAN());
    assert_eq!(buckets(&months, PreviousYear), ["-", "2023-03-01/2023-03-31"]);
    let years = cut("2023-01-01", "2024-12-31", Grain::Year, GREGORIAN());
    assert_eq!(buckets(&years, PreviousYear), ["2022-01-01/2022-12-31", "2023-01-01/2023-12-31"]);
}

/// 1403 has a 30 Esfand (20 March 2025), 1402 and 1404 have not.
#[test]
fn so_it_is_with_30_esfand() {
    check_dates(
        solar_hijri(),
        &[
            ("2025-03-20", "2025-03-20", "2025-03-19/2025-03-19", "-"),
            ("2025-02-19", "2025-03-20", "2025-01-20/2025-02-18", "2024-02-20/2024-03-19"),
            ("2026-02-20", "2026-03-20", "2026-01-21/2026-02-19", "2025-02-19/2025-03-20"),
            ("2025-03-21", "2026-03-20", "2024-03-20/2025-03-20", "2024-03-20/2025-03-20"),
            ("2024-12-21", "2025-03-20", "2024-09-22/2024-12-20", "2023-12-22/2024-03-19"),
        ],
    );
    let (month, year) = (to_date(Grain::Month, 1), to_date(Grain::Year, 1));
    check_seen(
        solar_hijri(),
        &[
            (year, "2025-03-20", "2023-03-21/2024-03-19", "2023-03-21/2024-03-19"),
            (month, "2025-03-20", "2025-01-20/2025-02-18", "2024-02-20/2024-03-19"),
            // 31 Farvardin of 1404 and of 1403.
            (month, "2025-04-20", "2025-02-19/2025-03-20", "2024-03-20/2024-04-19"),
            (month, "2024-04-19", "2024-02-20/2024-03-19", "2023-03-21/2023-04-20"),
            // 30 Mehr 1404.
            (month, "2025-10-22", "2025-08-23/2025-09-21", "2024-09-22/2024-10-21"),
        ],
    );
    let days = cut("2025-03-19", "2025-03-21", Grain::Day, solar_hijri());
    assert_eq!(buckets(&days, PreviousYear), ["2024-03-19/2024-03-19", "-", "2024-03-20/2024-03-20"]);
}

#[test]
fn weeks_go_by_whole_weeks() {
    check_seen(
        GREGORIAN(),
        &[
            (relative(Grain::Week, -1, 2), "2026-02-11", "2026-01-12/2026-01-25", "2025-01-27/2025-02-09"),
            (to_date(Grain::Week, 1), "2026-02-11", "2026-02-02/2026-02-04", "2025-02-10/2025-02-12"),
            (to_date(Grain::Week, 1), "2026-02-15", "2026-02-02/2026-02-08", "2025-02-10/2025-02-16"),
        ],
    );
    let quarter = cut("2026-01-01", "2026-03-31", Grain::Week, GREGORIAN());
    let some = |comparison| {
        let all = buckets(&quarter, comparison);
        assert_eq!(all.len(), 14);
        [all[0].clone(), all[1].clone(), all[13].clone()]
    };
    assert_eq!(some(PreviousYear), ["2025-01-02/2025-01-05", "2025-01-06/2025-01-12", "2025-03-31/2025-04-01"]);
    assert_eq!(some(PreviousPeriod), ["2025-10-02/2025-10-05", "2025-10-06/2025-10-12", "2025-12-29/2025-12-30"]);
    assert_eq!(whole(&quarter, PreviousYear), "2025-01-01/2025-03-31");
    assert_eq!(whole(&quarter, PreviousPeriod), "2025-10-01/2025-12-31");
    // The first quarter is 90 days before the second: 13 weeks are nearer than 12.
    let second = buckets(&cut("2026-04-01", "2026-06-30", Grain::Week, GREGORIAN()), PreviousPeriod);
    assert_eq!((second[0].as_str(), second[13].as_str()), ("2025-12-31/2026-01-04", "2026-03-30/2026-03-31"));
    // 90 days (24 August 2026 was a Monday): 13 weeks, and the whole by 90 days. Three days: one week.
    let days = cut("2026-08-23", "2026-11-20", Grain::Week, GREGORIAN());
    assert_eq!(buckets(&days, PreviousPeriod)[..2], ["2026-05-24/2026-05-24", "2026-05-25/2026-05-31"]);
    assert_eq!(whole(&days, PreviousPeriod), "2026-05-25/2026-08-22");
    let days = cut("2026-11-17", "2026-11-19", Grain::Week, GREGORIAN());
    assert_eq!(buckets(&days, PreviousPeriod), ["2026-11-10/2026-11-12"]);
    // January 2026 is 31 days before: four weeks.
    let february = buckets(&cut("2026-02-01", "2026-02-28", Grain::Week, GREGORIAN()), PreviousPeriod);
    assert_eq!(february[..2], ["2026-01-04/2026-01-04", "2026-01-05/2026-01-11"]);
    assert_eq!(february[4], "2026-01-26/2026-01-31");
}

#[test]
fn days_go_by_as_many_days_or_date_for_date() {
    let last_90 = relative(Grain::Day, -1, 90);
    check_seen(
        GREGORIAN(),
        &[
            (last_90, "2024-02-29", "2023-09-02/2023-11-30", "2022-12-01/2023-02-28"),
            // From 29 February on.
            (last_90, "2024-05-29", "2023-12-01/2024-02-28", "2023-03-01/2023-05-28"),
        ],
    );
    check_dates(
        GREGORIAN(),
        &[
            ("2024-03-10", "2024-04-05", "2024-02-12/2024-03-09", "2023-03-10/2023-04-05"),
            ("2024-01-01", "2024-03-30", "2023-10-03/2023-12-31", "2023-01-01/2023-03-30"),
        ],
    );
    // March is no month of the Solar Hijri calendar. 1 March 2025 is 11 Esfand 1403, 31 March 11 Farvardin 1404.
    check_dates(solar_hijri(), &[("2025-03-01", "2025-03-31", "2025-01-29/2025-02-28", "2024-03-01/2024-03-30")]);
    let months = cut("2024-03-10", "2024-04-05", Grain::Month, GREGORIAN());
    assert_eq!(buckets(&months, PreviousPeriod), ["2024-02-12/2024-03-04", "2024-03-05/2024-03-09"]);
}

/// Berlin's clocks went forward on 31 March 2024, a Sunday.
#[test]
fn days_of_23_hours_count_as_days() {
    let week = seen(relative(Grain::Week, 0, 1), None, in_zone("Europe/Berlin"), "2024-03-27");
    assert_eq!(instants(&week), ["2024-03-24T23:00", "2024-03-31T22:00"]);
    let compared = week.compared(PreviousPeriod);
    let (before, places) = compared.timeline(&week).unwrap();
    assert_eq!(
        (instants(&before), places),
        (vec!["2024-03-17T23:00".into(), "2024-03-24T23:00".into()], vec![Some(0)])
    );
    let sunday = cut("2024-03-31", "2024-03-31", Grain::Day, in_zone("Europe/Berlin"));
    assert_eq!(buckets(&sunday, PreviousPeriod), ["2024-03-30/2024-03-30"]);
}

#[test]
fn compared_buckets_become_a_timeline_without_gaps() {
    let months = seen(to_date(Grain::Month, 3), Some(Grain::Month), GREGORIAN(), "2024-05-31");
    let compared = months.compared(PreviousPeriod);
    let (timeline, places) = compared.timeline(&months).unwrap();
    let spans: Vec<_> = timeline.buckets.iter().map(span).collect();
    assert_eq!(spans, ["2023-12-01/2023-12-31", "2024-01-01/2024-01-31", "2024-02-01/2024-02-29"]);
    assert_eq!(places, [Some(0), Some(1), Some(2)]);

    // 28 February 2025 and 1 March go back to 2024 around a leap day that nothing goes with.
    let days = cut("2025-02-28", "2025-03-01", Grain::Day, GREGORIAN());
    let (timeline, places) = days.compared(PreviousYear).timeline(&days).unwrap();
    assert_eq!(timeline.buckets.iter().map(span).collect::<Vec<_>>()[1], "2024-02-29/2024-02-29");
    assert_eq!((timeline.last(), places), (day("2024-03-01"), vec![Some(0), Some(2)]));

    let leap_day = cut("2024-02-29", "2024-02-29", Grain::Day, GREGORIAN());
    assert_eq!(leap_day.compared(PreviousYear).timeline(&leap_day), None);
}
