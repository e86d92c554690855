//! Mappings that make no sense.

use super::{Case, DEALS, REPS_CSV};
use crate::support::Kind;
use crm_kpi::import::{ImportError, Options, import};

/// What is said of a mapping; the database is not reached.
async fn complaint(mapping: &str) -> String {
    let files = [
        ("reps.csv", REPS_CSV),
        ("deals.csv", "id,owner,status,amount,created,closed\n"),
        ("twice.csv", "id,id\n"),
        ("empty.csv", ""),
    ];
    let case = Case::new(Kind::Sqlite, mapping, &files).await;
    let error = case.import().await.unwrap_err();
    assert!(matches!(error, ImportError::Syntax { .. } | ImportError::Mapping { .. }), "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_bad_mapping_is_reported_with_its_keys() {
    let reps = "[[reps]]\nfile = \"reps.csv\"\n";
    let deals = DEALS.replace("[defaults]\ncurrency = \"USD\"\n", "");
    let mut cases = vec![
        (String::new(), "mapping: fills no table"),
        ("[[rep]]\nfile = \"reps.csv\"".into(), "line 1, column 3"),
        ("[[rep]]\nfile = \"reps.csv\"".into(), "unknown table or section \"rep\": did you mean \"reps\"?"),
        (
            "[[qqqq]]\n".into(),
            "unknown table or section \"qqqq\": there are \"defaults\", \"files\", \"derive\", \"teams\"",
        ),
        ("[defaults]\ncurency = \"USD\"".into(), "line 2, column 1"),
        ("[[reps]]\nfile = ".into(), "line 2"),
        (format!("{reps}columns = {{ id = 1 }}"), "the name of a column, or a table such as"),
        (format!("{reps}columns = {{ id = {{ colum = \"id\" }} }}"), "unknown field `colum`"),
        (reps.into(), "reps[1]: reps need name: say which column holds it"),
        (
            format!("{reps}columns = {{ id = \"Id\", name = \"name\" }}"),
            "reps[1].columns.id.column: reps.csv has no column \"Id\": did you mean \"id\"?",
        ),
        (
            format!("{reps}columns = {{ id = \"id\", name = \"name\", team = \"id\" }}"),
            "reps[1].columns.team: reps have no field \"team\": did you mean \"team_id\"?",
        ),
        ("[[reps]]\nfile = \"rep.csv\"".into(), "reps[1].file: \"rep.csv\" not found in"),
        ("[[reps]]\nfile = \"empty.csv\"".into(), "empty.csv is empty"),
        (
            "[[reps]]\nfile = \"twice.csv\"\ncolumns = { id = \"id\", name = \"id\" }".into(),
            "more than one column \"id\"",
        ),
        ("[[reps]]\n".into(), "reps[1]: must have either `file` and `columns`, or `rows`"),
        (
            "[[stages]]\nrows = [{ id = \"a\", name = \"A\", position = 1, probability = 12.5 }]".into(),
            "stages[1].rows[1].probability: quote it",
        ),
        (deals, "opportunities[1]: the currency of amount is unknown"),
        (
            format!("{DEALS}\n[files.\"deal.csv\"]\ndelimiter = \";\""),
            "files.\"deal.csv\": no section reads this file: did you mean \"deals.csv\"?",
        ),
    ];
    let changes = [
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", lookup = \"rep\"",
            "cannot look up rows of \"rep\": did you mean \"reps\"?",
        ),
        ("\"owner\", lookup = \"reps\"", "\"owner\", unknown = \"unset\"", "`lookup_by` and `unknown` need `lookup`"),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", lookup = \"reps\", slug = true",
            "`slug` and `lookup` cannot be used together",
        ),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", bands = [{ text = \"a\" }, { below = 1, text = \"b\" }]",
            "every band needs a greater `below`",
        ),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", text = \"x\"",
            "opportunities[1].columns.rep_id: must have one of `column`, `text` and `number`",
        ),
        (
            "\"owner\", lookup = \"reps\"",
            "\"owner\", round = true",
            "opportunities[1].columns.rep_id.round: does not apply to rep_id",
        ),
        (
            "amount = \"amount\"",
            "amount = { column = \"amount\", scale = \"percent\" }",
            "of money is minor, major, thousands or millions",
        ),
        (
            "amount = \"amount\"",
            "amount = { column = \"amount\", slug = true }",
            "`slug` produces text, but amount is not a text field",
        ),
        ("amount = \"amount\"", "amount = { text = \"{amount\" }", "unmatched {"),
        (
            "amount = \"amount\"",
            "name = { text = \"{amout}\" }",
            "opportunities[1].columns.name.text: deals.csv has no column \"amout\"",
        ),
        (
            "created_at = \"created\"",
            "created_at = { column = \"created\", date_formats = [\"DD.MM.YYYY\"] }",
            "created_at.date_formats: \"DD.MM.YYYY\" is not a date format",
        ),
        (
            "created_at = \"created\"",
            "created_at = { column = \"created\", time_zone = \"Europe/Berln\" }",
            "use an IANA name such as \"Europe/Berlin\"",
        ),
        ("currency = \"USD\"", "currency = \"US\"", "defaults.currency: \"US\" is not an ISO 4217 code"),
        (
            "currency = \"USD\"",
            "currency = \"USD\"\ndecimal_point = \",\"\ngroup_separator = \",\"",
            "defaults.group_separator: must differ",
        ),
        (
            "[[opportunities]]",
            "[[opportunities]]\nwhen = [{ column = \"state\", any_of = [\"x\"] }]",
            "opportunities[1].when: deals.csv has no column \"state\": did you mean \"status\"?",
        ),
        ("[[opportunities]]", "[[opportunities]]\nwhen = [{ column = \"status\" }]", "a test needs a condition"),
        ("[[reps]]", "[[reps]]\nmissing = \"drop\"", "unknown variant `drop`, expected `keep` or `delete`"),
    ];
    for (from, to, expected) in changes {
        assert!(DEALS.contains(from), "{from}");
        cases.push((DEALS.replace(from, to), expected));
    }
    for (mapping, expected) in cases {
        let said = complaint(&mapping).await;
        assert!(said.contains(expected), "{mapping}\n---\n{said}\n---\nlacks: {expected}");
    }
}

#[tokio::test]
async fn all_problems_of_a_mapping_are_reported_at_once() {
    let said =
        complaint("[[reps]]\nfile = \"rep.csv\"\n[[teams]]\nfile = \"reps.csv\"\ncolumns = { id = \"Id\" }\n").await;
    assert_eq!(said.matches("\n  ").count(), 3, "{said}");
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    let case = Case::new(Kind::Sqlite, DEALS, &[]).await;
    let options = |mapping: &str, folder: &str| Options {
        mapping: Some(case.folder.path().join(mapping)),
        folder: case.folder.path().join(folder),
        shown_problems: 1,
        ..Options::default()
    };
    for (mapping, folder, named) in [("none.toml", ".", "none.toml"), ("mapping.toml", "nowhere", "nowhere")] {
        let error = import(case.db(), &options(mapping, folder)).await.unwrap_err();
        assert!(matches!(&error, ImportError::Unreadable { .. }) && error.to_string().contains(named), "{error}");
    }
}
