use super::digits::plain;
use rust_decimal::{Decimal, RoundingStrategy};

const MINUS: [char; 2] = ['-', '−'];
const PERSIAN_POINT: char = '٫';
const PERSIAN_GROUP: char = '٬';

/// How decimal numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimals {
    /// What is before the fraction.
    pub point: char,
    /// What may stand between groups of digits; a space stands for every kind of space, an apostrophe for both kinds.
    pub group: char,
}

impl Decimals {
    /// Reads a number such as `-1,234.50`, or a negative one as `(1,234.50)` or `1,234.50-`. Digits may be Persian or
    /// Arabic, with `٫` before the fraction and `٬` between groups. Groups have three digits, or as in India two but for
    /// the last: `1,23,45,678`.
    pub fn parse(self, text: &str) -> Result<Decimal, String> {
        let text = plain(text);
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            Some(inner) => (true, inner.trim()),
            None => match text.strip_prefix(MINUS).or_else(|| text.strip_suffix(MINUS)) {
                Some(rest) => (true, rest.trim()),
                None => (false, text.strip_prefix('+').unwrap_or(text)),
            },
        };
        let (integer, fraction) = digits.split_once([self.point, PERSIAN_POINT]).unwrap_or((digits, "0"));
        let integer = self.without_groups(integer).ok_or_else(|| self.not_a_number())?;
        if integer.is_empty() || fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.not_a_number());
        }
        let number = Decimal::from_str_exact(&format!("{integer}.{fraction}"))
            .map_err(|_| "the number has too many digits".to_owned())?;
        Ok(if negative { -number } else { number })
    }

    /// A number as it is written here, without groups.
    pub fn written(self, number: Decimal) -> String {
        number.to_string().replace('.', self.point.encode_utf8(&mut [0; 4]))
    }

    fn without_groups(self, integer: &str) -> Option<String> {
        let groups: Vec<&str> = integer.split(|letter| self.is_group(letter)).collect();
        let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
        let sized = match groups.as_slice() {
            [_] => true,
            [first, between @ .., last] => {
                let groups_of =
                    |size: usize| (1..=size).contains(&first.len()) && between.iter().all(|group| group.len() == size);
                last.len() == 3 && (groups_of(3) || groups_of(2))
            }
            [] => false,
        };
        (sized && groups.iter().all(digits)).then(|| groups.concat())
    }

    fn is_group(self, letter: char) -> bool {
        letter == PERSIAN_GROUP
            || match self.group {
                ' ' => letter.is_whitespace(),
                '\'' | '’' => matches!(letter, '\'' | '’'),
                group => letter == group,
            }
    }

    fn not_a_number(self) -> String {
        format!("not a number: expected the form 1{}234{}50", self.group, self.point)
    }
}

/// The number, or where it may be rounded the nearest whole one, half to even.
fn rounded(number: Decimal, round: bool) -> Decimal {
    if round { number.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven) } else { number }
}

/// Reads a whole number, at least `least`; another number is an error unless it may be rounded.
pub fn whole(text: &str, decimals: Decimals, least: i64, round: bool) -> Result<i64, String> {
    let number = rounded(decimals.parse(text)?, round);
    if !number.fract().is_zero() {
        return Err("not a whole number".into());
    }
    match i32::try_from(number.trunc()) {
        Ok(whole) if i64::from(whole) >= least => Ok(whole.into()),
        _ => Err(format!("must be a whole number between {least} and {}", i32::MAX)),
    }
}

/// What one of a hundred counts.
pub const PERCENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// The text before a percent sign; nothing where it has none. In Persian `٪` may also come first.
pub fn without_percent(text: &str) -> Option<&str> {
    const SIGNS: [char; 2] = ['%', '٪'];
    let text = text.trim();
    text.strip_suffix(SIGNS).or_else(|| text.strip_prefix('٪')).map(str::trim)
}

/// Reads a number that counts `factor` each, as the shortest text of it.
pub fn decimal(text: &str, decimals: Decimals, factor: Decimal, positive: bool) -> Result<String, String> {
    let text = if factor == PERCENT { without_percent(text).unwrap_or(text) } else { text };
    let number = decimals.parse(text)?;
    let counted = number.checked_mul(factor).ok_or("the number is too large")?.normalize();
    if counted.checked_div(factor) != Some(number) {
        return Err("the number has too many digits".into());
    }
    if positive && counted <= Decimal::ZERO {
        return Err("must be above 0".into());
    }
    Ok(if counted.is_zero() { "0".into() } else { counted.to_string() })
}

/// Reads a percentage, such as `12.5` or `12.5 %` (or `0.125` where it is written as a fraction), as basis points; a
/// finer one is an error unless it may be rounded.
pub fn basis_points(text: &str, decimals: Decimals, fraction: bool, round: bool) -> Result<i64, String> {
    let number = decimals.parse(without_percent(text).unwrap_or(text))?;
    let factor = Decimal::from(if fraction { 10_000 } else { 100 });
    let points = rounded(number.checked_mul(factor).ok_or("the number is too large")?, round);
    if !points.fract().is_zero() {
        return Err("more than two decimals of a percent".into());
    }
    match i64::try_from(points.trunc()) {
        Ok(points) if (0..=10_000).contains(&points) => Ok(points),
        _ => Err("must be between 0 % and 100 %".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ENGLISH: Decimals = Decimals { point: '.', group: ',' };
    const GERMAN: Decimals = Decimals { point: ',', group: '.' };
    const FRENCH: Decimals = Decimals { point: ',', group: ' ' };

    fn read(decimals: Decimals, text: &str) -> Result<String, String> {
        decimals.parse(text).map(|number| number.normalize().to_string())
    }

    #[test]
    fn numbers_are_read_as_they_are_written_in_a_country() {
        assert_eq!(read(ENGLISH, "1,234,567.50"), Ok("1234567.5".into()));
        assert_eq!(read(ENGLISH, "-12"), Ok("-12".into()));
        assert_eq!(read(ENGLISH, "(1,000)"), Ok("-1000".into()));
        assert_eq!(read(GERMAN, "1.234,5"), Ok("1234.5".into()));
        assert_eq!(read(FRENCH, "1\u{202f}234\u{a0}567,25"), Ok("1234567.25".into()));
    }

    #[test]
    fn a_number_of_another_country_is_no_number() {
        for text in ["1,5", "12,34.5", "1,2345", ",5", "1.", ".5", "1..2", "1.2.3", "abc", "", "1e3", "--1", "1,,234"] {
            assert!(read(ENGLISH, text).is_err(), "{text}");
        }
        assert!(read(GERMAN, "1.5").is_err());
        assert!(read(ENGLISH, &"9".repeat(40)).is_err());
    }

    #[test]
    fn numbers_are_read_as_they_are_written_in_india_iran_and_switzerland() {
        assert_eq!(read(ENGLISH, "1,23,45,678.90"), Ok("12345678.9".into()));
        assert_eq!(read(ENGLISH, "12,34,567"), Ok("1234567".into()));
        assert_eq!(read(ENGLISH, "۱٬۲۳۴٬۵۶۷٫۵"), Ok("1234567.5".into()));
        assert_eq!(read(GERMAN, "٦٧٨٫٩"), Ok("678.9".into()));
        assert_eq!(read(ENGLISH, "\u{200e}−۱۲"), Ok("-12".into()));
        assert_eq!(read(GERMAN, "1.234,50-"), Ok("-1234.5".into()));
        let swiss = Decimals { point: '.', group: '\'' };
        assert_eq!(read(swiss, "1'234'567.50"), Ok("1234567.5".into()));
        assert_eq!(read(swiss, "1’234.50"), Ok("1234.5".into()));
        for text in ["123,45,678", "1,23,45", "1,2,345", "12,345,67,890", "٬۱۲۳", "۱٫", "-5-", "(-5)", "--"] {
            assert!(read(ENGLISH, text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_rounded_goes_to_the_even_neighbour() {
        assert_eq!(whole("2.5", ENGLISH, 0, true), Ok(2));
        assert_eq!(whole("3.5", ENGLISH, 0, true), Ok(4));
        assert_eq!(basis_points("33.335", ENGLISH, false, true), Ok(3334));
        assert_eq!(basis_points("٪۱۲٫۵", ENGLISH, false, false), Ok(1250));
        assert_eq!(basis_points("۱۲٪", ENGLISH, false, false), Ok(1200));
    }

    proptest! {
        /// Grouped from the right, as in the west or in India, a number stays what it is.
        #[test]
        fn groups_change_nothing(number in any::<i64>(), indian in any::<bool>()) {
            let digits = number.unsigned_abs().to_string();
            let mut grouped = Vec::new();
            for (place, digit) in digits.bytes().rev().enumerate() {
                let new_group = if indian { place >= 3 && place % 2 == 1 } else { place > 0 && place % 3 == 0 };
                if new_group {
                    grouped.push(b',');
                }
                grouped.push(digit);
            }
            grouped.extend((number < 0).then_some(b'-'));
            grouped.reverse();
            let grouped = String::from_utf8(grouped).unwrap();
            prop_assert_eq!(read(ENGLISH, &grouped), Ok(number.to_string()), "{}", grouped);
        }

        #[test]
        fn no_text_panics(text in "\\PC*", point in any::<char>(), group in any::<char>()) {
            let decimals = Decimals { point, group };
            let _ = (decimals.parse(&text), whole(&text, decimals, 0, true), basis_points(&text, decimals, true, true));
            let _ = decimal(&text, decimals, Decimal::ONE_THOUSAND, true);
        }
    }

    #[test]
    fn percentages_are_basis_points() {
        assert_eq!(basis_points("12.5", ENGLISH, false, false), Ok(1250));
        assert_eq!(basis_points("100 %", ENGLISH, false, false), Ok(10_000));
        assert_eq!(basis_points("0.25", ENGLISH, true, false), Ok(2500));
        assert!(basis_points("100.01", ENGLISH, false, false).is_err());
        assert!(basis_points("-1", ENGLISH, false, false).is_err());
        assert!(basis_points("12.345", ENGLISH, false, false).is_err());
    }

    #[test]
    fn decimals_are_exact_texts() {
        let read = |text, factor| decimal(text, GERMAN, factor, false);
        let percent = PERCENT;
        assert_eq!(read("50.000,00", Decimal::ONE), Ok("50000".into()));
        assert_eq!(read("-0,00", Decimal::ONE), Ok("0".into()));
        assert_eq!(read("0,0000238095", Decimal::ONE), Ok("0.0000238095".into()));
        assert_eq!(read("1,5", Decimal::ONE_THOUSAND), Ok("1500".into()));
        assert_eq!(read("27,5 %", percent), Ok("0.275".into()));
        assert!(read("27,5 %", Decimal::ONE).is_err());
        assert!(read("79.228.162.514.264.337.593.543.950.335", Decimal::ONE_THOUSAND).is_err());
        assert!(read(&format!("0,{}1", "0".repeat(27)), percent).is_err());
        assert_eq!(decimal("0,1", GERMAN, Decimal::ONE, true), Ok("0.1".into()));
        for text in ["0", "-1"] {
            assert_eq!(decimal(text, GERMAN, Decimal::ONE, true), Err("must be above 0".into()));
        }
    }

    #[test]
    fn whole_numbers_have_a_least_one() {
        assert_eq!(whole("1,000", ENGLISH, 1, false), Ok(1000));
        assert_eq!(whole("7.0", ENGLISH, 1, false), Ok(7));
        assert!(whole("0", ENGLISH, 1, false).is_err());
        assert!(whole("7.5", ENGLISH, 1, false).is_err());
        assert!(whole("3000000000", ENGLISH, 1, false).is_err());
    }
}
