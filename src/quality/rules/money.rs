use super::rule;
use crate::crm::{costs, mrr_movements, opportunities, orders, products, subscriptions};
use crate::quality::rule::Severity::Error;
use crate::quality::rule::Term::{Now, Number, ReportingCurrency};
use crate::quality::rule::{Beside, Check, Rule, Sum, Term, Test, at_most, less, number, of, set, unequal, unset};
use iso_currency::Currency;
use sea_orm::EntityTrait;
use std::sync::LazyLock;

/// The codes of ISO 4217.
static CODES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let letters = || 'A'..='Z';
    let codes =
        letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| String::from_iter([a, b, c]))));
    codes.filter_map(|code| Currency::from_code(&code)).map(|currency| currency.code()).collect()
});

pub(super) fn rules() -> Vec<Rule> {
    vec![
        rule(
            "amount_without_currency",
            Error,
            "An amount has a currency.",
            currencies(|currency, has_amount| Test::All([vec![unset(currency)], has_amount].concat()), "set", None),
        ),
        rule(
            "unknown_currency",
            Error,
            "A currency is a code of ISO 4217.",
            currencies(|currency, _| Test::NoneOf(currency, CODES.clone()), "a code of ISO 4217", None),
        ),
        rule(
            "currency_without_rate",
            Error,
            "An amount's currency can be converted into the one that the service answers in: as there are no exchange \
             rates yet, it is that one (`--currency`).",
            currencies(
                |currency, has_amount| {
                    let foreign = vec![unequal(currency, ReportingCurrency), Test::OneOf(currency, CODES.clone())];
                    Test::All([foreign, has_amount].concat())
                },
                "{}, or a currency with a rate",
                Some(ReportingCurrency),
            ),
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

/// The same check of every table with amounts, over its currency and the conditions under which it has an amount.
fn currencies(breaks: impl Fn(Term, Vec<Test>) -> Test, expected: &'static str, limit: Option<Term>) -> Vec<Check> {
    fn check<E: EntityTrait>(
        currency: E::Column,
        amounts: &[E::Column],
        breaks: &impl Fn(Term, Vec<Test>) -> Test,
        expected: &'static str,
        limit: Option<Term>,
    ) -> Check {
        let any = amounts.iter().map(|amount| set(of(*amount))).collect();
        Check { limit, ..Check::of::<E>(currency, breaks(of(currency), vec![Test::Any(any)]), expected) }
    }
    use opportunities::Column as Deal;
    let deal = [Deal::AmountMinor, Deal::MonthlyAmountMinor];
    let order = [orders::Column::AmountMinor];
    let price = [products::Column::ListPriceMinor];
    let cost = [costs::Column::AmountMinor];
    let value = [subscriptions::Column::MonthlyAmountMinor];
    let change = [mrr_movements::Column::ChangeMinor];
    vec![
        check::<opportunities::Entity>(Deal::Currency, &deal, &breaks, expected, limit),
        check::<orders::Entity>(orders::Column::Currency, &order, &breaks, expected, limit),
        check::<products::Entity>(products::Column::Currency, &price, &breaks, expected, limit),
        check::<costs::Entity>(costs::Column::Currency, &cost, &breaks, expected, limit),
        check::<subscriptions::Entity>(subscriptions::Column::Currency, &value, &breaks, expected, limit),
        check::<mrr_movements::Entity>(mrr_movements::Column::Currency, &change, &breaks, expected, limit),
    ]
}

fn movements_add_up() -> Vec<Check> {
    use subscriptions::Column::{EndedAt, MonthlyAmountMinor};
    const MOVED: &str = "moved_minor";
    let sum = Sum { name: MOVED, table: "mrr_movements", reference: "subscription_id", column: "change_minor" };
    let check = |breaks, expected| {
        Check::of::<subscriptions::Entity>(MonthlyAmountMinor, breaks, expected)
            .found("mrr_movements.change_minor", number(MOVED))
            .beside(Beside { sums: vec![sum], ..Beside::default() })
    };
    let lives = Test::Any(vec![unset(of(EndedAt)), less(Now, of(EndedAt))]);
    let wrong = unequal(number(MOVED), of(MonthlyAmountMinor));
    vec![
        check(Test::All(vec![lives, wrong]), "{} in all, its monthly_amount_minor").limit(of(MonthlyAmountMinor)),
        check(
            Test::All(vec![at_most(of(EndedAt), Now), unequal(number(MOVED), Number(0))]),
            "0 in all, as it has ended",
        ),
    ]
}

fn movements_have_signs() -> Vec<Check> {
    use mrr_movements::Column::{ChangeMinor, Kind};
    let kinds = |kinds: &[&'static str]| Test::OneOf(of(Kind), kinds.to_vec());
    let check =
        |tests, expected| Check::of::<mrr_movements::Entity>(ChangeMinor, Test::All(tests), expected).limit(of(Kind));
    vec![
        check(vec![kinds(&["new", "expansion", "reactivation"]), less(of(ChangeMinor), Number(0))], "0 or more for {}"),
        check(vec![kinds(&["contraction", "churn"]), less(Number(0), of(ChangeMinor))], "0 or less for {}"),
    ]
}
