use super::rule;
use crate::catalog::{Catalog, Unit};
use crate::crm::{self, Semantic, costs, mrr_movements, opportunities, orders, products, subscriptions, targets};
use crate::quality::rule::Severity::Error;
use crate::quality::rule::{Check, Related, Rule, Sum};
use crate::quality::terms::Term::{Now, Number, ReportingCurrency};
use crate::quality::terms::{Fault, Term, Test, at_most, less, none_of, number, of, one_of, set, unequal, unset};
use iso_currency::Currency;
use sea_orm::{ColumnTrait, EntityTrait, Iterable};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The codes of ISO 4217, of withdrawn currencies too.
static CODES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let letters = || 'A'..='Z';
    let codes =
        letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| String::from_iter([a, b, c]))));
    let in_use = codes.filter_map(|code| Currency::from_code(&code)).map(|currency| currency.code());
    let codes: BTreeSet<&'static str> = in_use.chain(crm::withdrawn_currencies()).collect();
    codes.into_iter().collect()
});

pub(super) fn rules() -> Vec<Rule> {
    vec![
        rule(
            "amount_without_currency",
            Error,
            "An amount has a currency.",
            amounts(|of| Check {
                breaks: Test::All(vec![unset(of.check.found), of.has_amount]),
                expected: "set",
                ..of.check
            }),
        ),
        rule("unknown_currency", Error, "A currency is a code of ISO 4217.", unknown_currencies()),
        rule(
            "currency_without_rate",
            Error,
            "An amount's currency is the one that the service answers in (`--currency`), or both have an exchange \
             rate by the day that it may first be needed for.",
            amounts(|of| {
                let currency = of.check.found;
                let foreign = [unequal(currency, ReportingCurrency), one_of(currency, CODES.clone())];
                let no_rate = |currency| Test::Own(Fault::NoRate { currency, by: of.needed_at });
                let no_rate = Test::Any(vec![no_rate(currency), no_rate(ReportingCurrency)]);
                Check {
                    breaks: Test::All(foreign.into_iter().chain([of.has_amount, no_rate]).collect()),
                    expected: of.with_rate,
                    limit: Some(ReportingCurrency),
                    ..of.check
                }
            }),
        ),
        rule(
            "movements_not_adding_up",
            Error,
            "A subscription's movements add up to what it is worth a month, or to 0 once it has ended.",
            movements_add_up(),
        ),
        rule(
            "movement_against_its_kind",
            Error,
            "New, expansion and reactivation do not lower a subscription's value; contraction and churn do not raise \
             it.",
            movements_have_signs(),
        ),
    ]
}

/// A table with amounts.
struct Amounts {
    /// Over its currency; what breaks the law is still to be said.
    check: Check,
    /// Whether a record has an amount.
    has_amount: Test,
    /// When a record's amount may first have to be converted; unset: at any time.
    needed_at: Option<Term>,
    /// What its currency should be: one with a rate by then.
    with_rate: &'static str,
}

/// The same check of every table with amounts.
fn amounts(check: impl Fn(Amounts) -> Check) -> Vec<Check> {
    fn table<E: EntityTrait>(currency: E::Column, amounts: &[E::Column]) -> Amounts {
        Amounts {
            check: Check::of::<E>(currency, Test::Any(Vec::new()), ""),
            has_amount: Test::Any(amounts.iter().map(|amount| set(of(*amount))).collect()),
            needed_at: None,
            with_rate: "{}, or a currency with a rate",
        }
    }
    fn at(time: impl ColumnTrait, with_rate: &'static str, amounts: Amounts) -> Amounts {
        Amounts { needed_at: Some(of(time)), with_rate, ..amounts }
    }
    use opportunities::Column as Deal;
    use {
        costs as cost, mrr_movements as movement, orders as order, products as product, subscriptions as subscription,
    };
    let kpis = Catalog::get().kpis().iter().filter(|kpi| kpi.unit == Unit::Currency).map(|kpi| kpi.id);
    let target = Amounts {
        has_amount: one_of(of(targets::Column::KpiId), kpis),
        ..table::<targets::Entity>(targets::Column::Currency, &[])
    };
    let all = [
        at(
            Deal::CreatedAt,
            "{}, or a currency with a rate by created_at",
            table::<opportunities::Entity>(Deal::Currency, &[Deal::AmountMinor, Deal::MonthlyAmountMinor]),
        ),
        at(
            order::Column::OrderedAt,
            "{}, or a currency with a rate by ordered_at",
            table::<order::Entity>(order::Column::Currency, &[order::Column::AmountMinor]),
        ),
        table::<product::Entity>(product::Column::Currency, &[product::Column::ListPriceMinor]),
        at(
            cost::Column::StartsAt,
            "{}, or a currency with a rate by starts_at",
            table::<cost::Entity>(cost::Column::Currency, &[cost::Column::AmountMinor]),
        ),
        at(
            subscription::Column::StartedAt,
            "{}, or a currency with a rate by started_at",
            table::<subscription::Entity>(subscription::Column::Currency, &[subscription::Column::MonthlyAmountMinor]),
        ),
        at(
            movement::Column::MovedAt,
            "{}, or a currency with a rate by moved_at",
            table::<movement::Entity>(movement::Column::Currency, &[movement::Column::ChangeMinor]),
        ),
        at(targets::Column::FirstDate, "{}, or a currency with a rate by first_date", target),
    ];
    all.into_iter().map(check).collect()
}

fn unknown_currencies() -> Vec<Check> {
    let mut checks = Vec::new();
    macro_rules! add {
        ($($table:ident),+ $(,)?) => {$( checks.extend(unknown_codes::<crm::$table::Entity>()); )+};
    }
    crm::every_table!(add);
    checks
}

fn unknown_codes<E: EntityTrait>() -> Vec<Check> {
    let described = E::Column::iter().zip(crm::columns::<E>());
    let codes = described.filter(|(_, described)| described.semantic == Semantic::Currency);
    let unknown = |(code, _)| Check::of::<E>(code, none_of(of(code), CODES.clone()), "a code of ISO 4217");
    codes.map(unknown).collect()
}

fn movements_add_up() -> Vec<Check> {
    use subscriptions::Column::{EndedAt, MonthlyAmountMinor};
    const MOVED: &str = "moved_minor";
    const A_YEAR: &str = "moved_a_year_minor";
    let (table, reference) = ("mrr_movements", "subscription_id");
    let monthly = Sum { name: MOVED, table, reference, column: "change_minor", unset: None };
    let yearly =
        Sum { name: A_YEAR, table, reference, column: "annual_change_minor", unset: Some((12, "change_minor")) };
    let check = |sum: Sum, found, breaks, expected| {
        Check::of::<subscriptions::Entity>(MonthlyAmountMinor, breaks, expected)
            .found(found, number(sum.name))
            .related(Related { sums: vec![monthly, yearly], ..Related::default() })
    };
    let a_month = |breaks, expected| check(monthly, "mrr_movements.change_minor", breaks, expected);
    let lives = Test::Any(vec![unset(of(EndedAt)), less(Now, of(EndedAt))]);
    let ended = || at_most(of(EndedAt), Now);
    let wrong = unequal(number(MOVED), of(MonthlyAmountMinor));
    let nothing = Test::All(vec![at_most(number(MOVED), Number(0)), at_most(Number(0), number(MOVED))]);
    vec![
        a_month(Test::All(vec![lives, wrong]), "{} in all, its monthly_amount_minor").limit(of(MonthlyAmountMinor)),
        a_month(Test::All(vec![ended(), unequal(number(MOVED), Number(0))]), "0 in all, as it has ended"),
        check(
            yearly,
            "mrr_movements.annual_change_minor",
            Test::All(vec![ended(), nothing, unequal(number(A_YEAR), Number(0))]),
            "0 a year in all, as it has ended",
        ),
    ]
}

fn movements_have_signs() -> Vec<Check> {
    use mrr_movements::Column::{ChangeMinor, Kind};
    let kinds = |kinds: &[&'static str]| one_of(of(Kind), kinds.to_vec());
    let check =
        |tests, expected| Check::of::<mrr_movements::Entity>(ChangeMinor, Test::All(tests), expected).limit(of(Kind));
    vec![
        check(vec![kinds(&["new", "expansion", "reactivation"]), less(of(ChangeMinor), Number(0))], "0 or more for {}"),
        check(vec![kinds(&["contraction", "churn"]), less(Number(0), of(ChangeMinor))], "0 or less for {}"),
    ]
}
