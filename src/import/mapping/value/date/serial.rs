use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// How a spreadsheet counts days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Epoch {
    /// 1 is 1 January 1900, and 60 a 29 February of that year, which never was.
    From1900,
    /// 0 is 1 January 1904.
    From1904,
}

/// The day that Excel's calendar calls 29 February 1900.
const NEVER: i64 = 60;
/// 31 December 9999, counted from 1900.
const LAST: i64 = 2_958_465;
const MILLISECONDS: i64 = 86_400_000;

/// Reads the number of a day; a fraction is the time of day, to the millisecond. Nothing where the text is none.
pub fn serial(text: &str, epoch: Epoch) -> Option<Result<(NaiveDate, Option<NaiveDateTime>), String>> {
    let shape = |letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',');
    if !text.starts_with(|letter: char| letter.is_ascii_digit()) || !text.chars().all(shape) {
        return None;
    }
    let number: Decimal = text.replace(',', ".").parse().ok()?;
    let days = number.trunc().to_i64().filter(|days| *days <= LAST)?;
    let time = number.fract() * Decimal::from(MILLISECONDS);
    let time = time.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()?;
    let days = if epoch == Epoch::From1900 { after_1899(days)? } else { Ok(days) };
    let base = match epoch {
        Epoch::From1900 => NaiveDate::from_ymd_opt(1899, 12, 31)?,
        Epoch::From1904 => NaiveDate::from_ymd_opt(1904, 1, 1)?,
    };
    Some(days.and_then(|days| {
        let day = u64::try_from(days).ok().and_then(|days| base.checked_add_days(Days::new(days)));
        let day = day.ok_or_else(|| "out of range".to_owned())?;
        let at = day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::milliseconds(time));
        Ok((day, at.filter(|_| !number.fract().is_zero())))
    }))
}

/// How many days a number of the system of 1900 is after 31 December 1899.
fn after_1899(serial: i64) -> Option<Result<i64, String>> {
    match serial {
        ..1 => None,
        NEVER => Some(Err("day 60 of Excel's calendar is 29 February 1900, which never was".into())),
        days if days > NEVER => Some(Ok(days - 1)),
        days => Some(Ok(days)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, epoch: Epoch) -> Option<Result<String, String>> {
        let said = serial(text, epoch)?;
        Some(said.map(|(day, at)| at.map_or_else(|| day.to_string(), |at| at.to_string())))
    }

    #[test]
    fn serial_numbers_are_those_that_excel_shows() {
        for (text, expected) in [
            ("1", "1900-01-01"),
            ("59", "1900-02-28"),
            ("61", "1900-03-01"),
            ("25569", "1970-01-01"),
            ("45352", "2024-03-01"),
            ("45352.0", "2024-03-01"),
            ("45352.75", "2024-03-01 18:00:00"),
            ("45313,6768287037", "2024-01-22 16:14:38"),
            ("45352.999999999999", "2024-03-02 00:00:00"),
        ] {
            assert_eq!(read(text, Epoch::From1900), Some(Ok(expected.into())), "{text}");
        }
        assert_eq!(read("0", Epoch::From1904), Some(Ok("1904-01-01".into())));
        assert_eq!(read("43890", Epoch::From1904), Some(Ok("2024-03-01".into())));
        assert!(read("60", Epoch::From1900).unwrap().is_err());
        for text in ["", "0", "0.5", "-1", "2958466", "1e5", "1.2.3", "99999999999999999999999999999999", ".5", "NaN"] {
            assert_eq!(read(text, Epoch::From1900), None, "{text}");
        }
    }

    proptest! {
        /// The two systems are 1,462 days apart, and days of the same system as far as their numbers.
        #[test]
        fn a_day_later_is_a_number_more(days in 61_i64..LAST - 1) {
            let day = |number: i64, epoch| serial(&number.to_string(), epoch).unwrap().unwrap().0;
            prop_assert_eq!(day(days, Epoch::From1900).succ_opt(), Some(day(days + 1, Epoch::From1900)));
            if days >= 1462 {
                prop_assert_eq!(day(days, Epoch::From1900), day(days - 1462, Epoch::From1904));
            }
        }
    }
}
