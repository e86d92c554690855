//! How many decimals amounts in a currency have: of those in use and of withdrawn ones, since amounts stay in them.

use iso_currency::Currency;

/// Withdrawn currencies with two decimals, since the euro and before, that `iso_currency` does not have.
const TWO_DECIMALS: &str = "\
AFA ANG ATS AYM AZM BGL CSD CYP DEM EEK FIM FRF GHC GWP IEP LTL LVL MRO MTL MZM NLG ROL RUR SDD SIT SKK SRG STD TMM USS VEB VEF YUM \
ZMK ZWD ZWN ZWR";

/// Those without decimals.
const NO_DECIMALS: &str = "ADP BEF BYB BYR ESP GRD ITL LUF MGF PTE TPE TRL";

/// How many decimals amounts in a currency of ISO 4217 have, in use or withdrawn: none where the standard says none, as for gold.
/// Nothing for other texts. The code is in capitals.
///
/// ```
/// use crm_kpi_crm::currency_decimals;
///
/// assert_eq!(currency_decimals("EUR"), Some(2));
/// assert_eq!(currency_decimals("ITL"), Some(0));
/// assert_eq!(currency_decimals("eur"), None);
/// ```
pub fn currency_decimals(code: &str) -> Option<u32> {
    if let Some(currency) = Currency::from_code(code) {
        return Some(currency.exponent().map_or(0, u32::from));
    }
    let has = |codes: &str| codes.split(' ').any(|known| known == code);
    [(TWO_DECIMALS, 2), (NO_DECIMALS, 0)].into_iter().find(|(codes, _)| has(codes)).map(|(_, decimals)| decimals)
}

/// Codes of withdrawn currencies.
pub fn withdrawn_currencies() -> impl Iterator<Item = &'static str> {
    [TWO_DECIMALS, NO_DECIMALS].into_iter().flat_map(|codes| codes.split(' '))
}

/// A code as it is stored where everything is in order: without blanks, in capitals.
pub fn currency_code(stored: &str) -> String {
    stored.trim().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn withdrawn_currencies_are_there_once() {
        let codes: Vec<&str> = withdrawn_currencies().collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        assert!(codes.iter().all(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())));
        assert_eq!(codes.into_iter().find(|code| Currency::from_code(code).is_some()), None);
    }

    #[test]
    fn currencies_have_the_decimals_of_the_standard() {
        let decimals =
            ["USD", "JPY", "BHD", "CLF", "XAU", "LTL", "DEM", "VEF", "EEK", "ITL", "XQQ"].map(currency_decimals);
        assert_eq!(
            decimals,
            [Some(2), Some(0), Some(3), Some(4), Some(0), Some(2), Some(2), Some(2), Some(2), Some(0), None]
        );
    }
}
