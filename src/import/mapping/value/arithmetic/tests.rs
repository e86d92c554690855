use super::*;
use proptest::prelude::*;

const COLUMNS: [&str; 4] = ["Quantity", "Unit price", "Discount", "Empty"];

fn read(text: &str) -> Result<Expression, String> {
    Expression::new(text, |name| COLUMNS.iter().position(|known| *known == name))
}

fn with(text: &str, cells: [&str; 4]) -> Result<Option<(String, bool)>, Failure> {
    let cell = |column: usize| match cells[column] {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| format!("{text} is bad")),
    };
    let result = read(text).unwrap().result(cell)?;
    Ok(result.map(|result| (result.number.normalize().to_string(), result.exact)))
}

fn result(text: &str) -> Result<Option<(String, bool)>, Failure> {
    with(text, ["3", "12.50", "0.1", ""])
}

#[test]
fn calculations_are_exact() {
    for (text, expected) in [
        ("{Quantity} * {Unit price} * (1 - {Discount})", "33.75"),
        ("{Quantity}*{Unit price}", "37.5"),
        ("1 + 2 * 3 - 4 / 2", "5"),
        ("(1 + 2) * (3 - 4) / 2", "-1.5"),
        ("8 / 2 / 2", "2"),
        ("5 - 3 - 1", "1"),
        ("-{Quantity} + --1", "-2"),
        ("0.1 + 0.2", "0.3"),
        ("round(2 / 3, 2)", "0.67"),
        ("round(0.125, 2) + round(0.135, 2)", "0.26"),
        ("default({Empty}, 5) × 2", "10"),
        ("default({Empty} * {Quantity}, {Quantity})", "3"),
        ("default({Quantity}, 5)", "3"),
        ("79228162514264337593543950335 - 1", "79228162514264337593543950334"),
    ] {
        assert_eq!(result(text), Ok(Some((expected.into(), true))), "{text}");
    }
    assert_eq!(result("2 / 3"), Ok(Some(("0.6666666666666666666666666667".into(), false))));
    assert_eq!(result("2 / 3 * 3").unwrap().map(|(_, exact)| exact), Some(false));
    let tiny = format!("0.{}1", "0".repeat(20));
    assert_eq!(result(&format!("{tiny} * {tiny}")).unwrap().map(|(_, exact)| exact), Some(false));
    assert_eq!(result(&format!("100000000000000 + {tiny}")).unwrap().map(|(_, exact)| exact), Some(false));
}

#[test]
fn what_is_empty_is_told_unless_all_is() {
    let of_empty = |text| result(text).unwrap_err();
    assert_eq!(of_empty("{Quantity} * {Empty}").column, Some(3));
    assert!(of_empty("{Quantity} + {Empty}").reason.contains("is empty"));
    assert_eq!(of_empty("default({Empty}, {Empty}) + {Quantity}").column, Some(3));
    assert_eq!(result("{Empty} * (1 - default({Discount}, 0))"), Ok(None));
    assert_eq!(of_empty("1 / ({Quantity} - 3)").reason, "divides by 0");
    assert_eq!(of_empty("79228162514264337593543950335 * 10").reason, "the number is too large");
    let bad = with("{Quantity} * 2", ["many", "", "", ""]).unwrap_err();
    assert_eq!((bad.column, bad.reason.as_str()), (Some(0), "many is bad"));
}

#[test]
fn bad_expressions_are_told() {
    for (text, expected) in [
        ("", "ends where a number"),
        ("{Quantity} {Unit price}", "has \"{Unit price}\" where +, -, *, / or the end"),
        ("{Quantity", "unmatched {"),
        ("(1 + 2", "ends where )"),
        ("1 +", "ends where a number"),
        ("round(1)", "has \")\" where ,"),
        ("round(1, 29)", "how many decimals"),
        ("sum(1)", "has \"sum(1)\""),
        ("1.2.3", "has \"1.2.3\""),
    ] {
        assert!(read(text).unwrap_err().contains(expected), "{text}: {:?}", read(text));
    }
    assert!(read(&"(".repeat(10_000)).is_err());
    assert!(read(&"-".repeat(10_000)).is_err());
}

proptest! {
    /// Beside whole numbers of a hundredth, which are counted by hand.
    #[test]
    fn sums_and_products_are_those_of_cents(one in -1_000_000_i64..1_000_000, other in -1_000_000_i64..1_000_000) {
        let text = |cents: i64| Decimal::new(cents, 2).to_string();
        let cells = [text(one), text(other), String::new(), String::new()];
        let cells = [0, 1, 2, 3].map(|place| cells[place].as_str());
        let result = with("{Quantity} * {Unit price} + {Quantity} - 1", cells).unwrap().unwrap();
        let by_hand = i128::from(one) * i128::from(other) + i128::from(one) * 100 - 10_000;
        prop_assert_eq!(result, (Decimal::from_i128_with_scale(by_hand, 4).normalize().to_string(), true));
    }

    #[test]
    fn a_ratio_times_what_divides_is_the_number(one in any::<i32>(), other in any::<i32>()) {
        prop_assume!(other != 0);
        let cells = [one.to_string(), other.to_string()];
        let cells = [cells[0].as_str(), cells[1].as_str(), "", ""];
        let (ratio, exact) = with("{Quantity} / {Unit price}", cells).unwrap().unwrap();
        let ratio: Decimal = ratio.parse().unwrap();
        if exact {
            prop_assert_eq!(ratio * Decimal::from(other), Decimal::from(one));
        } else {
            let tenths = i128::from(one) * 10_i128.pow(6) % i128::from(other);
            prop_assert!(tenths != 0 || (ratio * Decimal::from(other) - Decimal::from(one)).abs() < Decimal::new(1, 9));
        }
        let (rounded, exact) = with("round({Quantity} / {Unit price}, 3)", cells).unwrap().unwrap();
        prop_assert!(exact && (rounded.parse::<Decimal>().unwrap() - ratio).abs() <= Decimal::new(5, 4));
    }

    #[test]
    fn no_expression_panics(text in "[0-9.{}()*/+ -]{0,40}|(round|default|\\{Quantity\\}|[(),*/ 0-9]){0,20}|\\PC*", cells in any::<[i64; 4]>()) {
        if let Ok(expression) = read(&text) {
            let _ = expression.result(|column| Ok(Some(Decimal::new(cells[column], 10))));
        }
    }
}
