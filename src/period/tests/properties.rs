use super::{day, relative};
use crate::period::calendar::next_day;
use crate::period::{Bucket, Calendar, Comparison, Grain, Month, Period, System, Timeline};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use proptest::prelude::*;

const UNITS: [Grain; 5] = [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year];

fn calendars() -> impl Strategy<Value = Calendar> {
    let system = prop::sample::select(vec![System::Gregorian, System::SolarHijri]);
    let zone = prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec());
    (zone, system, 0u8..7, 1u32..=12).prop_map(|(zone, system, week, year_start)| {
        let week_start = Weekday::try_from(week).unwrap();
        Calendar { zone, system, week_start, year_start }
    })
}

fn grains() -> impl Strategy<Value = Grain> {
    prop::sample::select(UNITS.to_vec())
}

/// From 1950 to 2086, to the second.
/// Late enough that the periods asked for, some of them 58 years before, do not begin before 1900.
fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    (0i64..46_000 * 86_400).prop_map(|seconds| super::at("1960-01-01T00:00:00Z") + TimeDelta::seconds(seconds))
}

fn stretches() -> impl Strategy<Value = Period> {
    (0i64..50_000, prop_oneof![0i64..70, 0i64..1500]).prop_map(|(start, days)| {
        let first = day("1950-01-01") + TimeDelta::days(start);
        Period::Dates { first, last: first + TimeDelta::days(days) }
    })
}

fn relatives() -> impl Strategy<Value = Period> {
    (grains(), -30i32..=30, 1u32..=15, any::<bool>()).prop_map(|(unit, offset, count, to_date)| Period::Relative {
        unit,
        offset,
        count,
        to_date,
    })
}

/// Periods that resolve: those that begin after today to date do not.
fn timelines() -> impl Strategy<Value = Timeline> {
    let periods = prop_oneof![stretches(), relatives()];
    (periods, prop::option::of(grains()), calendars(), instants())
        .prop_filter_map("the period begins after today", |(period, grain, calendar, now)| {
            period.resolve(grain, calendar, now).ok()
        })
}

/// A number of the unit that a day is in, which goes up by one from unit to unit.
fn unit(grain: Grain, day: NaiveDate, calendar: &Calendar) -> i32 {
    let months = |size: u32| {
        let number = match calendar.system {
            System::Gregorian => day.year() * 12 + day.month0().cast_signed(),
            System::SolarHijri => solar_hijri_month(day),
        };
        (number - (calendar.year_start.cast_signed() - 1)).div_euclid(size.cast_signed())
    };
    match grain {
        Grain::Day => day.num_days_from_ce(),
        // Day 1 is a Monday.
        Grain::Week => {
            (day.num_days_from_ce() - 1 - calendar.week_start.num_days_from_monday().cast_signed()).div_euclid(7)
        }
        Grain::Month => months(1),
        Grain::Quarter => months(3),
        Grain::Year => months(12),
    }
}

/// Year times 12 and month from 0, by the rule of 33 years, counted from Nowruz of 1250.
fn solar_hijri_month(day: NaiveDate) -> i32 {
    let mut left = (day - super::day("1871-03-21")).num_days();
    let mut year = 1250;
    loop {
        let leap = (25 * year + 11) % 33 < 8;
        let length = 365 + i64::from(leap);
        if left < length {
            break;
        }
        left -= length;
        year += 1;
    }
    let month = if left < 186 { left / 31 } else { 6 + (left - 186) / 30 };
    year * 12 + i32::try_from(month).unwrap()
}

fn shown(instant: DateTime<Utc>, calendar: &Calendar) -> NaiveDate {
    instant.with_timezone(&calendar.zone).date_naive()
}

proptest! {
    #[test]
    fn a_day_begins_when_clocks_first_show_it_or_a_later_one(calendar in calendars(), year in 1950i32..2090) {
        let new_year = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        for day in new_year.iter_days().take(366) {
            let start = calendar.start_of(day);
            prop_assert!(shown(start, &calendar) >= day, "{} {}", calendar.zone, day);
            for earlier in [1, 30, 60, 1800, 3600, 5400, 7200, 86_400] {
                prop_assert!(shown(start - TimeDelta::seconds(earlier), &calendar) < day, "{} {}", calendar.zone, day);
            }
        }
    }

    #[test]
    fn every_instant_is_in_its_day(calendar in calendars(), now in instants()) {
        let today = calendar.day_of(now);
        prop_assert!(calendar.start_of(today) <= now && now < calendar.start_of(next_day(today)));
        prop_assert!(today == shown(now, &calendar) || today == next_day(shown(now, &calendar)));
    }

    #[test]
    fn buckets_tile_the_period(timeline in timelines(), part in 0.0..1.0) {
        let (edges, calendar) = (timeline.edges(), &timeline.calendar);
        prop_assert_eq!(edges.len(), timeline.buckets.len() + 1);
        let days = (timeline.last() - timeline.first()).num_days() + 1;
        prop_assert_eq!(timeline.days().sum::<i64>(), days);
        prop_assert!(timeline.buckets.iter().all(|bucket| bucket.first <= bucket.last));
        for (pair, edge) in timeline.buckets.windows(2).zip(&edges[1..]) {
            prop_assert_eq!(pair[0].last + TimeDelta::days(1), pair[1].first);
            prop_assert_eq!(edge.day, pair[1].first);
            prop_assert!(shown(edge.at - TimeDelta::milliseconds(1), calendar) <= pair[0].last);
            prop_assert!(shown(edge.at, calendar) >= pair[1].first);
        }
        for edges in [&edges, &timeline.edges_years_away(-1), &timeline.edges_before()] {
            prop_assert_eq!(edges.len(), timeline.buckets.len() + 1);
            prop_assert!(edges.is_sorted());
        }
        let whole = timeline.whole();
        prop_assert_eq!(whole.edges(), vec![edges[0], *edges.last().unwrap()]);
        // An instant of the period is in the one bucket that has its day.
        let (begin, end) = (edges[0].at, edges.last().unwrap().at);
        let length = end - begin;
        let instant = begin + TimeDelta::milliseconds((length.num_milliseconds() as f64 * part) as i64);
        if instant < end {
            let bucket = &timeline.buckets[edges.partition_point(|edge| edge.at <= instant) - 1];
            let today = calendar.day_of(instant);
            prop_assert!(bucket.first <= today && today <= bucket.last);
        }
    }

    #[test]
    fn a_bucket_is_one_unit_or_partial(timeline in timelines()) {
        let Some(grain) = timeline.grain else { return Ok(()) };
        let of = |day: NaiveDate| unit(grain, day, &timeline.calendar);
        for (place, bucket) in timeline.buckets.iter().enumerate() {
            prop_assert_eq!(of(bucket.first), of(bucket.last));
            let begins = of(bucket.first.pred_opt().unwrap()) + 1 == of(bucket.first);
            let ends = of(next_day(bucket.last)) == of(bucket.last) + 1;
            prop_assert_eq!(bucket.partial, !(begins && ends), "{:?}", bucket);
            prop_assert!(!bucket.partial || place == 0 || place + 1 == timeline.buckets.len());
            if begins {
                prop_assert_eq!(grain.start(bucket.last, &timeline.calendar), bucket.first);
            }
        }
    }

    #[test]
    fn a_period_to_date_ends_today(
        (grain, count) in (grains(), 1u32..=10), cut in prop::option::of(grains()), calendar in calendars(),
        now in instants(),
    ) {
        let timeline = super::to_date(grain, count).resolve(cut, calendar, now).unwrap();
        let (edges, today) = (timeline.edges(), calendar.day_of(now));
        prop_assert!(timeline.to_date);
        prop_assert_eq!(timeline.last(), today);
        prop_assert!(edges[0].at <= now && now < edges.last().unwrap().at);
        let first = unit(grain, timeline.first(), &calendar);
        prop_assert_eq!(first + count.cast_signed() - 1, unit(grain, today, &calendar));
        prop_assert_eq!(first - 1, unit(grain, timeline.first().pred_opt().unwrap(), &calendar));
    }

    #[test]
    fn a_period_so_many_units_back_is_this_one_seen_then(
        (grain, count) in (grains(), 1u32..20), back in 0i32..40, within in 0i64..366, calendar in calendars(),
        now in instants(),
    ) {
        let resolve = |offset, now| relative(grain, offset, count).resolve(None, calendar, now).unwrap();
        let back_then = resolve(-back, now);
        let first = unit(grain, back_then.first(), &calendar);
        let last = unit(grain, back_then.last(), &calendar);
        prop_assert_eq!(last, unit(grain, calendar.day_of(now), &calendar) - back);
        prop_assert_eq!(first, last - count.cast_signed() + 1);
        // Any day of the last unit.
        let then = back_then.last() - TimeDelta::days(within);
        let then = if unit(grain, then, &calendar) == last { then } else { back_then.last() };
        let then_now = calendar.start_of(then);
        prop_assume!(calendar.day_of(then_now) == then);
        prop_assert_eq!(resolve(0, then_now).buckets, back_then.buckets);
    }

    #[test]
    fn comparing_the_comparison_comes_back(
        grain in prop::sample::select(UNITS[1..].to_vec()), offset in -30i32..30, count in 1u32..15,
        calendar in calendars(), now in instants(),
    ) {
        let timeline = relative(grain, offset, count).resolve(Some(grain), calendar, now).unwrap();
        let count = count.cast_signed();
        let of = |day: NaiveDate| unit(grain, day, &calendar);
        let whole_units = |first: NaiveDate, last: NaiveDate| {
            of(first.pred_opt().unwrap()) < of(first) && of(last) < of(next_day(last))
        };
        let before = timeline.compared(Comparison::PreviousPeriod);
        let whole = before.whole.as_ref().unwrap();
        prop_assert!(whole_units(whole.first, whole.last));
        prop_assert_eq!(next_day(whole.last), timeline.first());
        prop_assert_eq!(of(whole.first) + count, of(timeline.first()));
        for (bucket, before) in timeline.buckets.iter().zip(&before.buckets) {
            let before = before.as_ref().unwrap();
            prop_assert!(!before.partial);
            prop_assert_eq!(of(before.first) + count, of(bucket.first));
        }
        // The period after the compared one is seen from its last day, so many units later.
        let then = calendar.start_of(whole.last);
        if calendar.day_of(then) == whole.last {
            let after = relative(grain, count, count.cast_unsigned()).resolve(Some(grain), calendar, then).unwrap();
            prop_assert_eq!(&after.buckets, &timeline.buckets);
        }

        let year = timeline.compared(Comparison::PreviousYear);
        let whole = year.whole.as_ref().unwrap();
        let months_on = |day: NaiveDate| {
            let (month, number) = calendar.system.read(day);
            calendar.system.day(month.later(12), number)
        };
        let forward = |day: NaiveDate| if grain == Grain::Week { Some(day + TimeDelta::days(364)) } else { months_on(day) };
        prop_assert!(whole_units(whole.first, whole.last));
        prop_assert_eq!(forward(whole.first), Some(timeline.first()));
        prop_assert_eq!(forward(next_day(whole.last)), Some(next_day(timeline.last())));
        for (bucket, before) in timeline.buckets.iter().zip(&year.buckets) {
            prop_assert_eq!(forward(before.as_ref().unwrap().first), Some(bucket.first));
        }
    }

    #[test]
    fn compared_buckets_are_a_timeline(
        timeline in timelines(),
        comparison in prop::sample::select(vec![Comparison::PreviousPeriod, Comparison::PreviousYear]),
    ) {
        let compared = timeline.compared(comparison);
        prop_assert_eq!(compared.buckets.len(), timeline.buckets.len());
        let there: Vec<&Bucket> = compared.buckets.iter().flatten().collect();
        prop_assert!(there.iter().all(|bucket| bucket.first <= bucket.last));
        prop_assert!(there.windows(2).all(|pair| pair[0].last < pair[1].first), "{:?} {:?}", timeline, there);
        for (bucket, before) in timeline.buckets.iter().zip(&compared.buckets) {
            prop_assert!(before.as_ref().is_none_or(|before| before.last < bucket.first || before.last < bucket.last));
        }
        if comparison == Comparison::PreviousPeriod {
            prop_assert!(compared.whole.as_ref().is_some_and(|whole| whole.last < timeline.first()));
        }
        let Some((laid_out, places)) = compared.timeline(&timeline) else {
            prop_assert!(there.is_empty());
            return Ok(());
        };
        prop_assert_eq!(places.len(), timeline.buckets.len());
        for (place, bucket) in places.iter().zip(&compared.buckets) {
            prop_assert_eq!(place.map(|place| &laid_out.buckets[place]), bucket.as_ref());
        }
        for pair in laid_out.buckets.windows(2) {
            prop_assert_eq!(next_day(pair[0].last), pair[1].first);
        }
        prop_assert_eq!((laid_out.first(), laid_out.last()), (there[0].first, there[there.len() - 1].last));
        prop_assert!(laid_out.edges().is_sorted());
    }

    #[test]
    fn days_are_read_as_they_are_written(start in 0i64..73_000, calendar in calendars()) {
        let day = day("1900-01-01") + TimeDelta::days(start);
        let (month, number) = calendar.system.read(day);
        prop_assert_eq!(calendar.system.day(month, number), Some(day));
        prop_assert_eq!(calendar.system.parse(&calendar.system.label(day)), Some(day));
        prop_assert_eq!(Month::new(month.year(), month.number()), month);
    }
}
