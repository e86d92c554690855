//! Exchange rates: what an amount of one currency is worth in another on a day.

use crate::catalog::Column;
use crate::crm::exchange_rates::Column as C;
use crate::crm::{currency_code, currency_decimals};
use crate::database::{Snapshot, time};
use crate::error::{Error, Result};
use crate::period::{Calendar, Edge};
use chrono::NaiveDate;
use iso_currency::Currency;
use rust_decimal::Decimal;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Display;

/// The rates of every currency into one, over a stretch of days. Between two days on which some rate begins to be valid all
/// of them stay the same: such a span has a number, 0 the one that the stretch begins with.
#[derive(Debug)]
pub(crate) struct Rates {
    into: Currency,
    /// The first day.
    from: NaiveDate,
    /// The days from which on a rate is another, ascending; behind `from`.
    days: Vec<NaiveDate>,
    /// When these days begin.
    edges: Vec<Edge>,
    series: HashMap<String, Series>,
}

/// A currency's rates, by the numbers of spans.
#[derive(Debug)]
struct Series {
    /// Decimals that the other currency has more.
    decimals: i32,
    rates: Vec<Option<Decimal>>,
}

/// Rates of pairs by the day from which on they are valid.
type Pairs = BTreeMap<(String, String), BTreeMap<NaiveDate, Decimal>>;

impl Rates {
    /// The rates that are valid on the days from one to another.
    pub async fn load(
        snapshot: &Snapshot,
        into: Currency,
        calendar: &Calendar,
        (from, until): (NaiveDate, NaiveDate),
    ) -> Result<Self> {
        let pairs = load_pairs(snapshot, from, until).await?;
        let days: BTreeSet<NaiveDate> =
            pairs.values().flat_map(BTreeMap::keys).copied().filter(|&day| day > from).collect();
        let days: Vec<NaiveDate> = days.into_iter().collect();
        let currencies: BTreeSet<&str> = pairs.keys().flat_map(|(one, other)| [one.as_str(), other.as_str()]).collect();
        let mut series = HashMap::new();
        for code in &currencies {
            let Some(own) = decimals(code).filter(|_| *code != into.code()) else { continue };
            let spans = [from].into_iter().chain(days.iter().copied());
            let rates = spans.map(|day| rate(&pairs, &currencies, (code, into.code()), day)).collect();
            series.insert(
                (*code).to_owned(),
                Series { decimals: decimals(into.code()).unwrap_or_default() - own, rates },
            );
        }
        let edges = days.iter().map(|&day| calendar.edge(day)).collect();
        Ok(Self { into, from, days, edges, series })
    }

    /// When rates change: a span's number says how many changes come before it.
    pub fn changes(&self) -> &[Edge] {
        &self.edges
    }

    /// The number of the span that a day is in.
    pub fn span_of(&self, day: NaiveDate) -> usize {
        self.days.partition_point(|begun| *begun <= day)
    }

    /// The first day of a span.
    pub fn day_of(&self, span: usize) -> NaiveDate {
        let begun = span.checked_sub(1).and_then(|place| self.days.get(place));
        begun.copied().unwrap_or(self.from)
    }

    /// An amount of minor units of a currency (empty: the one converted into) in the one converted into, with the rate of a
    /// span, as a figure with so many fine decimals. The rate is rounded to these, the amount is not: amounts that are
    /// converted apart add up to what they are converted together, to the last digit. `None`: there is no rate.
    pub fn convert(&self, amount: i128, currency: &str, span: usize, fine_decimals: u32) -> Result<Option<i128>> {
        let fine = if amount == 0 || currency.is_empty() || self.is_own(currency) {
            10i128.checked_pow(fine_decimals)
        } else {
            let Some((rate, decimals)) = self.rate_in(currency, span) else { return Ok(None) };
            fine(rate, fine_decimals.cast_signed() + decimals)
        };
        let overflow = || Error::Overflow(format!("an amount converted from {currency} into {}", self.into.code()));
        fine.and_then(|fine| amount.checked_mul(fine)).map(Some).ok_or_else(overflow)
    }

    /// A decimal amount of a currency in units of the one converted into, with the rate of a day.
    pub fn convert_units(&self, amount: Decimal, currency: &str, day: NaiveDate) -> Result<Decimal> {
        if currency.is_empty() || self.is_own(currency) {
            return Ok(amount);
        }
        let (rate, _) = self.rate_in(currency, self.span_of(day)).ok_or_else(|| self.missing(currency, day))?;
        amount.checked_mul(rate).ok_or_else(|| Error::Overflow(format!("an amount converted from {currency}")))
    }

    /// Whether a stored code is the currency converted into, whatever its case.
    fn is_own(&self, currency: &str) -> bool {
        currency.trim().eq_ignore_ascii_case(self.into.code())
    }

    /// A currency's rate in a span, and how many decimals the other currency has more.
    fn rate_in(&self, currency: &str, span: usize) -> Option<(Decimal, i32)> {
        let series = self.series.get(currency).or_else(|| self.series.get(&currency_code(currency)))?;
        Some((series.rates.get(span).copied().flatten()?, series.decimals))
    }

    /// That a currency has no rate on a day.
    pub fn missing(&self, currency: &str, day: NaiveDate) -> Error {
        Error::MissingRate { currency: currency.into(), into: self.into.code().into(), day }
    }
}

fn decimals(code: &str) -> Option<i32> {
    currency_decimals(code).and_then(|decimals| decimals.try_into().ok())
}

/// A number as an integer with so many decimals, rounded half to even.
fn fine(number: Decimal, decimals: i32) -> Option<i128> {
    let power = decimals - i32::try_from(number.scale()).ok()?;
    let factor = 10i128.checked_pow(power.unsigned_abs())?;
    if power >= 0 {
        return number.mantissa().checked_mul(factor);
    }
    let (whole, rest) = (number.mantissa() / factor, number.mantissa() % factor);
    let up = match (rest.abs() * 2).cmp(&factor) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => whole % 2 != 0,
        std::cmp::Ordering::Less => false,
    };
    Some(if up { whole + rest.signum() } else { whole })
}

/// Units of the second currency that a unit of the first is worth on a day: by the pair's own rate, by that of the other
/// direction, or by way of the first currency, in the order of the alphabet, that has a rate with both.
fn rate(pairs: &Pairs, currencies: &BTreeSet<&str>, (of, into): (&str, &str), day: NaiveDate) -> Option<Decimal> {
    let valid = |of: &str, into: &str| {
        let rates = pairs.get(&(of.to_owned(), into.to_owned()))?;
        rates.range(..=day).next_back().map(|(_, rate)| *rate)
    };
    let between = |of: &str, into: &str| valid(of, into).or_else(|| Decimal::ONE.checked_div(valid(into, of)?));
    let by_way = |by: &&str| between(of, by)?.checked_mul(between(by, into)?);
    between(of, into).or_else(|| currencies.iter().filter(|by| **by != of && **by != into).find_map(by_way))
}

/// The rates that begin to be valid in a stretch of days, and of each pair the last one before.
async fn load_pairs(snapshot: &Snapshot, from: NaiveDate, until: NaiveDate) -> Result<Pairs> {
    const BEFORE: &str = "before";
    const SINCE: &str = "since";
    let table = Column::from(C::ValidFrom).table;
    let mut before = Query::select();
    before.columns([C::Currency, C::QuoteCurrency]).expr_as(Expr::col(C::ValidFrom).max(), SINCE).from(table);
    before.and_where(Expr::col(C::ValidFrom).lte(from)).group_by_columns([C::Currency, C::QuoteCurrency]);
    let same = |column: C| Expr::col((table, column)).equals((BEFORE, column));
    let mut select = Query::select();
    select.columns([C::Currency, C::QuoteCurrency, C::ValidFrom, C::Rate].map(|column| (Alias::new(table), column)));
    select.from(table).join_subquery(JoinType::LeftJoin, before, BEFORE, same(C::Currency).and(same(C::QuoteCurrency)));
    let since = Expr::col((BEFORE, SINCE));
    let day = || Expr::col((table, C::ValidFrom));
    select.and_where(since.clone().is_null().or(day().gte(since))).and_where(day().lte(until));
    let mut pairs = Pairs::new();
    let statement = snapshot.dialect().statement(&select);
    for row in snapshot.all(statement).await? {
        let (of, into): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let bad =
            |what: &dyn Display| Error::BadStoredData(format!("exchange_rates.valid_from of {of} into {into} {what}"));
        let day: Option<NaiveDate> = time(&row, 2).map_err(|error| bad(&error))?;
        let (day, rate): (_, String) = (day.ok_or_else(|| bad(&"is not set"))?, row.try_get_by_index(3)?);
        let plain = rate.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let positive = rate.parse::<Decimal>().ok().filter(|rate| plain && !rate.is_zero());
        let rate = positive.ok_or_else(|| {
            Error::BadStoredData(format!("the exchange rate of {of} into {into} from {day} is not a positive decimal"))
        })?;
        let pair = [of, into].map(|stored| currency_code(&stored));
        pairs.entry(pair.into()).or_default().insert(day, rate);
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 EUR is 1.0834 USD: a US cent is 0.923020121838656083 of a euro cent, in 18 decimals. From yen, which have no minor
    /// units, and into them; what has more decimals is rounded half to even, and what does not fit is none.
    #[test]
    fn rates_are_rounded_once() {
        let of = |rate: &str, decimals| fine(rate.parse().unwrap(), decimals);
        let inverse = Decimal::ONE / "1.0834".parse::<Decimal>().unwrap();
        assert_eq!(fine(inverse, 18), Some(923_020_121_838_656_083));
        assert_eq!(of("0.0061", 18 + 2), Some(610_000_000_000_000_000));
        assert_eq!(of("163.5", 18 - 2), Some(1_635_000_000_000_000_000));
        assert_eq!(of("0.0000000000000000025", 18), Some(2));
        assert_eq!(of("0.0000000000000000035", 18), Some(4));
        assert_eq!(of("79228162514264337593543950335", 18), None);
    }
}
