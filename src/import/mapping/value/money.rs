use super::digits::is_mark;
use super::number::Decimals;
use iso_currency::Currency;
use rust_decimal::{Decimal, RoundingStrategy};
use std::borrow::Cow;

/// What one unit of a written amount is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    /// One minor unit, such as a cent.
    Minor,
    /// One unit of the currency.
    #[default]
    Major,
    /// A thousand units.
    Thousands,
    /// A million units.
    Millions,
}

/// Reads an amount, such as `1,234.50`, `$1,234.50` or `1,234.50 USD`, as minor units of the currency. Exact: a
/// fraction of a minor unit is an error unless it may be rounded, half to even.
pub fn minor_units(
    text: &str,
    currency: Currency,
    decimals: Decimals,
    scale: Scale,
    round: bool,
) -> Result<i64, String> {
    let code = currency.code();
    let number = decimals.parse(&without_currency(text, currency))?;
    let places =
        currency.exponent().ok_or_else(|| format!("{code} has no minor unit: use a currency that is paid in"))?;
    let major = Decimal::from(10_i64.pow(u32::from(places.min(9))));
    let factor = match scale {
        Scale::Minor => Decimal::ONE,
        Scale::Major => major,
        Scale::Thousands => major * Decimal::ONE_THOUSAND,
        Scale::Millions => major * Decimal::ONE_THOUSAND * Decimal::ONE_THOUSAND,
    };
    let too_large = || "the amount is too large".to_owned();
    let minor = number.checked_mul(factor).ok_or_else(too_large)?;
    let whole = minor.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    if whole != minor && !round {
        return Err(match scale {
            Scale::Major => format!("too many decimals: {code} has {places}"),
            _ => format!("a fraction of the smallest unit of {code}"),
        });
    }
    i64::try_from(whole).map_err(|_| too_large())
}

/// The number without the code or the sign of the currency before or after it; `-$5` keeps its sign.
pub fn without_currency(text: &str, currency: Currency) -> Cow<'_, str> {
    let symbol = currency.symbol().symbol;
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || is_mark(letter));
    for mark in [currency.code(), symbol.as_str()].into_iter().filter(|mark| !mark.is_empty()) {
        if let Some(number) = text.strip_prefix(mark).or_else(|| text.strip_suffix(mark)) {
            return number.trim().into();
        }
        if let Some(inner) = text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'))
            && let Some(number) = inner.strip_prefix(mark).or_else(|| inner.strip_suffix(mark))
        {
            return format!("-{}", number.trim()).into();
        }
        if let Some(number) = text.strip_prefix('-').and_then(|positive| positive.trim().strip_prefix(mark)) {
            return format!("-{}", number.trim()).into();
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, currency: Currency, scale: Scale) -> Result<i64, String> {
        minor_units(text, currency, Decimals { point: '.', group: ',' }, scale, false)
    }

    #[test]
    fn amounts_are_exact_minor_units() {
        assert_eq!(read("1,234.50", Currency::USD, Scale::Major), Ok(123_450));
        assert_eq!(read("1054", Currency::USD, Scale::Major), Ok(105_400));
        assert_eq!(read("0.1", Currency::USD, Scale::Major), Ok(10));
        assert_eq!(read("1.500", Currency::USD, Scale::Major), Ok(150));
        assert_eq!(read("1500", Currency::JPY, Scale::Major), Ok(1500));
        assert_eq!(read("1.234", Currency::KWD, Scale::Major), Ok(1234));
        assert_eq!(read("1054", Currency::USD, Scale::Minor), Ok(1054));
        assert_eq!(read("1.5", Currency::USD, Scale::Thousands), Ok(150_000));
        assert_eq!(read("8170.38", Currency::USD, Scale::Millions), Ok(817_038_000_000));
        assert_eq!(read("92233720368547758.07", Currency::USD, Scale::Major), Ok(i64::MAX));
    }

    #[test]
    fn a_sign_of_the_own_currency_is_no_harm() {
        for text in ["$1,234.50", "USD 1,234.50", "1,234.50 USD", "1,234.50 $"] {
            assert_eq!(read(text, Currency::USD, Scale::Major), Ok(123_450), "{text}");
        }
        assert_eq!(read("-$5", Currency::USD, Scale::Major), Ok(-500));
        assert_eq!(read("($5)", Currency::USD, Scale::Major), Ok(-500));
        assert!(read("€5", Currency::USD, Scale::Major).is_err());
    }

    #[test]
    fn nothing_is_rounded_unasked() {
        assert!(read("1.005", Currency::USD, Scale::Major).is_err());
        assert!(read("0.5", Currency::JPY, Scale::Major).is_err());
        assert!(read("0.5", Currency::USD, Scale::Minor).is_err());
        assert!(read("92233720368547758.08", Currency::USD, Scale::Major).is_err());
        let english = Decimals { point: '.', group: ',' };
        assert_eq!(minor_units("1.005", Currency::USD, english, Scale::Major, true), Ok(100));
        assert_eq!(minor_units("1.015", Currency::USD, english, Scale::Major, true), Ok(102));
    }
}
