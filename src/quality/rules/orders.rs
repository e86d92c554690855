use super::rule;
use crate::crm::orders::{Column as Order, Entity as Orders};
use crate::quality::rule::Severity::{Error, Warning};
use crate::quality::rule::{Check, Parent, Related, Rule, Whole};
use crate::quality::terms::Term::Number;
use crate::quality::terms::{Test, instant, less, of, set, text, unset};

/// What is read beside a refund: when its order was placed, and what that refunds itself.
const ORDERED: &str = "order_ordered_at";
const REFUNDS: &str = "order_refund_of";

pub(super) fn rules() -> Vec<Rule> {
    let parent = |name, column| Parent { name, reference: "refund_of", table: "orders", column };
    let beside = |column, breaks, expected| {
        Check::of::<Orders>(column, breaks, expected).related(Related {
            whole: Some(Whole { reference: "refund_of", table: "orders" }),
            parents: vec![parent(ORDERED, "ordered_at"), parent(REFUNDS, "refund_of")],
            ..Related::default()
        })
    };
    vec![
        rule(
            "refund_without_order",
            Warning,
            "A negative order says in `refund_of` which order it refunds or corrects: by that it is of the order's kind and \
             campaign.",
            vec![Check::of::<Orders>(
                Order::RefundOf,
                Test::All(vec![less(of(Order::AmountMinor), Number(0)), unset(of(Order::RefundOf))]),
                "the id of the order that it refunds, as its amount is negative",
            )],
        ),
        rule(
            "refund_of_refund",
            Warning,
            "What is refunded or corrected is an order, no refund itself.",
            vec![
                beside(Order::RefundOf, set(text(REFUNDS)), "the id of an order, such as {}, which that one refunds")
                    .limit(text(REFUNDS)),
            ],
        ),
        rule(
            "refund_before_order",
            Error,
            "An order is refunded or corrected when it is placed or later.",
            vec![
                beside(Order::OrderedAt, less(of(Order::OrderedAt), instant(ORDERED)), "at or after its order, {}")
                    .limit(instant(ORDERED)),
            ],
        ),
    ]
}
