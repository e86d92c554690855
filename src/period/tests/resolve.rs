use super::{dates, noon, relative, seen, to_date};
use crate::period::{Calendar, Grain, Period, PeriodError};

const TODAY: &str = "2024-02-29";

fn labels(period: Period, grain: Option<Grain>) -> Vec<String> {
    super::named(&seen(period, grain, Calendar::default(), TODAY))
}

#[test]
fn periods_beside_today() {
    let whole = |period| seen(period, None, Calendar::default(), TODAY).buckets[0].label.clone();
    assert_eq!(whole(relative(Grain::Quarter, 0, 1)), "2024-01-01/2024-03-31");
    assert_eq!(whole(to_date(Grain::Quarter, 1)), "2024-01-01/2024-02-29");
    let last_quarter = Period::Relative { unit: Grain::Quarter, offset: -1, count: 1, to_date: true };
    assert_eq!(whole(last_quarter), "2023-10-01/2023-12-31");
    assert_eq!(whole(relative(Grain::Day, -1, 90)), "2023-12-01/2024-02-28");
    assert_eq!(whole(relative(Grain::Month, -1, 3)), "2023-11-01/2024-01-31");
    assert_eq!(whole(relative(Grain::Year, -1, 0)), "2023-01-01/2023-12-31");
    // 29 February 2024 was a Thursday.
    assert_eq!(whole(relative(Grain::Week, 0, 1)), "2024-02-26/2024-03-03");
}

#[test]
fn buckets_carry_the_name_of_their_unit() {
    let period = dates("2016-12-31", "2017-01-02");
    let weeks = ["2016-W52~ 2016-12-31/2017-01-01", "2017-W01~ 2017-01-02/2017-01-02"];
    assert_eq!(labels(period, Some(Grain::Week)), weeks);
    let quarters = ["2016-Q4~ 2016-12-31/2016-12-31", "2017-Q1~ 2017-01-01/2017-01-02"];
    assert_eq!(labels(period, Some(Grain::Quarter)), quarters);
    let month = dates("2017-02-01", "2017-02-28");
    assert_eq!(labels(month, Some(Grain::Month)), ["2017-02 2017-02-01/2017-02-28"]);
}

#[test]
fn bad_periods_say_why() {
    let resolve = |period: Period, grain| period.resolve(grain, Calendar::default(), noon(TODAY));
    let backwards = resolve(dates("2017-02-02", "2017-02-01"), None);
    assert!(matches!(backwards, Err(PeriodError::Backwards { .. })));
    assert_eq!(resolve(dates("1899-12-31", "2017-02-01"), None), Err(PeriodError::OutOfRange));
    let days = resolve(dates("2000-01-01", "2199-12-31"), Some(Grain::Day));
    assert_eq!(days, Err(PeriodError::TooManyBuckets(73049)));
    assert_eq!(resolve(relative(Grain::Year, i32::MAX, 1), None), Err(PeriodError::OutOfRange));
    let tomorrow = Period::Relative { unit: Grain::Day, offset: 1, count: 1, to_date: true };
    assert!(matches!(resolve(tomorrow, None), Err(PeriodError::Backwards { .. })));
}
