use rust_decimal::Decimal;

/// How decimal numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimals {
    /// What is before the fraction.
    pub point: char,
    /// What may stand between groups of three digits; a space stands for every kind of space.
    pub group: char,
}

impl Decimals {
    /// Reads a number such as `-1,234.50` or `(1,234.50)`, which is negative too.
    pub fn parse(self, text: &str) -> Result<Decimal, String> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
            Some(inner) => (true, inner.trim()),
            None => match text.strip_prefix(['-', '−']) {
                Some(rest) => (true, rest.trim_start()),
                None => (false, text.strip_prefix('+').unwrap_or(text)),
            },
        };
        let (integer, fraction) = digits.split_once(self.point).unwrap_or((digits, "0"));
        let integer = self.without_groups(integer).ok_or_else(|| self.not_a_number())?;
        if integer.is_empty() || fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.not_a_number());
        }
        let number = Decimal::from_str_exact(&format!("{integer}.{fraction}"))
            .map_err(|_| "the number has too many digits".to_owned())?;
        Ok(if negative { -number } else { number })
    }

    fn without_groups(self, integer: &str) -> Option<String> {
        let is_group = |c: char| c == self.group || (self.group == ' ' && c.is_whitespace());
        let groups: Vec<&str> = integer.split(is_group).collect();
        let digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
        let sized = groups.len() == 1
            || ((1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3));
        (sized && groups.iter().all(digits)).then(|| groups.concat())
    }

    fn not_a_number(self) -> String {
        format!("not a number: write it like 1{}234{}50", self.group, self.point)
    }
}

/// Reads a whole number, at least `least`.
pub fn whole(text: &str, decimals: Decimals, least: i64) -> Result<i64, String> {
    let number = decimals.parse(text)?;
    if !number.fract().is_zero() {
        return Err("not a whole number".into());
    }
    match i32::try_from(number.trunc()) {
        Ok(whole) if i64::from(whole) >= least => Ok(whole.into()),
        _ => Err(format!("must be a whole number between {least} and {}", i32::MAX)),
    }
}

/// Reads a number that counts `factor` each, as the shortest text of it.
pub fn decimal(text: &str, decimals: Decimals, factor: Decimal, positive: bool) -> Result<String, String> {
    let text = if factor == Decimal::new(1, 2) { text.strip_suffix('%').unwrap_or(text) } else { text };
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

/// Reads a percentage, such as `12.5` or `12.5 %` (or `0.125` where it is written as a fraction), as basis points.
pub fn basis_points(text: &str, decimals: Decimals, fraction: bool) -> Result<i64, String> {
    let number = decimals.parse(text.strip_suffix('%').unwrap_or(text))?;
    let factor = Decimal::from(if fraction { 10_000 } else { 100 });
    let points = number.checked_mul(factor).ok_or("the number is too large")?;
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
    fn percentages_are_basis_points() {
        assert_eq!(basis_points("12.5", ENGLISH, false), Ok(1250));
        assert_eq!(basis_points("100 %", ENGLISH, false), Ok(10_000));
        assert_eq!(basis_points("0.25", ENGLISH, true), Ok(2500));
        assert!(basis_points("100.01", ENGLISH, false).is_err());
        assert!(basis_points("-1", ENGLISH, false).is_err());
        assert!(basis_points("12.345", ENGLISH, false).is_err());
    }

    #[test]
    fn decimals_are_exact_texts() {
        let read = |text, factor| decimal(text, GERMAN, factor, false);
        let percent = Decimal::new(1, 2);
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
        assert_eq!(whole("1,000", ENGLISH, 1), Ok(1000));
        assert_eq!(whole("7.0", ENGLISH, 1), Ok(7));
        assert!(whole("0", ENGLISH, 1).is_err());
        assert!(whole("7.5", ENGLISH, 1).is_err());
        assert!(whole("3000000000", ENGLISH, 1).is_err());
    }
}
