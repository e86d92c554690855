//! Codes of ISO 4217 and how many decimals their currencies have: of those in use and of those that were, since amounts stay in them.

/// Currencies in use whose decimals are two.
const TWO: &str = "\
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU \
CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES \
KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB \
PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD \
TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG ZWL";

/// Those without decimals, and what is no money but traded like it.
const NONE: &str = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XAG XAU XDR XOF XPD XPF XPT";

/// Those with three.
const THREE: &str = "BHD IQD JOD KWD LYD OMR TND";

/// Those with four.
const FOUR: &str = "CLF UYW";

/// Withdrawn ones with two decimals, since the euro and before.
const WITHDRAWN_TWO: &str = "\
AFA ATS AYM AZM BGL CSD CYP DEM EEK FIM FRF GHC GWP IEP LTL LVL MRO MTL MZM NLG ROL RUR SDD SIT SKK SRG STD TMM USS VEB VEF YUM \
ZMK ZWD ZWN ZWR";

/// Withdrawn ones without decimals.
const WITHDRAWN_NONE: &str = "ADP BEF BYB BYR ESP GRD ITL LUF MGF PTE TPE TRL";

/// The currencies by their decimals.
const ALL: [(u32, &str); 6] = [(2, TWO), (0, NONE), (3, THREE), (4, FOUR), (2, WITHDRAWN_TWO), (0, WITHDRAWN_NONE)];

/// How many decimals amounts in a currency have, in use or withdrawn; nothing for other texts. The code is in capitals.
///
/// ```
/// use crm_kpi_crm::currency_decimals;
///
/// assert_eq!(currency_decimals("EUR"), Some(2));
/// assert_eq!(currency_decimals("ITL"), Some(0));
/// assert_eq!(currency_decimals("eur"), None);
/// ```
pub fn currency_decimals(code: &str) -> Option<u32> {
    let has = |codes: &str| codes.split(' ').any(|known| known == code);
    ALL.iter().find(|(_, codes)| has(codes)).map(|(decimals, _)| *decimals)
}

/// All codes.
pub fn currency_codes() -> impl Iterator<Item = &'static str> {
    ALL.iter().flat_map(|(_, codes)| codes.split(' '))
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
    fn every_code_is_there_once() {
        let codes: Vec<&str> = currency_codes().collect();
        assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        assert!(codes.iter().all(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())));
    }
}
