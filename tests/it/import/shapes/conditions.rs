//! Lines that make a row, and lines that make none.

use super::{Case, complaints, deals};
use crate::support::{Kind, on_every_database};

on_every_database!(lines_are_chosen_by_what_is_in_them, bad_cells_of_conditions_are_told);

const FILE: &str = "\
id,name,amount,day\n\
a,Order of Ann,\"1,000.50\",31.03.2024\n\
b,renewal (Bob),100,01.04.2024\n\
c,Test: do not count,99.99,01.04.2024\n\
d,,,\n";

fn mapping(section: &str) -> String {
    format!(
        "[defaults]\ndate_formats = [\"%d.%m.%Y\"]\n[[opportunities]]\nfile = \"deals.csv\"\n{section}\n\
         columns = {{ id = \"id\", status = {{ text = \"open\" }} }}\n"
    )
}

async fn lines_are_chosen_by_what_is_in_them(kind: Kind) {
    let case = Case::new(kind, &mapping(""), &[("deals.csv", FILE)]).await;
    for (tests, expected) in [
        ("{ column = \"name\", empty = false }", "abc"),
        ("{ column = \"name\", empty = true }", "d"),
        ("{ column = \"name\", begins_with = \"TEST\" }", "c"),
        ("{ column = \"name\", begins_with = [\"order\", \"Renewal\"] }", "ab"),
        ("{ column = \"name\", contains = [\"of ann\", \"not-count\"] }", "ac"),
        ("{ column = \"amount\", above = 100 }", "a"),
        ("{ column = \"amount\", at_least = 100 }", "ab"),
        ("{ column = \"amount\", below = 100 }", "c"),
        ("{ column = \"amount\", at_most = \"99.99\" }", "c"),
        ("{ column = \"amount\", at_least = 100, below = 1000 }", "b"),
        ("{ column = \"day\", from = \"2024-04-01\" }", "bc"),
        ("{ column = \"day\", until = \"2024-03-31\" }", "a"),
        ("{ column = \"day\", from = \"2024-03-01\", until = \"2024-04-01\" }", "abc"),
        ("{ column = \"id\", any_of = [\"a\", \"c\"] }, { column = \"amount\", above = 100 }", "a"),
    ] {
        for (key, expected) in [
            ("when", expected.to_owned()),
            // Of several tests one is enough to skip a line, so only single ones are each other's opposite.
            ("skip_when", "abcd".chars().filter(|id| !expected.contains(*id)).collect()),
        ] {
            if key == "skip_when" && tests.contains("}, {") {
                continue;
            }
            case.write("mapping.toml", mapping(&format!("missing = \"delete\"\n{key} = [{tests}]")));
            case.import().await.unwrap();
            let found: String = deals(&case).await.into_iter().map(|deal| deal.id).collect();
            assert_eq!(found, expected, "{key} {tests}");
        }
    }
    let any = "skip_when = [{ column = \"amount\", above = 100 }, { column = \"name\", empty = true }]";
    case.write("mapping.toml", mapping(&format!("missing = \"delete\"\n{any}")));
    case.import().await.unwrap();
    let found: String = deals(&case).await.into_iter().map(|deal| deal.id).collect();
    assert_eq!(found, "bc");
}

async fn bad_cells_of_conditions_are_told(kind: Kind) {
    let case = Case::new(kind, &mapping("when = [{ column = \"amount\", above = 1 }]"), &[("deals.csv", FILE)]).await;
    case.write("deals.csv", FILE.replace("99.99", "much"));
    assert_eq!(
        complaints(&case).await,
        [r#"deals.csv:4: column "amount", value "much": not a number: expected the form 1,234.50"#]
    );
    for (test, expected) in [
        ("{ column = \"amount\", above = \"much\" }", "opportunities[1].when.above: not a number"),
        ("{ column = \"day\", from = \"yesterday\" }", "opportunities[1].when.from: not a day: use one such as"),
        ("{ column = \"amount\" }", "opportunities[1].when: a test needs a condition: `any_of`"),
    ] {
        case.write("mapping.toml", mapping(&format!("when = [{test}]")));
        let said = complaints(&case).await;
        assert!(said.len() == 1 && said[0].starts_with(expected), "{said:?}");
    }
}
