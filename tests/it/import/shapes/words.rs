//! Words in several spellings and languages.

use super::{Case, complaints, deals, orders};
use crate::support::{Kind, on_every_database};
use crm_kpi::crm::opportunities::Status;

on_every_database!(a_word_has_several_spellings, flags_are_words_too, words_that_do_not_exist_are_told);

const DEALS: &str = r#"
[[opportunities]]
file = "deals.csv"
[opportunities.columns]
id = "id"
closed_at = { text = "2024-01-01" }
[opportunities.columns.status]
column = "state"
replace = { "Lost!" = "lost" }
words = { won = ["Closed Won", "Gewonnen", "برنده شده", "مشتری"], lost = ["Closed Lost", "Verloren"], open = "" }
"#;

async fn a_word_has_several_spellings(kind: Kind) {
    let states = [
        ("Closed Won", Status::Won),
        ("closed-won", Status::Won),
        ("GEWONNEN ", Status::Won),
        ("برنده\u{200c}شده", Status::Won),
        ("مشتري", Status::Won),
        ("won", Status::Won),
        ("verloren", Status::Lost),
        ("Lost!", Status::Lost),
        ("", Status::Open),
        ("Open", Status::Open),
    ];
    let lines = (10..).zip(states).map(|(id, (state, _))| format!("{id},{state}\n"));
    let case = Case::new(kind, DEALS, &[("deals.csv", &format!("id,state\n{}", lines.collect::<String>()))]).await;
    case.import().await.unwrap();
    let read: Vec<_> = deals(&case).await.iter().map(|deal| deal.status).collect();
    assert_eq!(read, states.map(|(_, status)| status));
}

async fn flags_are_words_too(kind: Kind) {
    let mapping = r#"
[defaults]
currency = "EUR"
[[orders]]
file = "orders.csv"
[orders.columns]
id = "id"
amount = { text = "1" }
ordered_at = { text = "2024-01-01" }
by_subscriber = { column = "abo", words = { true = ["ja", "بله"], false = ["nein", ""] } }
"#;
    let file = "id,abo\n1,Ja\n2,NEIN\n3,\n4,1\n5,بله\n6,۰\n7,false\n";
    let case = Case::new(kind, mapping, &[("orders.csv", file)]).await;
    case.import().await.unwrap();
    let read: Vec<_> = orders(&case).await.iter().map(|order| order.by_subscriber).collect();
    assert_eq!(read, [true, false, false, true, true, false, false]);
    case.write("orders.csv", "id,abo\n1,vielleicht\n");
    assert_eq!(
        complaints(&case).await,
        [
            r#"orders.csv:2: column "abo", value "vielleicht": by_subscriber: must be true or false (yes or no, 1 or 0): the mapping can say which with `words`"#
        ]
    );
}

async fn words_that_do_not_exist_are_told(kind: Kind) {
    let case = Case::new(kind, DEALS, &[("deals.csv", "id,state\n1,maybe\n")]).await;
    assert_eq!(
        complaints(&case).await,
        [
            r#"deals.csv:2: column "state", value "maybe": status: must be one of open, won, lost: the mapping can say which with `words`"#
        ]
    );
    case.write("mapping.toml", DEALS.replace("won = [", "wonn = ["));
    assert_eq!(
        complaints(&case).await,
        ["opportunities[1].columns.status.words.wonn: wonn is not a word of status: did you mean \"won\"?"]
    );
    case.write("mapping.toml", DEALS.replace("\"Verloren\"", "\"closed won\""));
    let said = complaints(&case).await;
    assert_eq!(said, ["opportunities[1].columns.status.words.won: \"Closed Won\" is a spelling of \"lost\" as well"]);
}
