use super::*;
use chrono_tz::Tz;
use proptest::prelude::*;

fn read(text: &str, format: &str, zone: Tz) -> Result<String, String> {
    instant(text, &[InstantFormat::new(format).unwrap()], zone, &[]).map(|at| at.to_rfc3339())
}

#[test]
fn dates_begin_in_their_zone() {
    assert_eq!(read("2017-03-01", "iso", Tz::UTC), Ok("2017-03-01T00:00:00+00:00".into()));
    assert_eq!(read("01.03.2017", "%d.%m.%Y", Tz::Europe__Berlin), Ok("2017-02-28T23:00:00+00:00".into()));
    assert_eq!(read("3/1/17", "%m/%d/%y", Tz::UTC), Ok("2017-03-01T00:00:00+00:00".into()));
}

#[test]
fn times_are_in_their_own_zone_or_the_files() {
    let noon = Ok("2017-03-01T12:00:00+00:00".into());
    assert_eq!(read("2017-03-01T12:00:00Z", "iso", Tz::Asia__Tehran), noon);
    assert_eq!(read("2017-03-01T12:00:00.000+0000", "iso", Tz::Asia__Tehran), noon);
    assert_eq!(read("2017-03-01 15:30", "iso", Tz::Asia__Tehran), noon);
    assert_eq!(read("1488369600", "unix", Tz::UTC), noon);
    assert_eq!(read("1488369600000", "unix_milliseconds", Tz::UTC), noon);
    let leap = Ok("2017-01-01T00:00:00+00:00".into());
    assert_eq!(read("2016-12-31T23:59:60Z", "iso", Tz::UTC), leap);
    assert_eq!(read("2016-12-31 23:59:60", "iso", Tz::UTC), leap);
    assert_eq!(read("03/01/2017 12:00 PM", "%m/%d/%Y %I:%M %p", Tz::UTC), noon);
}

#[test]
fn days_are_those_of_the_calendar() {
    let read = |text: &str, format: &str| {
        day(text, &[InstantFormat::new(format).unwrap()], Tz::Asia__Tehran, &[]).map(|day| day.to_string())
    };
    let first = Ok("2017-03-01".into());
    assert_eq!(read("2017-03-01", "iso"), first);
    assert_eq!(read("01.03.2017", "%d.%m.%Y"), first);
    assert_eq!(read("2017-03-01 23:00", "iso"), first);
    assert_eq!(read("2017-02-28T20:30:00Z", "iso"), first);
    assert_eq!(read("1488313800", "unix"), first);
    for text in ["2017-02-30", "0017-03-01", "01.03.2017", "2017-03", "soon"] {
        assert!(read(text, "iso").is_err(), "{text}");
    }
}

#[test]
fn impossible_dates_are_refused() {
    for text in ["2017-02-30", "2017-13-01", "0017-03-01", "9999-12-31", "01.03.2017", "2017-03-01x", "soon", "2017"] {
        assert!(read(text, "iso", Tz::UTC).is_err(), "{text}");
    }
    assert!(read("2021-03-28 02:30", "iso", Tz::Europe__Berlin).is_err());
    assert_eq!(read("2021-10-31 02:30", "iso", Tz::Europe__Berlin), Ok("2021-10-31T00:30:00+00:00".into()));
}

#[test]
fn patterns_are_checked() {
    for (pattern, reason) in [
        ("%Q", "is not a date format"),
        ("DD.MM.YYYY", "is not a date format"),
        ("%d.%m.", "does not include a day"),
        ("%H:%M", "does not include a day"),
        ("%Y-%m-%d %I:%M", "does not include a day"),
        ("%Y-%m-%dT%H:%M:%SZ", "use %Z"),
        ("%Y-%m-%d %H:%M UTC", "use %Z"),
        ("%d.%m.%Y %H:%M (GMT)", "use %Z"),
        ("%Y-%m-%dT%H:%M:%S+00:00", "%z for +0000"),
        ("%Y-%m-%d %H:%M %z %Z", "the zone twice"),
        ("%Y-%m-%d %H:%M %#z %Z", "the zone twice"),
        ("%Y-%m-%d %H:%M %Z %Z", "the zone twice"),
        ("solar_hijri %d %B %Y", "of Solar Hijri dates"),
        ("solar_hijri %y/%m/%d", "of Solar Hijri dates"),
        ("hijri", "is not a date format"),
    ] {
        let error = InstantFormat::new(pattern).unwrap_err();
        assert!(error.contains(reason), "{pattern}: {error}");
    }
    for pattern in
        ["%+", "%c", "%s", "%Y-%m-%dT%H:%M:%S%.f%#z", "%a %b %e %H:%M:%S %Z %Y", "%x %X", "%D", "%F %T", "%G-W%V-%u"]
    {
        assert!(InstantFormat::new(pattern).is_ok(), "{pattern}: {:?}", InstantFormat::new(pattern));
    }
}

#[test]
fn zones_at_the_end_are_obeyed() {
    let noon = Ok("2017-03-01T12:00:00+00:00".into());
    for text in [
        "2017-03-01 12:00:00 UTC",
        "2017-03-01 12:00 GMT",
        "2017-03-01T12:00Z",
        "2017-03-01T15:30+03:30",
        "2017-03-01 15:30+0330",
        "2017-03-01T12:00:00.000000UTC",
        "2017-03-01 15:30:00+03:30",
    ] {
        assert_eq!(read(text, "iso", Tz::Asia__Tehran), noon, "{text}");
    }
    assert_eq!(read("2017-03-01T15:30", "iso", Tz::Asia__Tehran), noon);
    for (text, format) in [
        ("01.03.2017 13:00 CET", "%d.%m.%Y %H:%M %Z"),
        ("01.03.2017 07:00 EST", "%d.%m.%Y %H:%M %Z"),
        ("01.03.2017 17:30 Asia/Kolkata", "%d.%m.%Y %H:%M %Z"),
        ("Wed Mar  1 12:00:00 UTC 2017", "%a %b %e %H:%M:%S %Z %Y"),
        ("2017-03-01T12:00:00Z", "%Y-%m-%dT%H:%M:%S%Z"),
        ("12:00 (Europe/London) on 2017-03-01", "%H:%M (%Z) on %Y-%m-%d"),
        ("1488369600", "%s"),
    ] {
        assert_eq!(read(text, format, Tz::Asia__Tehran), noon, "{text}");
    }
    let format = "%d.%m.%Y %H:%M %Z";
    assert!(read("01.03.2017 12:00 IST", format, Tz::UTC).unwrap_err().contains("several meanings"));
    assert!(read("01.03.2017 12:00 Nowhere", format, Tz::UTC).unwrap_err().contains("unknown time zone \"Nowhere\""));
    assert!(read("26.03.2017 02:30 Europe/Berlin", format, Tz::UTC).unwrap_err().contains("skip"));
    assert!(read("01.03.2017 12:00 ", format, Tz::UTC).is_err());
}

#[test]
fn serial_days_are_dates() {
    assert_eq!(read("45352", "excel", Tz::Europe__Berlin), Ok("2024-02-29T23:00:00+00:00".into()));
    assert_eq!(read("۴۵۳۵۲٫۵".replace('٫', ".").as_str(), "excel", Tz::UTC), Ok("2024-03-01T12:00:00+00:00".into()));
    assert_eq!(read("43890.5", "excel_1904", Tz::UTC), Ok("2024-03-01T12:00:00+00:00".into()));
    assert!(read("60", "excel", Tz::UTC).unwrap_err().contains("29 February 1900"));
    assert!(read("2958465", "excel", Tz::UTC).unwrap_err().contains("the year 9999"));
}

/// Days that the calendars of Iran print beside each other: new years, and the leap days before them.
#[test]
fn solar_hijri_dates_are_those_of_printed_calendars() {
    for (text, expected) in [
        ("۱۴۰۲/۱۲/۱۱", "2024-03-01"),
        ("1403/01/01", "2024-03-20"),
        ("1403-12-30", "2025-03-20"),
        ("1404/01/01", "2025-03-21"),
        ("1399/12/30", "2021-03-20"),
        ("1357/11/22", "1979-02-11"),
        ("١٣٧٩/١٠/١٢", "2001-01-01"),
    ] {
        assert_eq!(read(text, "solar_hijri", Tz::UTC), Ok(format!("{expected}T00:00:00+00:00")), "{text}");
    }
    assert_eq!(
        read("۱۱.۱۲.۱۴۰۲ ۱۵:۳۰", "solar_hijri %d.%m.%Y %H:%M", Tz::Asia__Tehran),
        Ok("2024-03-01T12:00:00+00:00".into())
    );
    for text in ["1402/12/30", "1402/07/31", "1402/13/01", "1402/00/01", "1402/01/00", "9999/01/01", "2024/03/01"] {
        assert!(read(text, "solar_hijri", Tz::UTC).is_err(), "{text}");
    }
    let error = read("1402-12-11", "iso", Tz::UTC).unwrap_err();
    assert!(error.contains("the format solar_hijri"), "{error}");
}

#[test]
fn dates_are_shifted() {
    let shifted = |text: &str, format: &str, zone: Tz, shifts: &[Shift]| {
        let formats = [InstantFormat::new(format).unwrap()];
        let at =
            instant(text, &formats, zone, shifts).map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        (at, day(text, &formats, zone, shifts).map(|day| day.to_string()))
    };
    let ok = |at: &str, day: &str| (Ok(at.to_owned()), Ok(day.to_owned()));
    let months = |count| Shift::Add(count, Unit::Months);
    let cases = [
        ("2024-01-31", vec![months(1)], ok("2024-02-29T00:00:00Z", "2024-02-29")),
        ("2023-01-31", vec![months(1)], ok("2023-02-28T00:00:00Z", "2023-02-28")),
        ("2024-02-29", vec![Shift::Add(1, Unit::Years)], ok("2025-02-28T00:00:00Z", "2025-02-28")),
        ("2024-03-31", vec![months(-13)], ok("2023-02-28T00:00:00Z", "2023-02-28")),
        (
            "2024-01-15",
            vec![Shift::Add(1, Unit::Years), Shift::Add(-1, Unit::Days)],
            ok("2025-01-14T00:00:00Z", "2025-01-14"),
        ),
        ("2024-03-31", vec![Shift::EndOf(Span::Day)], ok("2024-03-31T23:59:59.999999Z", "2024-03-31")),
        ("2024-02-10", vec![Shift::EndOf(Span::Month)], ok("2024-02-29T23:59:59.999999Z", "2024-02-29")),
        ("2024-02-10", vec![Shift::EndOf(Span::Quarter)], ok("2024-03-31T23:59:59.999999Z", "2024-03-31")),
        ("2024-02-10", vec![Shift::StartOf(Span::Year)], ok("2024-01-01T00:00:00Z", "2024-01-01")),
        ("2024-01-31", vec![months(1), Shift::StartOf(Span::Month)], ok("2024-02-01T00:00:00Z", "2024-02-01")),
        ("2024-03-01 10:30", vec![Shift::Add(36, Unit::Hours)], ok("2024-03-02T22:30:00Z", "2024-03-02")),
        ("2024-03-01T10:30:00Z", vec![months(2)], ok("2024-05-01T10:30:00Z", "2024-05-01")),
        ("2024-03-01", vec![Shift::Add(2, Unit::Weeks)], ok("2024-03-15T00:00:00Z", "2024-03-15")),
    ];
    for (text, shifts, expected) in cases {
        assert_eq!(shifted(text, "iso", Tz::UTC, &shifts), expected, "{text} {shifts:?}");
    }
    // A day is a day where it has 23 hours, and clocks that skip a time show the next one.
    let berlin = Tz::Europe__Berlin;
    let day_later = [Shift::Add(1, Unit::Days)];
    assert_eq!(shifted("2024-03-30 12:00", "iso", berlin, &day_later).0, Ok("2024-03-31T10:00:00Z".into()));
    assert_eq!(shifted("2024-03-30 02:30", "iso", berlin, &day_later).0, Ok("2024-03-31T01:00:00Z".into()));
    assert_eq!(
        shifted("2024-03-31", "iso", berlin, &[Shift::EndOf(Span::Day)]).0,
        Ok("2024-03-31T21:59:59.999999Z".into())
    );
    // Months are those of the calendar that a date is written in.
    assert_eq!(shifted("1402/06/31", "solar_hijri", Tz::UTC, &[months(1)]).1, Ok("2023-10-22".into()), "30 Mehr");
    assert_eq!(shifted("1402/11/05", "solar_hijri", Tz::UTC, &[Shift::EndOf(Span::Year)]).1, Ok("2024-03-19".into()));
    for count in [i64::MAX, i64::MIN, 1 << 40, 5_000, -5_000] {
        assert!(shifted("2024-03-31", "iso", Tz::UTC, &[months(count)]).0.is_err(), "{count}");
        assert!(shifted("2024-03-31", "iso", Tz::UTC, &[Shift::Add(count, Unit::Years)]).0.is_err(), "{count}");
    }
}

proptest! {
    /// Beside icu's own reading of the same day.
    #[test]
    fn solar_hijri_days_are_icus(number in 693_600_i64..803_000) {
        use icu_calendar::{Date, cal::Persian, types::RataDie};
        let date = Date::from_rata_die(RataDie::new(number), Persian);
        let text = format!("{}/{:02}/{:02}", date.year().extended_year(), date.month().ordinal, date.day_of_month().0);
        let read = day(&text, &[InstantFormat::new("solar_hijri").unwrap()], Tz::UTC, &[]);
        prop_assert_eq!(read.map(|day| i64::from(day.num_days_from_ce())), Ok(number));
    }

    #[test]
    fn no_text_panics(
        text in "[0-9۰-۹/:.,TZ +-]{0,30}|\\PC*",
        format in prop::sample::select(vec![
            "iso", "unix", "unix_milliseconds", "excel", "excel_1904", "solar_hijri", "%d.%m.%Y %H:%M %Z", "%s", "%+",
        ]),
        count in any::<i64>(),
        unit in prop::sample::select(vec![
            Unit::Years, Unit::Quarters, Unit::Months, Unit::Weeks, Unit::Days, Unit::Hours, Unit::Minutes,
        ]),
        span in prop::sample::select(vec![Span::Day, Span::Month, Span::Quarter, Span::Year]),
        zone in prop::sample::select(vec![Tz::UTC, Tz::Asia__Tehran, Tz::Pacific__Apia]),
    ) {
        let formats = [InstantFormat::new(format).unwrap()];
        let shifts = [Shift::Add(count, unit), Shift::EndOf(span), Shift::StartOf(span)];
        for shifts in [&shifts[..], &shifts[1..], &[]] {
            let _ = (instant(&text, &formats, zone, shifts), day(&text, &formats, zone, shifts));
        }
    }
}
